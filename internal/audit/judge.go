// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"context"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"time"

	"github.com/postern-audit/postern/internal/attestation"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/waiver"
	"github.com/postern-audit/postern/policies"
)

// Policies are the loaded rules with their data.
type Policies struct {
	Set      *policy.Set
	Controls []policy.Control
}

// LoadPolicies compiles the built-in rules and, when user is not nil, a user's.
func LoadPolicies(user fs.FS) (*Policies, error) {
	set, err := policy.Load(policies.FS, user)
	if err != nil {
		return nil, err
	}
	controls, err := policy.LoadControls(policies.FS)
	if err != nil {
		return nil, err
	}
	return &Policies{Set: set, Controls: controls}, nil
}

// JudgeOptions say how evidence is judged.
type JudgeOptions struct {
	// At is the instant that validity is judged at; zero means the end of
	// collection, so that a saved bundle gives the same result for ever.
	At time.Time
	// Profile replaces the base profile of the site's choice when not empty.
	Profile string
	Tool    report.Tool
	Limits  policy.Limits
	// StrictFormats makes a verdict of severity high or above unknown when it
	// rests on an output format that is only inferred.
	StrictFormats bool
	// Waivers are laid over the verdicts; nil means none.
	Waivers *Waivers
	// Proofs keeps what was proved for the next judgement; nil keeps nothing.
	Proofs *Proofs
}

// Waivers is a decoded waivers file.
type Waivers = waiver.Set

// ParseWaivers reads a waivers file; any mistake in it is an error.
func ParseWaivers(artifact string, text []byte) (*Waivers, error) {
	return waiver.Parse(artifact, text)
}

// Judge decides every rule on the evidence of a bundle.
func Judge(ctx context.Context, bundle *evidence.Bundle, p *Policies, o JudgeOptions) (*report.Result, error) {
	doc := bundle.Document
	choice := doc.Site.Profile
	if o.Profile != "" {
		choice.Base = o.Profile
	}
	profile, err := policy.LoadProfile(policies.FS, choice)
	if err != nil {
		return nil, err
	}
	if !o.At.IsZero() {
		doc.Header.At = o.At.UTC().Format(time.RFC3339)
	}
	doc.Gaps = append(doc.Gaps[:len(doc.Gaps):len(doc.Gaps)], tooOld(&bundle.Document, doc.Header.At)...)
	derived, open := Derive(bundle, &doc, &profile, o.Proofs)
	doc.Gaps = append(doc.Gaps, open...)
	verdicts, err := p.Set.Decide(ctx, evidence.Input{Document: doc, Derived: derived, Profile: profile}, policy.Options{Limits: o.Limits, StrictFormats: o.StrictFormats})
	if err != nil {
		return nil, err
	}
	at, err := time.Parse(time.RFC3339, doc.Header.At)
	if err != nil {
		return nil, fmt.Errorf("evidence: at %q is no instant", doc.Header.At)
	}
	people, err := questionsOf(bundle, p.Controls, at)
	if err != nil {
		return nil, err
	}
	attested := people.Decide()
	verdicts = append(verdicts, attested...)
	finding.Sort(verdicts)
	quote(verdicts, bundle.Archive)
	rules := append(p.Set.Rules()[:len(p.Set.Rules()):len(p.Set.Rules())], attestation.Rules(people.Scope.Questions)...)
	if o.Waivers != nil {
		verdicts = append(verdicts, o.Waivers.Apply(verdicts, at)...)
		finding.Sort(verdicts)
		rules = append(rules[:len(rules):len(rules)], waiver.Rules()...)
	}
	result := &report.Result{
		Schema: report.Schema, At: doc.Header.At, Site: describeSite(&doc), Tool: o.Tool,
		Profile:  report.Profile{Name: profile.Name, Release: profile.Release, Overlays: append([]string{}, profile.Overlays...), ES: profile.ES, Contradictions: choices(profile)},
		Policy:   report.Policy{Digest: p.Set.Digest()},
		Evidence: report.Evidence{Digest: bundle.Digest, At: bundle.Document.Header.At, Vantage: string(doc.Header.Vantage), Gaps: []report.Gap{}},
		Rules:    rules, Verdicts: verdicts, Summary: report.Summarize(verdicts), OutOfScope: []report.OutOfScope{},
		Controls: settleControls(p.Controls, verdicts), Proofs: describeProofs(derived.Exposure), Attestations: describeAnswers(people, attested),
	}
	for _, g := range doc.Gaps {
		result.Evidence.Gaps = append(result.Evidence.Gaps, report.Gap{
			Section: g.Section, Subject: g.Subject, Part: g.Part, Reason: g.Reason, Artifact: g.Source.Artifact, Line: g.Source.Line,
		})
	}
	for _, e := range doc.Site.OutOfScope {
		result.OutOfScope = append(result.OutOfScope, report.OutOfScope{Section: e.Section, Target: e.Target, Reason: e.Reason})
	}
	return result, nil
}

