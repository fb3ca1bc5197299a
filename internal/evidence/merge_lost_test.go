// SPDX-License-Identifier: Apache-2.0

package evidence_test

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/evidence"
)

// TestAListenerThatOnlyOlderEvidenceHoldsIsAGap merges a bundle with two
// listeners of an edge and a newer one with one of them.
func TestAListenerThatOnlyOlderEvidenceHoldsIsAGap(t *testing.T) {
	doc := func(at string, listeners ...string) evidence.Document {
		d := evidence.Document{
			Header: evidence.Header{Schema: evidence.SchemaVersion, At: at},
			Site:   evidence.Site{Name: "acme", Edges: []evidence.Edge{{Subject: "edge/rp-a"}}},
		}
		for _, l := range listeners {
			d.TLSPosture = append(d.TLSPosture, evidence.TLSPosture{Target: "edge/rp-a", Subject: "edge/rp-a/listener/" + l})
		}
		return d
	}
	merged, _, err := evidence.Merge(bundle(t, doc("2026-01-01T00:00:00Z", "a:1", "b:2"), nil), bundle(t, doc("2026-01-01T01:00:00Z", "a:1"), nil))
	if err != nil {
		t.Fatal(err)
	}
	var open []string
	for _, g := range merged.Document.Gaps {
		open = append(open, g.Subject)
	}
	if got := strings.Join(open, " "); len(merged.Document.TLSPosture) != 1 || got != "edge/rp-a/listener/b:2" {
		t.Errorf("%d listener(s), gaps of %q", len(merged.Document.TLSPosture), got)
	}
	// Evidence of years ago is not made fresh, whatever the site says of its age.
	merged, _, err = evidence.Merge(bundle(t, doc("2026-01-01T01:00:00Z"), nil), bundle(t, doc("2024-01-01T00:00:00Z", "a:1"), nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(merged.Document.Gaps) != 1 || !strings.Contains(merged.Document.Gaps[0].Reason, "older than max_age") {
		t.Errorf("%+v", merged.Document.Gaps)
	}
}
