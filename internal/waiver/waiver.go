// SPDX-License-Identifier: Apache-2.0

// Package waiver reads dated, approved exceptions and lays them over verdicts.
//
// A waived verdict keeps its outcome and its place in every report; it only
// stops moving the exit status. The file is held to a strict form, since an
// exception that is misread either hides a defect or surprises its owner. A
// waiver that has expired, matches nothing, or covers too much is a finding.
package waiver

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

const (
	maxFileBytes = 1 << 20
	// maxLifetime and maxVerdicts are what one waiver may reasonably cover.
	maxLifetime = 365 * 24 * time.Hour
	maxVerdicts = 20
)

// Waiver is one exception.
type Waiver struct {
	ID string `yaml:"id"`
	// Rule is a rule's id.
	Rule string `yaml:"rule"`
	// Subject is a subject, or a glob: "*" is one element, "**" the rest.
	Subject string `yaml:"subject"`
	// Outcome is what is waived: fail, unknown or manual.
	Outcome finding.Outcome `yaml:"outcome"`
	// Fingerprint, when set, waives only verdicts all of whose findings have it.
	Fingerprint  string `yaml:"fingerprint"`
	Reason       string `yaml:"reason"`
	Compensating string `yaml:"compensating"`
	Owner        string `yaml:"owner"`
	// Approver is another person than the owner.
	Approver string `yaml:"approver"`
	// Expires is an instant in UTC, RFC 3339.
	Expires string `yaml:"expires"`

	line    int
	expires time.Time
	pattern *regexp.Regexp
}

// Set is a decoded waivers file.
type Set struct {
	waivers []Waiver
	// Artifact is the path by which findings name the file.
	Artifact string
}

// Parse reads a waivers file. Any mistake in it is an error: fail closed.
func Parse(artifact string, text []byte) (*Set, error) {
	if len(text) > maxFileBytes {
		return nil, fmt.Errorf("%s: longer than %d bytes", artifact, maxFileBytes)
	}
	var nodes []yaml.Node
	if err := yaml.Unmarshal(text, &nodes); err != nil {
		return nil, fmt.Errorf("%s: %w", artifact, err)
	}
	s := &Set{Artifact: artifact}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&s.waivers); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", artifact, err)
	}
	ids := map[string]bool{}
	for i := range s.waivers {
		w := &s.waivers[i]
		w.line = nodes[i].Line
		if err := w.validate(); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", artifact, w.line, err)
		}
		if ids[w.ID] {
			return nil, fmt.Errorf("%s:%d: waiver %q stands twice", artifact, w.line, w.ID)
		}
		ids[w.ID] = true
	}
	return s, nil
}

func (w *Waiver) validate() error {
	for _, field := range [...]struct{ name, value string }{
		{"id", w.ID},
		{"rule", w.Rule},
		{"subject", w.Subject},
		{"reason", w.Reason},
		{"owner", w.Owner},
		{"approver", w.Approver},
		{"expires", w.Expires},
	} {
		if strings.TrimSpace(field.value) == "" {
			return fmt.Errorf("waiver %q: %s is missing", w.ID, field.name)
		}
	}
	if strings.EqualFold(strings.TrimSpace(w.Owner), strings.TrimSpace(w.Approver)) {
		return fmt.Errorf("waiver %q: owner and approver are the same person", w.ID)
	}
	switch w.Outcome {
	case finding.Fail, finding.Unknown, finding.Manual:
	default:
		return fmt.Errorf("waiver %q: outcome %q is none of fail, unknown, manual", w.ID, w.Outcome)
	}
	t, err := time.Parse(time.RFC3339, w.Expires)
	if err != nil || t.Location() != time.UTC {
		return fmt.Errorf("waiver %q: expires %q is no instant in UTC, such as 2026-12-31T00:00:00Z", w.ID, w.Expires)
	}
	w.expires = t
	w.pattern = globPattern(w.Subject)
	return nil
}

// globPattern compiles a subject glob.
func globPattern(glob string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString("^")
	for i, element := range strings.Split(glob, "/") {
		if i > 0 {
			b.WriteString("/")
		}
		switch element {
		case "**":
			b.WriteString(".*")
		default:
			b.WriteString(strings.ReplaceAll(regexp.QuoteMeta(element), `\*`, "[^/]*"))
		}
	}
	b.WriteString("$")
	return regexp.MustCompile(b.String())
}