// tooOld leaves every section open when the evidence is older than the site
// allows at the instant of judgement.
func tooOld(doc *evidence.Document, at string) []evidence.Gap {
	limit, err := time.ParseDuration(doc.Site.MaxAge)
	if err != nil {
		return nil
	}
	then, errThen := time.Parse(time.RFC3339, doc.Header.At)
	now, errNow := time.Parse(time.RFC3339, at)
	if errThen != nil || errNow != nil || now.Sub(then) <= limit {
		return nil
	}
	var gaps []evidence.Gap
	for _, section := range evidence.InputSections() {
		gaps = append(gaps, evidence.Gap{
			Section: section, Subject: "site", Source: doc.Site.DeclaredSource,
			Reason: fmt.Sprintf("the evidence is of %s, older than max_age %s", doc.Header.At, doc.Site.MaxAge),
		})
	}
	return gaps
}

const (
	excerptLines = 7
	excerptWidth = 160
)

// quote fills in the digest and the lines around each source.
func quote(verdicts []finding.Verdict, archive *evidence.Archive) {
	lines := map[string][]string{}
	for _, v := range verdicts {
		for _, f := range v.Findings {
			for i := range f.Sources {
				s := &f.Sources[i]
				art, ok := archive.Get(s.Artifact)
				if !ok {
					continue
				}
				s.SHA256 = art.SHA256
				if s.Line < 1 {
					continue
				}
				if lines[s.Artifact] == nil {
					lines[s.Artifact] = strings.Split(string(art.Text), "\n")
				}
				s.Excerpt = excerpt(lines[s.Artifact], s.Line)
			}
		}
	}
}

func excerpt(lines []string, line int) string {
	if line > len(lines) {
		return ""
	}
	from := max(0, line-1-excerptLines/2)
	to := min(len(lines), from+excerptLines)
	var out []string
	for _, l := range lines[from:to] {
		l = strings.ToValidUTF8(strings.TrimRight(l, "\r"), "?")
		if runes := []rune(l); len(runes) > excerptWidth {
			l = string(runes[:excerptWidth]) + "..."
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func describeSite(doc *evidence.Document) report.Site {
	s := report.Site{
		Name: doc.Site.Name, File: doc.Site.DeclaredSource.Artifact,
		Edges: []string{}, Listeners: []string{}, Nodes: []string{}, Clusters: []string{}, Zones: []string{}, Targets: []report.TargetRef{},
	}
	for _, e := range doc.Site.Edges {
		s.Edges = append(s.Edges, e.Name)
		s.Targets = append(s.Targets, report.TargetRef{Subject: e.Subject, Line: e.Source.Line})
	}
	for _, n := range doc.Site.Nodes {
		s.Nodes = append(s.Nodes, n.Name)
		s.Targets = append(s.Targets, report.TargetRef{Subject: n.Subject, Line: n.Source.Line})
	}
	for _, c := range doc.Site.Clusters {
		s.Clusters = append(s.Clusters, c.Name)
	}
	for _, l := range doc.TLSPosture {
		s.Listeners = append(s.Listeners, l.Subject)
	}
	for name, zone := range map[string][]string{
		"admins": doc.Site.Zones.Admins, "resolvers": doc.Site.Zones.Resolvers, "time": doc.Site.Zones.Time,
		"logs": doc.Site.Zones.Logs, "monitors": doc.Site.Zones.Monitors,
	} {
		if len(zone) > 0 {
			s.Zones = append(s.Zones, name)
		}
	}
	sort.Strings(s.Zones)
	return s
}

// choices are the topics on which documents disagree, as the profile settles them.
func choices(p evidence.Profile) []report.Contradiction {
	out := []report.Contradiction{}
	for _, c := range p.Contradictions {
		out = append(out, report.Contradiction(c))
	}
	return out
}
