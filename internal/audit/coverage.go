// SPDX-License-Identifier: Apache-2.0

package audit

import "github.com/postern-audit/postern/internal/report"

// Coverage says of every control by which rules, questions, engines to come or
// reasons it is accounted for.
func (p *Policies) Coverage() *report.Coverage {
	rules := map[string][]report.CoveredRule{}
	c := &report.Coverage{}
	for _, r := range p.Set.Rules() {
		c.Totals.Rules++
		for _, id := range r.Controls {
			rules[id] = append(rules[id], report.CoveredRule{ID: r.ID, Title: r.Title, Severity: string(r.Severity)})
		}
	}
	for _, control := range p.Controls {
		c.Controls = append(c.Controls, report.CoveredControl{
			ID: control.ID, Title: control.Title, Kind: control.Kind, Clauses: control.Clauses, Artifacts: control.Artifacts,
			Rules: append([]report.CoveredRule{}, rules[control.ID]...), Question: control.Question, Pending: control.Pending, Reason: control.Reason,
		})
	}
	c.Settle()
	return c
}
