// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

// Limits of one decision; their zero values mean the defaults.
type Limits struct {
	// Together bounds the evaluation of all rules at once (30 s), Alone that
	// of one rule when they are evaluated one by one (5 s).
	Together, Alone time.Duration
}

// Options say how verdicts are settled.
type Options struct {
	Limits Limits
	// StrictFormats makes a verdict of severity high or above unknown when it
	// rests on an output format that is only inferred.
	StrictFormats bool
}

// Decide judges the evidence by every rule. It fails only when the context
// ends; a rule that cannot be evaluated gives an unknown verdict that names it.
func (s *Set) Decide(ctx context.Context, in evidence.Input, o Options) ([]finding.Verdict, error) {
	limits := o.Limits
	if limits.Together == 0 {
		limits.Together = 30 * time.Second
	}
	if limits.Alone == 0 {
		limits.Alone = 5 * time.Second
	}
	all := make([]string, len(s.rules))
	for i, r := range s.rules {
		all[i] = r.ID
	}
	value, err := s.inputValue(in, all)
	if err != nil {
		return nil, err
	}
	answers, err := s.evaluateAll(ctx, all, value, limits)
	if err != nil {
		return nil, err
	}
	view := newGapView(in, s.reads)
	var verdicts []finding.Verdict
	for _, rule := range s.rules {
		verdicts = append(verdicts, settleRule(rule, answers[rule.ID], view)...)
	}
	finding.Sort(verdicts)
	s.markInferred(verdicts, &in.Sections, o.StrictFormats)
	return verdicts, nil
}

// answer is what a rule said.
type answer struct {
	Subjects []string        `json:"subjects"`
	Findings []answerFinding `json:"findings"`
	Unsure   []answerUnsure  `json:"unsure"`
	// failure is set when the rule could not be evaluated or answered out of
	// its contract.
	failure string
}

type answerFinding struct {
	Subject string            `json:"subject"`
	Key     string            `json:"key"`
	Message string            `json:"message"`
	Fix     string            `json:"fix"`
	Sources []evidence.Source `json:"sources"`
	Witness *finding.Witness  `json:"witness"`
}

type answerUnsure struct {
	Subject string `json:"subject"`
	Reason  string `json:"reason"`
}

// evaluateAll runs one query for all of the given rules and, when that fails, each rule by
// itself, so that the culprit is known and the others keep their answers.
func (s *Set) evaluateAll(ctx context.Context, all []string, input ast.Value, limits Limits) (map[string]answer, error) {
	answers := make(map[string]answer, len(all))
	got, err := s.evaluate(ctx, all, input, limits.Together)
	if err == nil {
		for i, id := range all {
			answers[id] = decodeAnswer(got[i])
		}
		return answers, nil
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("decide: %w", ctx.Err())
	}
	for _, id := range all {
		got, err := s.evaluate(ctx, []string{id}, input, limits.Alone)
		switch {
		case ctx.Err() != nil:
			return nil, fmt.Errorf("decide: %w", ctx.Err())
		case err != nil:
			answers[id] = answer{failure: oneLine(err)}
		default:
			answers[id] = decodeAnswer(got[0])
		}
	}
	return answers, nil
}

// evaluate asks for the answers of some rules in one query.
func (s *Set) evaluate(ctx context.Context, ids []string, input ast.Value, limit time.Duration) ([]any, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var q strings.Builder
	for i, id := range ids {
		if i > 0 {
			q.WriteString("; ")
		}
		pkg := s.packages[id]
		unsure := "set()"
		if len(s.compiler.GetRules(ast.MustParseRef(pkg+".unsure"))) > 0 {
			unsure = pkg + ".unsure"
		}
		fmt.Fprintf(&q, `r%d = {"subjects": %s.subjects, "findings": %s.findings, "unsure": %s}`, i, pkg, pkg, unsure)
	}
	prepared, err := rego.New(rego.Query(q.String()), rego.Compiler(s.compiler), rego.StrictBuiltinErrors(true)).PrepareForEval(ctx)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	results, err := prepared.Eval(ctx, rego.EvalParsedInput(input))
	if err != nil {
		return nil, err
	}
	if len(results) != 1 {
		return nil, fmt.Errorf("query gave %d results, not one", len(results))
	}
	out := make([]any, len(ids))
	for i := range ids {
		out[i] = results[0].Bindings[fmt.Sprintf("r%d", i)]
	}
	return out, nil
}

// decodeAnswer reads a rule's answer strictly and holds it to its contract.
func decodeAnswer(v any) answer {
	raw, err := json.Marshal(v)
	if err != nil {
		return answer{failure: oneLine(err)}
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	var a answer
	if err := dec.Decode(&a); err != nil {
		return answer{failure: oneLine(err)}
	}
	known := make(map[string]bool, len(a.Subjects))
	for _, subject := range a.Subjects {
		if !validSubject(subject) {
			return answer{failure: fmt.Sprintf("subject %q is not a path of kinds and names", subject)}
		}
		known[subject] = true
	}
	keys := map[[2]string]bool{}
	for _, f := range a.Findings {
		key := [2]string{f.Subject, f.Key}
		switch {
		case !known[f.Subject]:
			return answer{failure: fmt.Sprintf("finding about %q, which is none of its subjects", f.Subject)}
		case f.Key == "" || f.Message == "":
			return answer{failure: fmt.Sprintf("finding about %q without key or message", f.Subject)}
		case keys[key]:
			return answer{failure: fmt.Sprintf("two findings about %q have the key %q", f.Subject, f.Key)}
		case len(f.Sources) == 0:
			return answer{failure: fmt.Sprintf("finding about %q names no source", f.Subject)}
		}
		keys[key] = true
	}
	for _, u := range a.Unsure {
		if !known[u.Subject] {
			return answer{failure: fmt.Sprintf("unsure about %q, which is none of its subjects", u.Subject)}
		}
	}
	return a
}

func validSubject(s string) bool {
	if s == "site" {
		return true
	}
	parts := strings.Split(s, "/")
	if len(parts)%2 != 0 {
		return false
	}
	for i := 0; i < len(parts); i += 2 {
		if !packageElement.MatchString(parts[i]) {
			return false
		}
	}
	return true
}

func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > 300 {
		text = text[:300] + "..."
	}
	return text
}

