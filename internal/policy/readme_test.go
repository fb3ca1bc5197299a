// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

// TestTheRuleOfTheREADMECompiles keeps the example honest, and short.
func TestTheRuleOfTheREADMECompiles(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(text), "```rego\n")
	example, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatal("the README holds no Rego example")
	}
	if n := strings.Count(example, "\n"); n >= 20 {
		t.Errorf("the example is %d lines long, a rule of one's own should be under 20", n)
	}
	set, err := policy.Load(policies.FS, fstest.MapFS{"mine/short_host.rego": {Data: []byte(example)}})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, r := range set.Rules() {
		found = found || r.ID == "custom/mine/short_host"
	}
	if !found {
		t.Error("the example is not among the rules")
	}
}
