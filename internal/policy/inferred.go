// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

// restsOnInferred finds the verdicts, as "rule\x00subject", of rules of severity
// high or above that rest on a fact whose output format is only inferred, with
// the place of one such fact. A verdict rests on a fact when a finding names its
// place, or when the verdict would be another one if the fact said something
// else; so the rules that read such sections are evaluated again, on evidence
// that does.
func (s *Set) restsOnInferred(ctx context.Context, in evidence.Input, answers map[string]answer, limits Limits) (map[string]evidence.InferredFact, error) {
	facts := in.Sections.Inferred()
	if len(facts) == 0 {
		return nil, nil
	}
	sections := map[string]bool{}
	for _, f := range facts {
		sections[f.Section] = true
	}
	var ids []string
	needs := map[string][]string{}
	for _, rule := range s.rules {
		if !effectiveSeverity(rule, in.Profile).AtLeast(finding.High) || answers[rule.ID].failure != "" {
			continue
		}
		if slices.ContainsFunc(rule.Needs, func(n string) bool { return sections[n] }) {
			ids = append(ids, rule.ID)
			needs[rule.ID] = rule.Needs
		}
	}
	out := cited(facts, ids, answers)
	for way := range evidence.Doubts {
		doubted := in
		doubted.Sections = in.Sections.Doubt(way)
		value, err := s.inputValue(doubted, ids)
		if err != nil {
			return nil, err
		}
		again, err := s.evaluateAll(ctx, ids, value, limits)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			then := said(again[id])
			for subject, before := range said(answers[id]) {
				if after, still := then[subject]; still && again[id].failure == "" && after == before {
					continue
				}
				if fact, ok := factFor(facts, needs[id], subject); ok {
					out[id+"\x00"+subject] = fact
				}
			}
		}
	}
	return out, nil
}

// cited finds the verdicts whose findings name the place of an inferred fact.
func cited(facts []evidence.InferredFact, ids []string, answers map[string]answer) map[string]evidence.InferredFact {
	type place struct {
		artifact string
		line     int
	}
	at := map[place]evidence.InferredFact{}
	for _, f := range facts {
		for _, s := range f.Places {
			if s.Line > 0 {
				at[place{s.Artifact, s.Line}] = f
			}
		}
	}
	out := map[string]evidence.InferredFact{}
	for _, id := range ids {
		for _, f := range answers[id].Findings {
			for _, s := range f.Sources {
				if fact, ok := at[place{s.Artifact, s.Line}]; ok {
					out[id+"\x00"+f.Subject] = fact
				}
			}
		}
	}
	return out
}

// said puts what a rule says about each subject into a comparable form.
func said(a answer) map[string]string {
	out := make(map[string]string, len(a.Subjects))
	for _, subject := range a.Subjects {
		out[subject] = ""
	}
	parts := map[string]map[string]bool{}
	add := func(subject, what string) {
		if parts[subject] == nil {
			parts[subject] = map[string]bool{}
		}
		parts[subject][what] = true
	}
	for _, f := range a.Findings {
		add(f.Subject, "found "+f.Key)
	}
	for _, u := range a.Unsure {
		add(u.Subject, "unsure")
	}
	for subject, set := range parts {
		out[subject] = fmt.Sprintf("%q", slices.Sorted(maps.Keys(set)))
	}
	return out
}

// factFor picks an inferred fact to name: one that concerns the subject, if any.
func factFor(facts []evidence.InferredFact, needs []string, subject string) (evidence.InferredFact, bool) {
	var first *evidence.InferredFact
	for i, f := range facts {
		if !slices.Contains(needs, f.Section) {
			continue
		}
		if related(f.Target, subject) {
			return f, true
		}
		if first == nil && evidence.Touches(f.Target, subject) {
			first = &facts[i]
		}
	}
	if first == nil {
		return evidence.InferredFact{}, false
	}
	return *first, true
}

// markInferred says of each verdict that rests on an inferred format that it
// does. When strict, such a verdict is unknown.
func markInferred(verdicts []finding.Verdict, rests map[string]evidence.InferredFact, strict bool) {
	for i := range verdicts {
		v := &verdicts[i]
		fact, ok := rests[v.Rule+"\x00"+v.Subject]
		if !ok || v.Outcome != finding.Pass && v.Outcome != finding.Fail {
			continue
		}
		v.Reason = fmt.Sprintf("rests on an output format that is inferred, not documented: %s:%d", fact.Source.Artifact, fact.Source.Line)
		if strict {
			if v.Outcome == finding.Fail {
				v.Reason += "; it would be: " + v.Findings[0].Message
			}
			v.Outcome, v.Findings = finding.Unknown, []finding.Finding{}
		}
	}
}
