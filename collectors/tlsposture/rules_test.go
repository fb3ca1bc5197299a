// SPDX-License-Identifier: Apache-2.0

package tlsposture_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"testing"
	"time"

	"github.com/postern-audit/postern/collectors/tlsposture"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// liveRules read the facts of this collector.
var liveRules = []string{
	"tls/legacy_protocol", "tls/required_protocol_missing", "tls/broken_suite", "tls/cbc_suite", "tls/suite_without_forward_secrecy",
	"tls/small_dh_parameters", "tls/session_tickets_issued", "tls/compression_or_renegotiation", "tls/unknown_name_served",
	"tls/clear_text_answered", "tls/negotiated_http2_against_profile",
}

// decide collects from a target and judges it by the shipped rules.
func decide(t *testing.T, c tlsposture.Collector, target evidence.Target) (evidence.Collected, map[string]finding.Verdict) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := c.Collect(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	set, err := policy.Load(policies.FS, nil)
	if err != nil {
		t.Fatal(err)
	}
	profile, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: "finesse-12.6.1"})
	if err != nil {
		t.Fatal(err)
	}
	in := evidence.Input{Profile: profile}
	in.Header.At = "2026-03-01T10:00:00Z"
	in.Site.Edges = []evidence.Edge{*target.Edge}
	in.TLSPosture, in.Gaps = got.Sections.TLSPosture, got.Gaps
	verdicts, err := set.Decide(ctx, in, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	byRule := map[string]finding.Verdict{}
	for _, v := range verdicts {
		if v.Subject == "edge/rp-a/listener/desk-a.agents.example:8445" {
			byRule[v.Rule] = v
		}
	}
	return got, byRule
}

func TestAHardenedNginxPassesTheLiveRules(t *testing.T) {
	target := tlsposture.HardenedTarget(t)
	got, verdicts := decide(t, tlsposture.Collector{}, target)
	for _, rule := range liveRules {
		if v, ok := verdicts[rule]; !ok || v.Outcome != finding.Pass {
			t.Errorf("%s: %q (%s) %v, want pass", rule, v.Outcome, v.Reason, v.Findings)
		}
	}
	kept, _ := target.Artifacts.Get(evidence.ServedChain("edge/rp-a", "desk-a.agents.example", 8445))
	block, rest := pem.Decode(kept.Text)
	if block == nil || len(rest) > 0 {
		t.Fatalf("the kept chain is %q, want one certificate", kept.Text)
	}
	if sum := sha256.Sum256(block.Bytes); got.Sections.TLSPosture[0].Chain[0].SHA256 != hex.EncodeToString(sum[:]) {
		t.Error("the kept chain and the record name different certificates")
	}
}

func TestWithoutTLSXNothingPasses(t *testing.T) {
	target := tlsposture.HardenedTarget(t)
	got, verdicts := decide(t, tlsposture.WithoutTLSX(tlsposture.Collector{}), target)
	if len(got.Sections.TLSPosture) != 1 {
		t.Fatalf("got %d records, want 1; gaps %v", len(got.Sections.TLSPosture), got.Gaps)
	}
	for _, v := range got.Sections.TLSPosture[0].Versions {
		if v.Answer != evidence.AnswerUnknown || v.Reason == "" {
			t.Errorf("%s: %s (%s), want unknown with a reason", v.Version, v.Answer, v.Reason)
		}
	}
	if n := len(got.Sections.TLSPosture[0].Chain); n > 0 {
		t.Errorf("%d certificates of a chain that nobody saw", n)
	}
	if _, kept := target.Artifacts.Get(evidence.ServedChain("edge/rp-a", "desk-a.agents.example", 8445)); kept {
		t.Error("a served chain is among the artifacts")
	}
	for _, rule := range liveRules {
		if v := verdicts[rule]; v.Outcome != finding.Unknown {
			t.Errorf("%s: %q %v, want unknown", rule, v.Outcome, v.Findings)
		}
	}
}
