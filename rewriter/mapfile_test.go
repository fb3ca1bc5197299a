// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"strings"
	"testing"
)

func TestMapGivesBothDirections(t *testing.T) {
	m := mustMap(t, "\r\n# c = d\r\n  Fin-A.corp.example:8445 \t= desk-a.agents.example:443\t\r\nids-a.corp.example:8553=desk-a.agents.example:8553")
	in, out := Endpoint{"fin-a.corp.example", 8445}, Endpoint{"desk-a.agents.example", 443}
	if got, ok := m.External(in); !ok || got != out {
		t.Error(got, ok)
	}
	if got, ok := m.Internal(out); !ok || got != in {
		t.Error(got, ok)
	}
	if e := m.Entries(); len(e) != 2 || e[0].Line != 3 || e[1].Line != 4 {
		t.Error(e)
	}
	if _, ok := m.External(out); ok {
		t.Error("the external endpoint counts as internal")
	}
}

func TestMapFaultsNameTheirLine(t *testing.T) {
	const good = "a.corp.example:1=b.agents.example:1"
	for name, test := range map[string]struct{ text, want string }{
		"no port inside":           {"\na.corp.example=b.agents.example:1", "line 2: internal endpoint"},
		"no port outside":          {"a.corp.example:1=b.agents.example", "line 1: external endpoint"},
		"internal twice":           {good + "\na.corp.example:1=c.agents.example:1", "line 2: internal endpoint a.corp.example:1 is already mapped on line 1"},
		"internal twice by case":   {good + "\nA.corp.example:1=c.agents.example:1", "already mapped on line 1"},
		"external twice":           {good + "\nc.corp.example:1=B.agents.example:1", "line 2: external endpoint b.agents.example:1 is already used on line 1"},
		"endpoint on both sides":   {good + "\nb.agents.example:1=c.agents.example:1", "b.agents.example:1 is external here and internal on line 2"},
		"endpoint mapped to self":  {"a.corp.example:1=a.corp.example:1", "is external here and internal on line 1"},
		"second equals sign":       {good + "=x", "second '='"},
		"no equals sign":           {"a.corp.example:1 b.agents.example:1", "no '='"},
		"comment behind":           {good + " # x", "comment behind"},
		"scheme":                   {"https://a.corp.example:1=b.agents.example:1", "scheme"},
		"path":                     {"a.corp.example:1/x=b.agents.example:1", "port is not"},
		"continuation":             {good + `\`, "backslash"},
		"exclamation comment":      {"! x", "no '='"},
		"address":                  {"10.0.0.1:1=b.agents.example:1", "an address"},
		"v6 address":               {"[::1]:1=b.agents.example:1", "port is not"},
		"single label":             {"fin:1=b.agents.example:1", "single label"},
		"underscore":               {"a_b.corp.example:1=b.agents.example:1", "byte '_'"},
		"trailing dot":             {"a.corp.example.:1=b.agents.example:1", "empty label"},
		"hyphen at the edge":       {"-a.corp.example:1=b.agents.example:1", "hyphen"},
		"port zero":                {"a.corp.example:0=b.agents.example:1", "port is not"},
		"port with zeros":          {"a.corp.example:01=b.agents.example:1", "port is not"},
		"port too high":            {"a.corp.example:65536=b.agents.example:1", "port is not"},
		"byte order mark":          {"\xef\xbb\xbf" + good, "byte order mark"},
		"carriage return inside":   {"a.corp.example:1\r=b.agents.example:1", "carriage return"},
		"control byte":             {"a.corp\x00.example:1=b.agents.example:1", `byte '\x00'`},
		"overlong line":            {"# " + strings.Repeat("x", 2000), "line 1: longer than"},
		"blank inside an endpoint": {"a.corp.example :1=b.agents.example:1", "byte ' '"},
		"overlong host":            {strings.Repeat("a.", 130) + "b:1=b.agents.example:1", "longer than 253"},
		"overlong label":           {strings.Repeat("a", 64) + ".b:1=b.agents.example:1", "longer than 63"},
		"every fault is told":      {"x\n\ny", "line 3: no '='"},
		"a host outside ASCII":     {"\u212Aa.corp.example:1=b.agents.example:1", "byte"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseMap(strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func FuzzParseMap(f *testing.F) {
	f.Add(sampleMap)
	f.Add("a.b:1=c.d:2\nc.d:2=e.f:3")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMap(strings.NewReader(text))
		if err != nil {
			if !strings.Contains(err.Error(), "line ") && !strings.Contains(err.Error(), "larger") {
				t.Fatalf("fault without a line: %v", err)
			}
			return
		}
		var b strings.Builder
		for _, e := range m.Entries() {
			if got, ok := m.Internal(e.External); !ok || got != e.Internal {
				t.Fatalf("%v does not map back", e)
			}
			b.WriteString(e.Internal.String() + "=" + e.External.String() + "\n")
		}
		again, err := ParseMap(strings.NewReader(b.String()))
		if err != nil || len(again.Entries()) != len(m.Entries()) {
			t.Fatalf("printed map does not parse: %v", err)
		}
	})
}

func TestSurfaceFaultsAreNamed(t *testing.T) {
	const head = "schema: postern.surface/v1\nname: x\n"
	path := func(p string) string {
		return head + "components:\n  - name: a\n    paths:\n      - " + p + "\n"
	}
	for name, test := range map[string]struct{ text, want string }{
		"an unknown key":          {head + "nonsense: 1\n", "line 3: field nonsense"},
		"a repeated key":          {head + "name: y\n", "already defined"},
		"another schema":          {"schema: x\nname: x\n", "schema is"},
		"no name":                 {"schema: postern.surface/v1\n", "no name"},
		"two documents":           {head + "---\n" + head, "more than one document"},
		"nothing":                 {"", "empty document"},
		"no methods":              {path("{path: /x, auth: auth}"), "no methods"},
		"a lower-case method":     {path("{path: /x, methods: [get], auth: auth}"), `method "get"`},
		"TRACE":                   {path("{path: /x, methods: [TRACE], auth: auth}"), `method "TRACE"`},
		"no class":                {path("{path: /x, methods: [GET]}"), `auth ""`},
		"the same twice":          {path("{path: /x, methods: [GET, GET], auth: auth}"), "listed twice"},
		"no slash in front":       {path("{path: x, methods: [GET], auth: auth}"), "does not begin"},
		"an empty segment":        {path("{path: /x//y, methods: [GET], auth: auth}"), "empty segment"},
		"a star inside":           {path("{path: /x/**/y, methods: [GET], auth: auth}"), "outside the unreserved set"},
		"half a parameter":        {path(`{path: "/x/{id", methods: [GET], auth: auth}`), "parameter is not"},
		"a parameter twice":       {path(`{path: "/{id}/{id}", methods: [GET], auth: auth}`), "used twice"},
		"a dot segment":           {path("{path: /x/../y, methods: [GET], auth: auth}"), "dot segment"},
		"a socket without GET":    {path("{path: /x, methods: [POST], auth: auth, websocket: true}"), "websocket without GET"},
		"a port of two":           {head + "components: [{name: a, ports: [1]}, {name: b, ports: [1]}]\n", "already belongs"},
		"a component twice":       {head + "components: [{name: a}, {name: a}]\n", "repeated"},
		"a closed path is judged": {head + "closed: [{path: x}]\n", "closed path"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseSurface(strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
