// SPDX-License-Identifier: Apache-2.0

package waiver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/waiver"
)

var now = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

func entry(change ...string) string {
	text := "- id: W-1\n  rule: tls/old\n  subject: edge/rp-a/listener/x:1\n  outcome: fail\n  reason: until the move\n  owner: anna\n  approver: ben\n  expires: 2026-12-31T00:00:00Z\n"
	return strings.NewReplacer(change...).Replace(text)
}

func verdicts() []finding.Verdict {
	v := func(rule, subject string, o finding.Outcome) finding.Verdict {
		var f []finding.Finding
		if o == finding.Fail {
			f = []finding.Finding{{Key: "k", Fingerprint: finding.Fingerprint(rule, subject, "k")}}
		}
		return finding.Verdict{Rule: rule, Subject: subject, Outcome: o, Severity: finding.High, Findings: f}
	}
	return []finding.Verdict{
		v("tls/old", "edge/rp-a/listener/x:1", finding.Fail),
		v("tls/old", "edge/rp-b/listener/x:1", finding.Fail),
		v("tls/old", "edge/rp-a/listener/y:1", finding.Unknown),
		v("tls/old", "edge/rp-a/listener/z:1", finding.Pass),
		v("tls/new", "edge/rp-a/listener/x:1", finding.Fail),
	}
}

func TestAWaiverCoversExactlyWhatItNames(t *testing.T) {
	fingerprint := finding.Fingerprint("tls/old", "edge/rp-a/listener/x:1", "k")
	for _, c := range []struct {
		name, text string
		covered    []string
		findings   []string
	}{
		{"one subject", entry(), []string{"tls/old edge/rp-a/listener/x:1"}, nil},
		{"a star is one element", entry("edge/rp-a/", "edge/*/"), []string{"tls/old edge/rp-a/listener/x:1", "tls/old edge/rp-b/listener/x:1"}, nil},
		{"two stars are the rest", entry("edge/rp-a/listener/x:1", "edge/rp-a/**"), []string{"tls/old edge/rp-a/listener/x:1"}, nil},
		{"an unknown is waived as unknown only", entry("outcome: fail", "outcome: unknown", "x:1", "*"), []string{"tls/old edge/rp-a/listener/y:1"}, nil},
		{"a fingerprint", entry("  reason:", "  fingerprint: "+fingerprint+"\n  reason:", "edge/rp-a", "edge/*"), []string{"tls/old edge/rp-a/listener/x:1"}, nil},
		{"an expired one", entry("2026-12-31", "2026-05-31"), nil, []string{"waiver/expired"}},
		{"one that matches nothing", entry("tls/old", "tls/odl"), nil, []string{"waiver/unused"}},
		{"every rule", entry("tls/old", `"*"`), []string{"tls/new edge/rp-a/listener/x:1", "tls/old edge/rp-a/listener/x:1"}, []string{"waiver/over_broad"}},
		{"every subject", entry("edge/rp-a/listener/x:1", `"**"`), []string{"tls/old edge/rp-a/listener/x:1", "tls/old edge/rp-b/listener/x:1"}, []string{"waiver/over_broad"}},
		{"for two years", entry("2026-12-31", "2028-12-31"), []string{"tls/old edge/rp-a/listener/x:1"}, []string{"waiver/over_broad"}},
		{"a dot is a dot", entry("edge/rp-a/listener/x:1", "edge/rp.a/listener/x:1"), nil, []string{"waiver/unused"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			set, err := waiver.Parse("waivers.yaml", []byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			all := verdicts()
			own := set.Apply(all, now)
			finding.Sort(all)
			var covered, findings []string
			for _, v := range all {
				if v.Waived != nil {
					covered = append(covered, v.Rule+" "+v.Subject)
				}
			}
			for _, v := range own {
				if v.Outcome == finding.Fail {
					findings = append(findings, v.Rule)
					if v.Findings[0].Sources[0].Line != 1 {
						t.Errorf("%s is placed at %+v", v.Rule, v.Findings[0].Sources)
					}
				}
			}
			if diff := cmp.Diff(c.covered, covered); diff != "" {
				t.Errorf("covers %s", diff)
			}
			if diff := cmp.Diff(c.findings, findings); diff != "" {
				t.Errorf("findings %s", diff)
			}
			for i, v := range verdicts() {
				_ = i
				for _, after := range all {
					if after.Rule == v.Rule && after.Subject == v.Subject && after.Outcome != v.Outcome {
						t.Errorf("%s %s: a waiver changed %s to %s", v.Rule, v.Subject, v.Outcome, after.Outcome)
					}
				}
			}
		})
	}
}

func TestAWaiverThatCannotBeReadIsAnError(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no reason", entry("  reason: until the move\n", ""), "reason"},
		{"no approver", entry("  approver: ben\n", ""), "approver"},
		{"approved by its owner", entry("ben", "Anna"), "same person"},
		{"a misspelt key", entry("expires:", "expired:"), "expired"},
		{"local time", entry("2026-12-31T00:00:00Z", "2026-12-31T00:00:00+02:00"), "UTC"},
		{"a date only", entry("2026-12-31T00:00:00Z", `"2026-12-31"`), "UTC"},
		{"an outcome that cannot be waived", entry("outcome: fail", "outcome: pass"), "pass"},
		{"an id twice", entry() + entry(), "twice"},
		{"no list", "id: W-1\n", ""},
	} {
		if _, err := waiver.Parse("waivers.yaml", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := waiver.Parse("waivers.yaml", nil); err != nil {
		t.Errorf("an empty file: %v", err)
	}
}

func TestAWaiverOfManyVerdictsIsOverBroad(t *testing.T) {
	set, err := waiver.Parse("waivers.yaml", []byte(entry("edge/rp-a/listener/x:1", "edge/rp-a/listener/*")))
	if err != nil {
		t.Fatal(err)
	}
	var all []finding.Verdict
	for i := range 21 {
		all = append(all, finding.Verdict{Rule: "tls/old", Subject: fmt.Sprintf("edge/rp-a/listener/l:%d", i), Outcome: finding.Fail})
	}
	for _, v := range set.Apply(all, now) {
		if (v.Outcome == finding.Fail) != (v.Rule == "waiver/over_broad") {
			t.Errorf("%s is %s", v.Rule, v.Outcome)
		}
	}
}
