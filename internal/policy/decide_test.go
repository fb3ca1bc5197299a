// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/finding"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/policies"
)

func rule(pkg, custom, body string) string {
	return "# METADATA\n# title: T\n# description: Why.\n# custom:\n#   severity: high\n#   fix: Do it.\n#   controls: [TLS-01]\n" + custom + "package " + pkg + "\n" + body
}

const listenerRule = `
subjects contains l.subject if some l in input.tlsposture
findings contains {"subject": l.subject, "key": "old", "message": "m", "sources": [l.source]} if {
	some l in input.tlsposture
	l.port == 1
}
unsure contains {"subject": l.subject, "reason": "odd"} if {
	some l in input.tlsposture
	l.port == 2
}
`

func posture(names ...string) []evidence.TLSPosture {
	var out []evidence.TLSPosture
	for i, n := range names {
		out = append(out, evidence.TLSPosture{Target: "edge/a", Subject: "edge/a/listener/" + n, Port: i + 1, Source: evidence.Source{Host: n, Port: i + 1}})
	}
	return out
}

func outcomes(verdicts []finding.Verdict) map[string]string {
	out := map[string]string{}
	for _, v := range verdicts {
		out[v.Rule+" "+v.Subject] = string(v.Outcome) + " " + v.Reason
	}
	return out
}

