// SPDX-License-Identifier: Apache-2.0

package surface_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/surface"
	"github.com/postern-audit/postern/policies"
)

// extending is the start of a file that changes the shipped surface.
const extending = head + "extends: finesse-12.6.1\ncomponents:\n  - name: finesse\n"

func TestEveryMistakeHasItsPlaceAndAHint(t *testing.T) {
	path := func(entry string) string {
		return head + "components:\n  - name: a\n    paths:\n      - " + entry + "\n"
	}
	for name, c := range map[string]struct{ text, place, message, hint string }{
		"an unknown key near a known one":        {head + "extend: x\n", "p.yaml:3:1", `unknown key "extend"`, `did you mean "extends"?`},
		"an unknown key near nothing":            {head + "frobnicate: x\n", "p.yaml:3:1", `unknown key "frobnicate"`, "keys are schema, name"},
		"an unknown key of a path":               {path("{path: /x, method: [GET], auth: auth}"), "p.yaml:6:", `unknown key "method"`, `did you mean "methods"?`},
		"a key twice":                            {head + "name: y\n", "p.yaml:3:1", "stands twice", "keep one"},
		"another schema":                         {"schema: postern.surface/v2\nname: x\n", "p.yaml:1:9", "schema is", "write schema: postern.surface/v1"},
		"no name":                                {"schema: postern.surface/v1\n", "p.yaml:1:1", "name is missing", ""},
		"nothing":                                {"", "p.yaml", "empty", "start with"},
		"no YAML":                                {"a: [\n", "p.yaml", "did not find", "must be YAML"},
		"two documents":                          {head + "---\n" + head, "p.yaml", "second YAML document", "one document"},
		"a list instead of keys":                 {"- x\n", "p.yaml:1:1", "keys and values", "keys are"},
		"an alias":                               {head + "closed: &a [{path: /x}]\ncomponents: *a\n", "p.yaml:4:13", "aliases", "write the value out"},
		"a key without a value":                  {head + "closed:\n", "p.yaml:3:1", "closed has no value", "write []"},
		"no methods":                             {path("{path: /x, auth: auth}"), "p.yaml:6:9", "has no methods", "list them"},
		"a method in small letters":              {path("{path: /x, methods: [get], auth: auth}"), "p.yaml:6:30", `method "get"`, "in capitals"},
		"a method that no gate may open":         {path("{path: /x, methods: [TRACE], auth: auth}"), "p.yaml:6:30", `method "TRACE"`, "GET, HEAD"},
		"no class":                               {path("{path: /x, methods: [GET]}"), "p.yaml:6:9", "auth is missing", ""},
		"an unknown class":                       {path("{path: /x, methods: [GET], auth: agent}"), "p.yaml:6:42", `auth "agent"`, "public, auth, flow, source"},
		"a template without its slash":           {path("{path: x, methods: [GET], auth: auth}"), "p.yaml:6:16", "begins with a slash", "/desktop/**"},
		"a star within a segment":                {path("{path: /x*, methods: [GET], auth: auth}"), "p.yaml:6:16", "neither letter", ""},
		"a star in the middle":                   {path("{path: /x/*/y, methods: [GET], auth: auth}"), "p.yaml:6:16", "only as /** at the end", ""},
		"a socket without GET":                   {path("{path: /x, methods: [POST], auth: auth, websocket: true}"), "p.yaml:6:", "without GET", ""},
		"a flag that is a word":                  {path("{path: /x, methods: [GET], auth: auth, websocket: yes}"), "p.yaml:6:", "neither true nor false", ""},
		"a port beyond the last":                 {head + "components: [{name: a, ports: [70000]}]\n", "p.yaml:3:", "no port", "[8445]"},
		"a port of two components":               {head + "components:\n  - {name: a, ports: [1]}\n  - {name: b, ports: [1]}\n", "p.yaml:5", "that of a", "shared_ports"},
		"a component twice":                      {head + "components:\n  - {name: a}\n  - {name: a}\n", "p.yaml:5:5", "twice", "put them together"},
		"a component without a plain name":       {head + "components: [{name: Finesse A}]\n", "p.yaml:3:", "no plain name", "small letters"},
		"a path that is closed":                  {head + "closed:\n  - {path: /x/**}\ncomponents:\n  - name: a\n    paths:\n      - {path: /x/y, methods: [GET], auth: auth}\n", "p.yaml:8", "closed by /x/**, at p.yaml:4", "closed wins"},
		"taking away from nothing":               {head + "components:\n  - {name: a, remove: [/x]}\n", "p.yaml:4:", "nothing to take away", "extends another"},
		"opening nothing":                        {head + "open: [{path: /x, why: y}]\n", "p.yaml:3:", "nothing to open", "extends another"},
		"a base that does not exist":             {head + "extends: finesse-13\n", "p.yaml:3:10", "there is none of this name", "shipped surface"},
		"a base elsewhere":                       {head + "extends: ../controls\n", "p.yaml:3:10", "there is none of this name", ""},
		"removing what is not allowed":           {extending + "    remove: [/tunnel]\n", "p.yaml:6", "remove: /tunnel is not there", `did you mean "/tunnel/**"?`},
		"opening what is not closed":             {extending + "    open: [{path: /x, why: y}]\n", "p.yaml:6", "open: /x is not there", "top of the file"},
		"opening without a why":                  {extending + "    open: [{path: \"/cfadmin/**\"}]\n", "p.yaml:6:", "why is missing", ""},
		"opening for one what is closed for all": {extending + "    open: [{path: \"/drf/**\", why: y}]\n", "p.yaml:6", "not there", "top of the file"},
		"allowing what the base closes":          {extending + "    paths: [{path: \"/finesse/api/Users\", methods: [GET], auth: auth}]\n", "p.yaml:6", "closed by /finesse/api/Users/**, at policies/paths/finesse-12.6.1.yaml:", "take it away with open"},
		"allowing what the base allows":          {extending + "    paths: [{path: /rpc, methods: [PUT, GET], auth: auth}]\n", "p.yaml:6", "GET /rpc is allowed already, at policies/paths/finesse-12.6.1.yaml:", "remove"},
		"too much text":                          {head + "# " + strings.Repeat("x", surface.MaxBytes), "p.yaml", "longer than", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := surface.Parse("p.yaml", []byte(c.text), policies.FS)
			var mistake *surface.Error
			if !errors.As(err, &mistake) {
				t.Fatalf("got %v", err)
			}
			if !strings.HasPrefix(mistake.Place, c.place) || !strings.Contains(mistake.Message, c.message) || !strings.Contains(mistake.Hint(), c.hint) {
				t.Errorf("got %s, hint %q; want %s ... %s, hint %q", mistake, mistake.Hint(), c.place, c.message, c.hint)
			}
		})
	}
}