// settleRule turns a rule's answer into verdicts, one a subject.
func settleRule(rule finding.Rule, a answer, view gapView) []finding.Verdict {
	verdict := func(subject string, outcome finding.Outcome, reason string) finding.Verdict {
		return finding.Verdict{
			Rule: rule.ID, Subject: subject, Outcome: outcome, Severity: effectiveSeverity(rule, view.in.Profile),
			Controls: rule.Controls, Reason: reason, Findings: []finding.Finding{},
		}
	}
	if a.failure != "" {
		return []finding.Verdict{verdict("site", finding.Unknown, "rule error: "+a.failure)}
	}
	if len(a.Subjects) == 0 {
		reasons, deliberate := view.missing(rule, "")
		switch {
		case len(reasons) > 0:
			return []finding.Verdict{verdict("site", finding.Unknown, summary(reasons))}
		case len(deliberate) > 0:
			return []finding.Verdict{verdict("site", finding.NotApplicable, summary(deliberate))}
		}
		return []finding.Verdict{verdict("site", finding.NotApplicable, "the site has nothing that this rule judges")}
	}
	bySubject := map[string][]answerFinding{}
	for _, f := range a.Findings {
		bySubject[f.Subject] = append(bySubject[f.Subject], f)
	}
	unsure := map[string][]string{}
	for _, u := range a.Unsure {
		unsure[u.Subject] = append(unsure[u.Subject], u.Reason)
	}
	verdicts := make([]finding.Verdict, 0, len(a.Subjects))
	for _, subject := range a.Subjects {
		reasons, deliberate := view.missing(rule, subject)
		reasons = append(unsure[subject], reasons...)
		found := bySubject[subject]
		switch {
		case rule.Vantage != "" && string(view.in.Header.Vantage) != rule.Vantage:
			verdicts = append(verdicts, verdict(subject, finding.Unknown, fmt.Sprintf(
				"needs evidence observed from %s; this was observed from %s", rule.Vantage, view.in.Header.Vantage)))
		case len(found) > 0:
			v := verdict(subject, finding.Fail, "")
			v.Findings = makeFindings(rule, found, view.in.Profile)
			if deviation(rule, view.in.Profile) != nil {
				v.Severity = finding.Info
			}
			verdicts = append(verdicts, v)
		case len(reasons) > 0:
			verdicts = append(verdicts, verdict(subject, finding.Unknown, summary(reasons)))
		case len(deliberate) > 0:
			verdicts = append(verdicts, verdict(subject, finding.NotApplicable, summary(deliberate)))
		default:
			verdicts = append(verdicts, verdict(subject, finding.Pass, ""))
		}
	}
	dark := view.dark(rule, a.Subjects)
	for _, subject := range slices.Sorted(maps.Keys(dark)) {
		d := dark[subject]
		switch {
		case len(d.reasons) > 0:
			verdicts = append(verdicts, verdict(subject, finding.Unknown, summary(d.reasons)))
		default:
			verdicts = append(verdicts, verdict(subject, finding.NotApplicable, summary(d.deliberate)))
		}
	}
	return verdicts
}

func makeFindings(rule finding.Rule, found []answerFinding, profile evidence.Profile) []finding.Finding {
	out := make([]finding.Finding, len(found))
	for i, f := range found {
		fix := f.Fix
		if fix == "" {
			fix = rule.Fix
		}
		out[i] = finding.Finding{
			Key: f.Key, Message: f.Message, Fix: fix, Fingerprint: finding.Fingerprint(rule.ID, f.Subject, f.Key),
			Witness: f.Witness, Deviation: deviation(rule, profile), Sources: make([]finding.Source, len(f.Sources)),
		}
		for j, s := range f.Sources {
			out[i].Sources[j] = finding.Source{
				Artifact: s.Artifact, Line: s.Line, Column: s.Column, Host: s.Host, Port: s.Port,
				Vantage: string(s.Vantage), Origin: s.Origin,
			}
		}
	}
	return out
}

func effectiveSeverity(rule finding.Rule, profile evidence.Profile) finding.Severity {
	severity := rule.Severity
	for _, o := range profile.Severity {
		if o.Rule == rule.ID {
			if parsed, err := finding.ParseSeverity(o.Level); err == nil {
				severity = parsed
			}
		}
	}
	return severity
}

func deviation(rule finding.Rule, profile evidence.Profile) *finding.Deviation {
	for _, d := range profile.Deviations {
		if d.Rule == rule.ID {
			return &finding.Deviation{Reference: d.Reference}
		}
	}
	return nil
}

// summary joins reasons, at most three in full.
func summary(reasons []string) string {
	sort.Strings(reasons)
	reasons = slices.Compact(reasons)
	if len(reasons) > 3 {
		return strings.Join(reasons[:3], "; ") + fmt.Sprintf("; and %d more", len(reasons)-3)
	}
	return strings.Join(reasons, "; ")
}
