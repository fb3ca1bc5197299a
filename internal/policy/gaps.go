// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
)

// gapView answers what is missing for a rule about a subject.
type gapView struct {
	in      evidence.Input
	bySec   map[string][]evidence.Gap
	present map[string]bool
	reads   map[string]readings
}

// concerns reports whether a rule may read what a gap leaves open.
func (v gapView) concerns(rule finding.Rule, g evidence.Gap) bool {
	return v.reads[rule.ID].mayRead(g.Section, g.Part)
}

func newGapView(in evidence.Input, reads map[string]readings) gapView {
	v := gapView{in: in, reads: reads, bySec: map[string][]evidence.Gap{}, present: map[string]bool{}}
	for _, g := range in.Gaps {
		v.bySec[g.Section] = append(v.bySec[g.Section], g)
	}
	for _, name := range evidence.InputSections() {
		v.present[name] = in.Records(name) > 0
	}
	return v
}

// excepted returns the declared reason why a section's absence for a subject
// is deliberate.
func (v gapView) excepted(section, subject string) (string, bool) {
	for _, e := range v.in.Site.OutOfScope {
		if (e.Section == section || e.Section == evidence.DerivedFrom(section)) && (e.Target == "*" || e.Target == subject || strings.HasPrefix(subject, e.Target+"/")) {
			return e.Reason, true
		}
	}
	return "", false
}

// missing lists why a rule's verdict about a subject cannot rest on its
// evidence, and, apart, the deliberate absences.
func (v gapView) missing(rule finding.Rule, subject string) (reasons, deliberate []string) {
	optional := map[string]bool{}
	for _, o := range rule.Optional {
		optional[o] = true
	}
	for _, section := range rule.Needs {
		gapped := false
		for _, g := range v.bySec[section] {
			if subject != "" && !evidence.Touches(g.Subject, subject) || !v.concerns(rule, g) {
				continue
			}
			gapped = true
			text := fmt.Sprintf("%s: %s: %s", section, g.Subject, g.Reason)
			if why, ok := v.excepted(section, g.Subject); ok {
				deliberate = append(deliberate, fmt.Sprintf("%s of %s is out of scope: %s", section, g.Subject, why))
			} else if !optional[section] || v.present[section] {
				reasons = append(reasons, text)
			}
		}
		if !gapped && !v.present[section] && !optional[section] {
			if why, ok := v.excepted(section, "site"); ok {
				deliberate = append(deliberate, fmt.Sprintf("%s is out of scope: %s", section, why))
			} else {
				reasons = append(reasons, fmt.Sprintf("%s: nothing was collected", section))
			}
		}
	}
	return reasons, deliberate
}

// darkness is why nothing is known of a target.
type darkness struct{ reasons, deliberate []string }

// dark finds the targets that a rule would judge if there were any evidence of
// them. A rule takes its subjects from records, so a target that gave none would
// otherwise vanish from its verdicts although its siblings pass.
func (v gapView) dark(rule finding.Rule, subjects []string) map[string]darkness {
	kinds := map[string]bool{}
	for _, s := range subjects {
		kind, _, _ := strings.Cut(s, "/")
		kinds[kind] = true
	}
	out := map[string]darkness{}
	for _, section := range rule.Needs {
		if slices.Contains(rule.Optional, section) {
			continue
		}
		for _, g := range v.bySec[section] {
			kind, _, _ := strings.Cut(g.Subject, "/")
			if g.Subject == "site" || !kinds[kind] || !v.concerns(rule, g) || slices.ContainsFunc(subjects, func(s string) bool { return related(s, g.Subject) }) {
				continue
			}
			d := out[g.Subject]
			if why, ok := v.excepted(section, g.Subject); ok {
				d.deliberate = append(d.deliberate, fmt.Sprintf("%s of %s is out of scope: %s", section, g.Subject, why))
			} else {
				d.reasons = append(d.reasons, fmt.Sprintf("%s: %s: %s", section, g.Subject, g.Reason))
			}
			out[g.Subject] = d
		}
	}
	return out
}

// related reports whether one subject lies in the other.
func related(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}