func decide(t *testing.T, text string, doc evidence.Document, profile evidence.Profile) map[string]string {
	t.Helper()
	set, err := policy.Load(fstest.MapFS{"a/b.rego": {Data: []byte(text)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	doc.Freeze()
	got, err := set.Decide(t.Context(), evidence.Input{Document: doc, Profile: profile}, policy.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return outcomes(got)
}

func TestAVerdictIsOneOfEachRuleAndSubject(t *testing.T) {
	text := rule("policies.a.b", "", listenerRule)
	doc := evidence.Document{Sections: evidence.Sections{TLSPosture: posture("x:1", "y:2", "z:3")}}
	want := map[string]string{"a/b edge/a/listener/x:1": "fail ", "a/b edge/a/listener/y:2": "unknown odd", "a/b edge/a/listener/z:3": "pass "}
	if diff := cmp.Diff(want, decide(t, text, doc, evidence.Profile{})); diff != "" {
		t.Error(diff)
	}
	doc.Gaps = []evidence.Gap{{Section: "tlsposture", Subject: "edge/a/listener/z:3", Reason: "silent"}, {Section: "vos", Subject: "node/n", Reason: "not read by this rule"}}
	want["a/b edge/a/listener/z:3"] = "unknown tlsposture: edge/a/listener/z:3: silent"
	if diff := cmp.Diff(want, decide(t, text, doc, evidence.Profile{})); diff != "" {
		t.Errorf("with a gap: %s", diff)
	}
}

func TestSilenceIsNeverSuccess(t *testing.T) {
	text := rule("policies.a.b", "", listenerRule)
	for _, c := range []struct {
		name string
		doc  evidence.Document
		want string
	}{
		{"nothing was collected", evidence.Document{}, "unknown tlsposture: nothing was collected"},
		{"a gap and nothing else", evidence.Document{Gaps: []evidence.Gap{{Section: "tlsposture", Subject: "edge/a", Reason: "offline"}}}, "unknown tlsposture: edge/a: offline"},
		{
			"a deliberate absence",
			evidence.Document{
				Site: evidence.Site{OutOfScope: []evidence.ScopeException{{Section: "tlsposture", Target: "*", Reason: "another team's"}}},
				Gaps: []evidence.Gap{{Section: "tlsposture", Subject: "edge/a", Reason: "offline"}},
			},
			"not-applicable tlsposture of edge/a is out of scope: another team's",
		},
	} {
		if got := decide(t, text, c.doc, evidence.Profile{})["a/b site"]; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	optional := rule("policies.a.b", "#   optional: [tlsposture]\n", listenerRule)
	if got := decide(t, optional, evidence.Document{}, evidence.Profile{})["a/b site"]; !strings.HasPrefix(got, "not-applicable") {
		t.Errorf("an optional section that is absent: %q", got)
	}
	vantage := rule("policies.a.b", "#   vantage: internet\n", listenerRule)
	doc := evidence.Document{Header: evidence.Header{Vantage: evidence.VantageLAN}, Sections: evidence.Sections{TLSPosture: posture("x:1")}}
	if got := decide(t, vantage, doc, evidence.Profile{})["a/b edge/a/listener/x:1"]; !strings.HasPrefix(got, "unknown needs evidence observed from internet") {
		t.Errorf("evidence from another vantage: %q", got)
	}
}

// TestADarkTargetAmongOthersIsUnknown keeps a target that gave no record from
// vanishing behind siblings that pass.
func TestADarkTargetAmongOthersIsUnknown(t *testing.T) {
	text := rule("policies.a.b", "", listenerRule)
	doc := evidence.Document{
		Sections: evidence.Sections{TLSPosture: posture("a:1", "b:2", "c:3")},
		Gaps: []evidence.Gap{
			{Section: "tlsposture", Subject: "edge/a/listener/d:4", Reason: "silent"},
			{Section: "tlsposture", Subject: "edge/b", Reason: "offline"},
			{Section: "tlsposture", Subject: "node/n", Reason: "another kind"},
			{Section: "vos", Subject: "edge/x", Reason: "not read"},
		},
	}
	got := decide(t, text, doc, evidence.Profile{})
	for subject, want := range map[string]string{
		"a/b edge/a/listener/c:3": "unknown tlsposture: node/n: another kind",
		"a/b edge/a/listener/d:4": "unknown tlsposture: edge/a/listener/d:4: silent",
		"a/b edge/b":              "unknown tlsposture: edge/b: offline",
	} {
		if got[subject] != want {
			t.Errorf("%s: %q, want %q", subject, got[subject], want)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d verdicts: %v", len(got), got)
	}
	doc.Site.OutOfScope = []evidence.ScopeException{{Section: "tlsposture", Target: "edge/b", Reason: "next year"}}
	if got := decide(t, text, doc, evidence.Profile{})["a/b edge/b"]; !strings.HasPrefix(got, "not-applicable ") {
		t.Errorf("a deliberate absence: %q", got)
	}
}

func TestAnAnswerOutsideTheContractIsARuleErrorByName(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a finding about no subject", `subjects contains "site" if true` + "\n" + `findings contains {"subject": "edge/x", "key": "k", "message": "m", "sources": [{"host": "h"}]} if true`, "none of its subjects"},
		{"no source", `subjects contains "site" if true` + "\n" + `findings contains {"subject": "site", "key": "k", "message": "m", "sources": []} if true`, "names no source"},
		{"a repeated key", `subjects contains "site" if true` + "\n" + `findings contains {"subject": "site", "key": "k", "message": m, "sources": [{"host": "h"}]} if some m in {"a", "b"}`, `have the key "k"`},
		{"an unknown field", `subjects contains "site" if true` + "\n" + `findings contains {"subject": "site", "key": "k", "message": "m", "sources": [{"host": "h"}], "colour": "red"} if true`, "unknown field"},
		{"a subject that is no path", `subjects contains "somewhere" if true` + "\n" + `findings contains {"subject": "site"} if { false }`, "is not a path"},
		{"an error of a built-in", `subjects contains "site" if to_number(concat("", ["x", input.header.at])) > 0` + "\n" + `findings contains {"subject": "site"} if { false }`, "rule error"},
		{"a conflict", "x := 1 if input.header.at == \"\"\nx := 2 if input.header.schema == \"\"\n" + `subjects contains "site" if x > 0` + "\n" + `findings contains {"subject": "site"} if { false }`, "rule error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := decide(t, rule("policies.a.b", "", c.body+"\n"), evidence.Document{}, evidence.Profile{})["a/b site"]
			if !strings.HasPrefix(got, "unknown rule error: ") || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want a rule error with %q", got, c.want)
			}
		})
	}
}

func TestTheProfileSetsSeverityAndDeviation(t *testing.T) {
	set, err := policy.Load(fstest.MapFS{"a/b.rego": {Data: []byte(rule("policies.a.b", "", listenerRule))}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	doc := evidence.Document{Sections: evidence.Sections{TLSPosture: posture("x:1")}}
	doc.Freeze()
	for _, c := range []struct {
		profile  evidence.Profile
		severity finding.Severity
		deviates bool
	}{
		{evidence.Profile{}, finding.High, false},
		{evidence.Profile{Severity: []evidence.RuleLevel{{Rule: "a/b", Level: "low"}}}, finding.Low, false},
		{evidence.Profile{Deviations: []evidence.Deviation{{Rule: "a/b", Reference: "P5"}}}, finding.Info, true},
	} {
		got, err := set.Decide(t.Context(), evidence.Input{Document: doc, Profile: c.profile}, policy.Options{})
		if err != nil {
			t.Fatal(err)
		}
		v := got[0]
		if v.Outcome != finding.Fail || v.Severity != c.severity || (v.Findings[0].Deviation != nil) != c.deviates {
			t.Errorf("%+v gave %+v", c.profile, v)
		}
	}
}

// TestAPoisonedUserRuleChangesNoOtherVerdict adds rules that break or never
// end to the real ones.
func TestAPoisonedUserRuleChangesNoOtherVerdict(t *testing.T) {
	doc := evidence.Document{Header: evidence.Header{Schema: evidence.SchemaVersion, At: "2026-01-01T00:00:00Z"}, Sections: evidence.Sections{TLSPosture: posture("x:1", "y:2")}}
	doc.Freeze()
	profile, err := policy.LoadProfile(policies.FS, evidence.ProfileChoice{Base: "finesse-12.6.1"})
	if err != nil {
		t.Fatal(err)
	}
	run := func(user fstest.MapFS) map[string]string {
		set, err := policy.Load(policies.FS, user)
		if err != nil {
			t.Fatal(err)
		}
		got, err := set.Decide(t.Context(), evidence.Input{Document: doc, Profile: profile}, policy.Options{Limits: policy.Limits{Together: 2 * time.Second, Alone: time.Second}})
		if err != nil {
			t.Fatal(err)
		}
		return outcomes(got)
	}
	clean := run(fstest.MapFS{"mine/none.rego": {Data: []byte(rule("custom.mine.none", "", listenerRule))}})
	for name, body := range map[string]string{
		"a built-in that fails": `subjects contains "site" if to_number(concat("", ["x", input.header.at])) > 0` + "\nfindings contains {} if { false }\n",
		"a rule without end":    "subjects contains \"site\" if {\n some a in numbers.range(1, 100000)\n some b in numbers.range(1, 100000)\n a * b == -1\n}\nfindings contains {} if { false }\n",
	} {
		t.Run(name, func(t *testing.T) {
			poisoned := run(fstest.MapFS{
				"mine/none.rego":   {Data: []byte(rule("custom.mine.none", "", listenerRule))},
				"mine/poison.rego": {Data: []byte(rule("custom.mine.poison", "", body))},
			})
			if got := poisoned["custom/mine/poison site"]; !strings.HasPrefix(got, "unknown rule error: ") {
				t.Errorf("the poisoned rule says %q", got)
			}
			delete(poisoned, "custom/mine/poison site")
			if diff := cmp.Diff(clean, poisoned); diff != "" {
				t.Error(diff)
			}
		})
	}
}
