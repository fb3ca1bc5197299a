// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
)

func TestAControlThatAwaitsAnEngineIsNoPass(t *testing.T) {
	controls := []policy.Control{
		{ID: "NET-05", Kind: "A", Title: "t", Pending: "reach"}, {ID: "TLS-01", Kind: "A", Title: "t"}, {ID: "HTTP-04", Kind: "A", Title: "t", Pending: "exposure"},
	}
	settle := func(o finding.Outcome) map[string]finding.Outcome {
		got := map[string]finding.Outcome{}
		for _, c := range settleControls(controls, []finding.Verdict{{Rule: "net/x", Subject: "edge/a", Outcome: o, Controls: []string{"NET-05", "TLS-01"}}}) {
			got[c.ID] = c.Outcome
			if c.Outcome == finding.Unknown && !strings.Contains(c.Reason, "awaits the engine") {
				t.Errorf("%s: the reason is %q", c.ID, c.Reason)
			}
		}
		return got
	}
	for _, o := range []finding.Outcome{finding.Pass, finding.NotApplicable} {
		if got := settle(o); got["NET-05"] != finding.Unknown || got["TLS-01"] != o || got["HTTP-04"] != finding.Unknown {
			t.Errorf("with %s: %v", o, got)
		}
	}
	if got := settle(finding.Fail); got["NET-05"] != finding.Fail {
		t.Errorf("with fail: %v", got)
	}
}
