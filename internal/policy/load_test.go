// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/policy"
)

const ruleHeader = `# METADATA
# title: T
# description: Why.
# custom:
#   severity: low
#   fix: Do it.
#   controls: [X-01]
package policies.a.b
`

const subjectsAndFindings = `
subjects contains l.subject if some l in input.tlsposture
findings contains {"subject": "site", "key": "k", "message": "m", "sources": []} if { false }
`

// load compiles one rule a/b with a body and returns the error's text.
func load(t *testing.T, body string) string {
	t.Helper()
	_, err := policy.Load(fstest.MapFS{
		"a/b.rego":   {Data: []byte(ruleHeader + body)},
		"lib/t.rego": {Data: []byte("package policies.lib.t\nlisteners[l.subject] := l if some l in input.tlsposture\nall contains v if { some l in listeners; some v in l.versions }\n")},
	}, nil)
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestLoadRefusesWhatWouldMakeARuleQuiet(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"a sound rule is accepted", subjectsAndFindings, ""},
		{"a misspelt field", subjectsAndFindings + "x contains l.verisons if some l in input.tlsposture\n", "undefined ref"},
		{"a misspelt section", subjectsAndFindings + "x contains l if some l in input.tlspostur\n", "undefined ref"},
		{"a misspelt field under not", subjectsAndFindings + "x if { some l in input.tlsposture\n not l.verisons }\n", "undefined ref"},
		{"a constant that the enumeration lacks", subjectsAndFindings + "x if { some l in input.tlsposture\n some v in l.versions\n v.answer == \"acepted\" }\n", "none of the values"},
		{"a set with a constant that the enumeration lacks", subjectsAndFindings + "x if { some l in input.tlsposture\n some v in l.versions\n v.answer in {\"accepted\", \"no\"} }\n", "none of the values"},
		{"a constant that the enumeration lacks, through an index", subjectsAndFindings + "x if {\n some l in data.policies.lib.t.listeners\n some v in l.versions\n v.answer == \"acepted\" }\n", "none of the values"},
		{"a constant that the enumeration lacks, through a set", subjectsAndFindings + "x if {\n some v in data.policies.lib.t.all\n v.answer == \"acepted\" }\n", "none of the values"},
		{"a misspelt field, through an index", subjectsAndFindings + "x if data.policies.lib.t.listeners[_].verisons\n", "undefined ref"},
		{"the network", subjectsAndFindings + "x if http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1\"})\n", "http.send"},
		{"the clock", subjectsAndFindings + "x := time.now_ns()\n", "time.now_ns"},
		{"the environment", subjectsAndFindings + "x := opa.runtime()\n", "opa.runtime"},
		{"chance", subjectsAndFindings + "x := rand.intn(\"a\", 5)\n", "rand.intn"},
		{"a walk over the input", subjectsAndFindings + "x if walk(input, _)\n", "used as a value"},
		{"the input as a value", subjectsAndFindings + "x := y if { y := input }\n", "used as a value"},
		{"an input field by variable", subjectsAndFindings + "x if { some k\n count(input[k]) > 0 }\n", "computed name"},
		{"with", subjectsAndFindings + "x if count(subjects) == 0 with input.gaps as []\n", "only be used in tests"},
		{"data that is no rule", subjectsAndFindings + "x if data.policies.lib.nothing.there\n", "leads to no rule"},
		{"another rule", subjectsAndFindings + "x if data.policies.c.d.findings\n", "may only refer"},
		{"no subjects", "findings contains {\"subject\": \"site\"} if { false }\n", "subjects is missing"},
		{"subjects that are no set", "subjects := []\nfindings contains {} if { false }\n", "must be a set"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := load(t, c.body)
			if c.want == "" && got != "" {
				t.Fatalf("refused: %s", got)
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("got %q, want something with %q", got, c.want)
			}
		})
	}
}

func TestTheDigestCoversTheDataBesideTheRules(t *testing.T) {
	rules := fstest.MapFS{"a/b.rego": {Data: []byte(ruleHeader + subjectsAndFindings)}}
	bare, err := policy.Load(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	rules["paths/finesse.yaml"] = &fstest.MapFile{Data: []byte("name: finesse\n")}
	with, err := policy.Load(rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bare.Digest() == with.Digest() {
		t.Error("a surface changes nothing of the digest")
	}
}