// Apply marks the verdicts that waivers cover and returns the verdicts about
// the waivers themselves. Verdicts are changed in place; expiry is judged at
// the instant given.
func (s *Set) Apply(verdicts []finding.Verdict, at time.Time) []finding.Verdict {
	matched := make([]int, len(s.waivers))
	for i := range s.waivers {
		w := &s.waivers[i]
		for j := range verdicts {
			v := &verdicts[j]
			if !w.covers(v) {
				continue
			}
			matched[i]++
			if v.Waived == nil && at.Before(w.expires) {
				v.Waived = &finding.Waived{ID: w.ID, Reason: w.Reason, Owner: w.Owner, Approver: w.Approver, Expires: w.Expires}
			}
		}
	}
	return s.judge(matched, at)
}

func (w *Waiver) covers(v *finding.Verdict) bool {
	if w.Outcome != v.Outcome || (w.Rule != v.Rule && w.Rule != "*") || !w.pattern.MatchString(v.Subject) {
		return false
	}
	if w.Fingerprint == "" {
		return true
	}
	for _, f := range v.Findings {
		if f.Fingerprint != w.Fingerprint {
			return false
		}
	}
	return len(v.Findings) > 0
}

// Rules document the findings about waivers.
func Rules() []finding.Rule {
	rule := func(id, title, why, fix string, severity finding.Severity) finding.Rule {
		return finding.Rule{
			ID: id, Title: title, Why: why, Fix: fix, Severity: severity, References: []string{}, Controls: []string{},
			Needs: []string{}, Optional: []string{}, Aliases: []string{},
		}
	}
	return []finding.Rule{
		rule("waiver/expired", "Waiver has expired", "What it covered counts again, and its owner may not know.", "Fix the defect, or have the waiver approved again with a new date.", finding.Medium),
		rule("waiver/over_broad", "Waiver covers more than one decision", "A wide exception also hides defects that nobody has looked at.", "Name one rule and one subject, for at most a year.", finding.High),
		rule("waiver/unused", "Waiver matches nothing", "The defect is gone or the waiver is misspelt; either way it will surprise somebody.", "Delete it, or correct its rule and subject.", finding.Low),
	}
}

func (s *Set) judge(matched []int, at time.Time) []finding.Verdict {
	var out []finding.Verdict
	for _, rule := range Rules() {
		for i, w := range s.waivers {
			var defects []string
			switch rule.ID {
			case "waiver/expired":
				if !at.Before(w.expires) {
					defects = append(defects, "it expired at "+w.Expires)
				}
			case "waiver/unused":
				if matched[i] == 0 {
					defects = append(defects, "no verdict matches it")
				}
			case "waiver/over_broad":
				if w.Rule == "*" {
					defects = append(defects, "it covers every rule")
				}
				if w.Subject == "**" {
					defects = append(defects, "it covers every subject")
				}
				if w.expires.Sub(at) > maxLifetime {
					defects = append(defects, "it lasts longer than 365 days")
				}
				if matched[i] > maxVerdicts {
					defects = append(defects, fmt.Sprintf("it covers %d verdicts", matched[i]))
				}
			}
			subject := evidence.Subject("waiver", w.ID)
			v := finding.Verdict{
				Rule: rule.ID, Subject: subject, Outcome: finding.Pass, Severity: rule.Severity,
				Controls: []string{}, Findings: []finding.Finding{},
			}
			if len(defects) > 0 {
				v.Outcome = finding.Fail
				v.Findings = []finding.Finding{{
					Key: rule.ID, Message: fmt.Sprintf("waiver %s: %s", w.ID, strings.Join(defects, ", ")), Fix: rule.Fix,
					Fingerprint: finding.Fingerprint(rule.ID, subject, rule.ID),
					Sources:     []finding.Source{{Artifact: s.Artifact, Line: w.line, Column: 1, Origin: evidence.Origin{Kind: evidence.Declared}}},
				}}
			}
			out = append(out, v)
		}
	}
	return out
}