func TestAFileChangesTheShippedSurfaceAndNothingElse(t *testing.T) {
	text := head + `extends: finesse-12.6.1
open: [{path: /appadmin/**, why: the customer runs it on purpose}]
components:
  - name: finesse
    remove: [/tunnel/**, /rpc]
    open: [{path: /finesse/api/UserAuthMode/**, why: the wallboard asks for it}]
    paths:
      - {path: "/finesse/api/UserAuthMode/{id}", methods: [GET], auth: public}
      - {path: /rpc, methods: [POST], auth: source}
    closed: [{path: /gadgets/makeRequest/**, why: not used}]
  - name: imp
    ports: [5280, 15280]
  - name: ece-1
    paths: [{path: /ece/**, methods: [GET], auth: auth}]
`
	s, err := surface.Parse("own.yaml", []byte(text), policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	base, err := surface.Shipped(policies.FS, "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		component, method, path string
		before, after           bool
	}{
		{"finesse", "GET", "/tunnel/EventTunnel.js", true, false},
		{"finesse", "GET", "/rpc", true, false},
		{"finesse", "POST", "/rpc", true, true},
		{"finesse", "GET", "/finesse/api/UserAuthMode/7", false, true},
		{"finesse", "GET", "/finesse/api/UserAuthMode/7/8", false, false},
		{"finesse", "GET", "/gadgets/makeRequest", true, false},
		{"finesse", "GET", "/gadgets/ifr", true, true},
		{"finesse", "GET", "/desktop/", true, true},
		{"finesse", "GET", "/cfadmin", false, false},
		{"cuic", "GET", "/cuic/rest/about", true, true},
	} {
		if got := base.Decide(base.Named(c.component), c.method, c.path).Allow; got != c.before {
			t.Errorf("shipped: %s %s of %s: %v", c.method, c.path, c.component, got)
		}
		if got := s.Decide(s.Named(c.component), c.method, c.path).Allow; got != c.after {
			t.Errorf("changed: %s %s of %s: %v", c.method, c.path, c.component, got)
		}
	}
	if s.Artifacts[0] != "own.yaml" || s.Artifacts[1] != "policies/paths/finesse-12.6.1.yaml" {
		t.Errorf("read from %v", s.Artifacts)
	}
	if len(s.Opened) != 1 || s.Opened[0].Why == "" || s.Opened[0].At != (surface.Place{Artifact: "own.yaml", Line: 4}) {
		t.Errorf("opened: %+v", s.Opened)
	}
	if o := s.Named("finesse").Opened; len(o) != 1 || o[0].At.Line != 8 {
		t.Errorf("opened: %+v", o)
	}
	answer := s.Decide(s.Named("finesse"), "POST", "/rpc")
	if answer.Path.At != (surface.Place{Artifact: "own.yaml", Line: 11}) || answer.Path.Auth != surface.AuthSource {
		t.Errorf("%+v", answer.Path)
	}
	if s.Named("imp").Ports[1] != 15280 || len(base.Named("imp").Ports) != 1 {
		t.Error("the ports of a component are not those of the file, or the base has changed")
	}
	if len(base.Named("finesse").Opened)+len(base.Opened) != 0 {
		t.Error("the base has changed")
	}
}

func TestClosingAPathOfTheBaseIsNoMistake(t *testing.T) {
	for _, text := range []string{
		extending + "    closed: [{path: /gadgets/**}]\n",
		head + "components:\n  - name: a\n    paths: [{path: /x/**, methods: [GET], auth: auth}]\n    closed: [{path: /x}]\n",
	} {
		if _, err := surface.Parse("own.yaml", []byte(text), policies.FS); err != nil {
			t.Error(err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range surface.Names(policies.FS) {
		text, err := policies.FS.ReadFile("paths/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(extending + "    remove: [/rpc]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := surface.Parse("own.yaml", text, policies.FS)
		if err != nil {
			var mistake *surface.Error
			if !errors.As(err, &mistake) || mistake.Place == "" {
				t.Fatalf("no place: %v", err)
			}
			return
		}
		for i := range s.Components {
			for _, p := range s.Components[i].Paths {
				again, err := surface.ParseTemplate(p.Template.String(), false)
				if err != nil || again.String() != p.Template.String() {
					t.Fatalf("%q does not read back: %v", p.Template, err)
				}
			}
		}
	})
}

func TestTheExampleOfTheReadmeIsRead(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(text), "```yaml\nschema: postern.surface/v1\n")
	block, _, closed := strings.Cut(block, "```")
	if !found || !closed {
		t.Fatal("the readme has no example of a surface")
	}
	if _, err := surface.Parse("README.md", []byte("schema: postern.surface/v1\n"+block), policies.FS); err != nil {
		t.Error(err)
	}
}
