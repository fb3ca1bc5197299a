// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/attestation"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/report"
)

// settleControls gives each control the worst outcome of the rules and of the
// answers that concern it. A control that awaits an engine is unknown at best.
func settleControls(controls []policy.Control, verdicts []finding.Verdict) []report.Control {
	byControl := map[string][]finding.Verdict{}
	for _, v := range verdicts {
		for _, c := range v.Controls {
			byControl[c] = append(byControl[c], v)
		}
	}
	out := make([]report.Control, 0, len(controls))
	for _, c := range controls {
		r := report.Control{
			ID: c.ID, Title: c.Title, Kind: c.Kind, Clauses: c.Clauses, Pending: c.Pending, Reason: c.Reason, Rules: []string{},
		}
		var decided, attested []finding.Outcome
		for _, v := range byControl[c.ID] {
			if strings.HasPrefix(v.Rule, attestation.RulePrefix) {
				attested = append(attested, v.Outcome)
				continue
			}
			decided = append(decided, v.Outcome)
			if !slices.Contains(r.Rules, v.Rule) {
				r.Rules = append(r.Rules, v.Rule)
			}
		}
		if len(attested) > 0 {
			r.Attestation = &report.ControlAttestation{Rule: attestation.RulePrefix + c.ID, Question: c.Question, Outcome: finding.Worst(attested)}
		}
		switch {
		case len(decided)+len(attested) > 0:
			all := append(decided, attested...)
			// First rules decide a part of it: their pass is not the control's.
			if c.Pending != "" {
				all = append(all, finding.Unknown)
				if r.Reason == "" {
					r.Reason = "what its rules leave open awaits the engine: " + c.Pending
				}
			}
			r.Outcome = finding.Worst(all)
		case c.Pending != "":
			r.Outcome, r.Reason = finding.Unknown, "awaits the engine: "+c.Pending
		default:
			// Left open is not met, whatever the reason.
			r.Outcome = finding.Unknown
			if r.Reason == "" {
				r.Reason = "no rule decides it yet"
			}
		}
		out = append(out, r)
	}
	return out
}
