// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
)

func ruleSet(t *testing.T, files map[string]string) *policy.Set {
	t.Helper()
	rules := fstest.MapFS{}
	for name, text := range files {
		rules[name] = &fstest.MapFile{Data: []byte(text)}
	}
	set, err := policy.Load(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestAGapOfOneFieldConcernsThoseWhoReadIt has a rule that reads the field
// directly, one that reads it through a library, one that reads another field,
// and one that takes records as they are.
func TestAGapOfOneFieldConcernsThoseWhoReadIt(t *testing.T) {
	subjects := "subjects contains n.target if some n in input.vos\n"
	none := "findings contains {\"subject\": n.target, \"key\": \"k\", \"message\": \"m\", \"sources\": [n.source]} if {\n\tsome n in input.vos\n\t%s\n}\n"
	body := func(condition string) string { return subjects + strings.Replace(none, "%s", condition, 1) }
	set := ruleSet(t, map[string]string{
		"a/direct.rego":   rule("policies.a.direct", "", body(`n.client_auth.value == "no"`)),
		"a/library.rego":  rule("policies.a.library", "", "import data.policies.lib.nodes\n"+body(`nodes.auth[n.target] == "no"`)),
		"a/other.rego":    rule("policies.a.other", "", body(`n.version.value == "no"`)),
		"a/whole.rego":    rule("policies.a.whole", "", "subjects contains \"site\" if count(input.vos) > 0\nfindings contains {\"subject\": \"site\", \"key\": \"k\", \"message\": \"m\", \"sources\": []} if {\n\tsome a, b\n\tinput.vos[a] == input.vos[b]\n\ta != b\n}\n"),
		"a/computed.rego": rule("policies.a.computed", "", body(`n[concat("", ["client", "_auth"])].value == "no"`)),
		"a/iterated.rego": rule("policies.a.iterated", "", body("some k, v in n\n\tstartswith(k, \"client\")\n\tv.value == \"no\"\n\tn.version.value == \"x\"")),
		"a/handed.rego":   rule("policies.a.handed", "", "off(n) if count(object.keys(n)) > 999\n"+body("n.version.value == \"x\"\n\toff(n)")),
		"a/each.rego":     rule("policies.a.each", "", body("every m in input.vos { m.client_auth.value == \"no\" }\n\tn.version.value == \"x\"")),
		"lib/nodes.rego":  "package policies.lib.nodes\n\nauth[n.target] := n.client_auth.value if some n in input.vos\n",
	})
	decide := func(gaps ...evidence.Gap) map[string]string {
		doc := evidence.Document{Sections: evidence.Sections{VOS: []evidence.VOSNode{{Target: "node/fin-a"}}}, Gaps: gaps}
		doc.Freeze()
		got, err := set.Decide(t.Context(), evidence.Input{Document: doc}, policy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return outcomes(got)
	}
	for name, want := range map[string]string{
		"a/direct node/fin-a": "unknown", "a/library node/fin-a": "unknown", "a/other node/fin-a": "pass", "a/whole site": "unknown",
		"a/computed node/fin-a": "unknown", "a/iterated node/fin-a": "unknown", "a/handed node/fin-a": "unknown", "a/each node/fin-a": "unknown",
	} {
		got := decide(evidence.Gap{Section: "vos", Subject: "node/fin-a", Part: "client_auth", Reason: "unknown answer"})[name]
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %s", name, got, want)
		}
		if got := decide(evidence.Gap{Section: "vos", Subject: "node/fin-a", Reason: "no transcript"})[name]; !strings.HasPrefix(got, "unknown") {
			t.Errorf("%s with a gap of everything: %q", name, got)
		}
		if got := decide()[name]; !strings.HasPrefix(got, "pass") {
			t.Errorf("%s without a gap: %q", name, got)
		}
	}
	// A node that only its gap names is dark to those who read the field.
	got := decide(evidence.Gap{Section: "vos", Subject: "node/fin-b", Part: "client_auth", Reason: "unknown answer"})
	if !strings.HasPrefix(got["a/direct node/fin-b"], "unknown") || got["a/other node/fin-b"] != "" {
		t.Errorf("%v", got)
	}
}

// TestAVerdictThatRestsOnAnInferredFormatSaysSo has one rule that reads an
// inferred fact and one that reads a documented fact of the same record, each in
// two severities.
func TestAVerdictThatRestsOnAnInferredFormatSaysSo(t *testing.T) {
	body := func(field, condition string) string {
		return "subjects contains n.target if some n in input.vos\nfindings contains {\"subject\": n.target, \"key\": \"k\", \"message\": \"too old\", \"sources\": [n." + field + ".source]} if {\n\tsome n in input.vos\n\t" + condition + "\n}\n"
	}
	minor := func(text string) string { return strings.Replace(text, "severity: high", "severity: medium", 1) }
	set := ruleSet(t, map[string]string{
		"a/documented.rego": rule("policies.a.documented", "", body("client_auth", `n.client_auth.value == "disabled"`)),
		"a/inferred.rego":   rule("policies.a.inferred", "", body("version", `not startswith(n.version.value, "12.")`)),
		"a/minor.rego":      minor(rule("policies.a.minor", "", body("version", `not startswith(n.version.value, "12.")`))),
	})
	decide := func(version string, strict bool) map[string]string {
		doc := evidence.Document{Sections: evidence.Sections{VOS: []evidence.VOSNode{{
			Target:     "node/fin-a",
			ClientAuth: evidence.CLIValue{Known: true, Format: evidence.FormatDocumented, Value: "enabled", Source: evidence.Source{Artifact: "cli.txt", Line: 3}},
			Version:    evidence.CLIValue{Known: true, Format: evidence.FormatInferred, Value: version, Source: evidence.Source{Artifact: "cli.txt", Line: 9}},
		}}}}
		doc.Freeze()
		got, err := set.Decide(t.Context(), evidence.Input{Document: doc}, policy.Options{StrictFormats: strict})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range got {
			if v.Outcome == finding.Unknown && len(v.Findings) > 0 {
				t.Errorf("an unknown verdict has findings: %+v", v)
			}
		}
		return outcomes(got)
	}
	const ground = "rests on an output format that is inferred, not documented: cli.txt:9"
	for _, c := range []struct {
		version string
		strict  bool
		want    map[string]string
	}{
		{"12.6.1", false, map[string]string{"documented": "pass ", "inferred": "pass " + ground, "minor": "pass "}},
		{"12.6.1", true, map[string]string{"documented": "pass ", "inferred": "unknown " + ground, "minor": "pass "}},
		{"11.0.1", false, map[string]string{"documented": "pass ", "inferred": "fail " + ground, "minor": "fail "}},
		{"11.0.1", true, map[string]string{"documented": "pass ", "inferred": "unknown " + ground + "; it would be: too old", "minor": "fail "}},
	} {
		got := decide(c.version, c.strict)
		for name, want := range c.want {
			if got["a/"+name+" node/fin-a"] != want {
				t.Errorf("%s, strict %v: %s: %q, want %q", c.version, c.strict, name, got["a/"+name+" node/fin-a"], want)
			}
		}
	}
}
