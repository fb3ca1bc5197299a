// SPDX-License-Identifier: Apache-2.0

package surface_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/surface"
	"github.com/postern-audit/postern/policies"
	"github.com/postern-audit/postern/rewriter"
)

// The reference proxy reads the same files with a reader of its own. Where the two
// disagree, one of them misreads what a site may let through.

const head = "schema: postern.surface/v1\nname: x\n"

// both reads one text with both readers. The file system holds what it may extend.
func both(text string, shipped map[string]string) (*surface.Surface, error, rewriter.Surface, error) {
	files := fstest.MapFS{"paths/own.yaml": {Data: []byte(text)}}
	for name, text := range shipped {
		files["paths/"+name+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	ours, err := surface.Parse("own.yaml", []byte(text), files)
	theirs, theirErr := rewriter.ReadSurface(files, "paths/own.yaml")
	return ours, err, theirs, theirErr
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// word is a segment that is sometimes wrong.
func word(r *rand.Rand) string {
	if r.IntN(24) == 0 {
		return pick(r, "", ".", "..", "...", "a.", "*", "**", "a*", "{", "{}", "{A}", "{-a}", "{a", "a}", "%20", "a b", "a;b", "é", "{id}x", "a\x00")
	}
	return pick(r, "a", "b", "A", "api", "x.y", "~u", "a-b_c", "{id}", "{x-1}", "{id2}")
}

func template(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString("/" + word(r))
	}
	b.WriteString(pick(r, "", "", "", "/", "/", "/**", "/**", "/**", "/**", "/**/"))
	if r.IntN(40) == 0 {
		return strings.TrimPrefix(b.String(), "/")
	}
	return b.String()
}

// target is a path near those of the templates, in every spelling.
func target(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		if r.IntN(4) > 0 {
			b.WriteString("/" + pick(r, "a", "b", "A", "api", "x.y", "x-y", "~u", "a-b_c", "1001"))
			continue
		}
		b.WriteString("/" + pick(r, "", ".", "..", "%2e", "%2E%2e", "a%20b", "%20a", "a%20", "a%41", "a.",
			"a;x", "a%3bx", "a%2fb", "a%5Cb", "a%5eb", "a@b", "a:b", "a%25b", "a%zz", "a%4", "(a)", "a%40b", "a%7Db", "a%7eb", "é", "a\\b", "a%00", "a\n", "%3d", "!$&'()*+,=", "%60", "a#b", "\"", "<", "^", "|"))
	}
	return b.String() + pick(r, "", "", "/")
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

func TestRandomTemplatesAndPathsMeanTheSameToTheReferenceProxy(t *testing.T) {
	mapping, err := rewriter.ParseMap(strings.NewReader("fin-a.corp.example:8445=desk-a.agents.example:443\n"))
	if err != nil {
		t.Fatal(err)
	}
	node := []rewriter.Node{{Internal: rewriter.Endpoint{Host: "fin-a.corp.example", Port: 8445}, Component: "a"}}
	r := rand.New(rand.NewPCG(1, 2))
	accepted, allowed, closed, plain := 0, 0, 0, 0
	for round := range 4000 {
		open1, open2, shut := template(r), template(r), template(r)
		text := head + "components:\n  - name: a\n    paths:\n" +
			"      - {path: " + quoted(open1) + ", methods: [GET], auth: public}\n" +
			"      - {path: " + quoted(open2) + ", methods: [POST, PUT], auth: source}\n" +
			"    closed: [{path: " + quoted(shut) + "}]\n"
		ours, ourErr, theirs, theirErr := both(text, nil)
		if ourErr != nil && strings.Contains(ourErr.Error(), " is closed by ") {
			// Only this reader refuses a path that has no effect.
			ours, ourErr = surface.Parse("own.yaml", []byte(text[:strings.Index(text, "    closed:")]), nil)
			if ourErr == nil {
				c, err := surface.ParseTemplate(shut, true)
				if err != nil {
					t.Fatal(err)
				}
				ours.Components[0].Closed = []surface.Closed{{Template: c}}
			}
		}
		if (ourErr == nil) != (theirErr == nil) {
			t.Fatalf("round %d: %q %q %q: this reader says %v, the proxy %v", round, open1, open2, shut, ourErr, theirErr)
		}
		if ourErr != nil {
			continue
		}
		accepted++
		policy, err := rewriter.NewPolicy(theirs, mapping, rewriter.PolicyOptions{Nodes: node})
		if err != nil {
			t.Fatal(err)
		}
		for range 60 {
			path, method := target(r), pick(r, "GET", "POST", "DELETE")
			request := rewriter.Request{
				Method: method, Target: path, Proto: "HTTP/1.1", ServerName: "desk-a.agents.example", Port: 443,
				Fields: []rewriter.Field{{Name: "Host", Value: "desk-a.agents.example"}},
			}
			got, want := ours.Decide(&ours.Components[0], method, path), rewriter.Decide(policy, request)
			if got.Allow != want.Allow || got.Plain != !strings.HasPrefix(string(want.Reason), "target") {
				t.Fatalf("%s %q by %q %q closed %q: this reader says %+v, the proxy %+v", method, path, open1, open2, shut, got, want)
			}
			if got.Plain {
				plain++
			}
			switch {
			case got.Allow:
				allowed++
				if got.Path.Template.String() != want.Template || string(got.Path.Auth) != string(want.Auth) {
					t.Fatalf("%s %q: %+v, the proxy %+v", method, path, got.Path, want)
				}
			case got.Closed != nil:
				closed++
				if want.Reason != rewriter.PathClosed {
					t.Fatalf("%s %q: closed here, %s there", method, path, want.Reason)
				}
			}
		}
	}
	if accepted < 1000 || allowed < 2000 || closed < 2000 || plain < 10000 {
		t.Errorf("too little was decided: %d surfaces, %d plain paths, %d allowed, %d closed", accepted, plain, allowed, closed)
	}
}

func TestEveryByteIsPlainOrNotAsForTheReferenceProxy(t *testing.T) {
	_, _, theirs, err := both(head+"components:\n  - name: a\n    paths: [{path: /**, methods: [GET], auth: public}]\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	mapping, err := rewriter.ParseMap(strings.NewReader("fin-a.corp.example:8445=desk-a.agents.example:443\n"))
	if err != nil {
		t.Fatal(err)
	}
	policy, err := rewriter.NewPolicy(theirs, mapping, rewriter.PolicyOptions{Nodes: []rewriter.Node{{Internal: rewriter.Endpoint{Host: "fin-a.corp.example", Port: 8445}, Component: "a"}}})
	if err != nil {
		t.Fatal(err)
	}
	for b := range 256 {
		for _, unit := range []string{string([]byte{byte(b)}), fmt.Sprintf("%%%02x", b), fmt.Sprintf("%%%02X", b)} {
			for _, path := range []string{"/" + unit, "/" + unit + "a", "/a" + unit, "/a" + unit + "a/", "/a/" + unit + "/a", unit} {
				if unit == "?" {
					continue // ends the path
				}
				d := rewriter.Decide(policy, rewriter.Request{
					Method: "GET", Target: path, Proto: "HTTP/1.1", ServerName: "desk-a.agents.example", Port: 443,
					Fields: []rewriter.Field{{Name: "Host", Value: "desk-a.agents.example"}},
				})
				if surface.Plain(path) != d.Allow {
					t.Errorf("%q is plain here: %v; the proxy: %v %s", path, surface.Plain(path), d.Allow, d.Reason)
				}
			}
		}
	}
}

func TestATemplateAndItsPatternHoldTheSamePaths(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	held := 0
	for range 3000 {
		text, closed := template(r), r.IntN(2) == 0
		parsed, err := surface.ParseTemplate(text, closed)
		if err != nil {
			continue
		}
		if parsed.String() != text {
			t.Fatalf("%q is written as %q", text, parsed)
		}
		pattern := regexp.MustCompile(`\A(?:` + parsed.Pattern() + `)\z`)
		for range 40 {
			path := target(r)
			if pattern.MatchString(path) != parsed.Match(path) {
				t.Fatalf("%q (closed %v): pattern %s and Match differ on %q", text, closed, pattern, path)
			}
			if parsed.Match(path) {
				held++
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d paths were held by their template", held)
	}
}

// written is a surface in words, to compare two readers.
func written(s *surface.Surface) []string {
	var out []string
	shut := func(component string, list []surface.Closed) {
		for _, c := range list {
			out = append(out, fmt.Sprintf("%s closed %s %v", component, c.Template, c.Edge))
		}
	}
	for _, c := range s.Components {
		out = append(out, fmt.Sprintf("%s %v %v", c.Name, c.Ports, c.SharedPorts))
		for _, p := range c.Paths {
			out = append(out, fmt.Sprintf("%s %s %v %s %v", c.Name, p.Template, p.Methods, p.Auth, p.WebSocket))
		}
		shut(c.Name, c.Closed)
	}
	shut("every component", s.Closed)
	return out
}

func writtenByProxy(s rewriter.Surface) []string {
	var out []string
	shut := func(component string, list []rewriter.Closed) {
		for _, c := range list {
			out = append(out, fmt.Sprintf("%s closed %s %v", component, c.Template, c.Edge))
		}
	}
	for _, c := range s.Components {
		out = append(out, fmt.Sprintf("%s %v %v", c.Name, c.Ports, c.SharedPorts))
		for _, p := range c.Paths {
			out = append(out, fmt.Sprintf("%s %s %v %s %v", c.Name, p.Template, p.Methods, p.Auth, p.WebSocket))
		}
		shut(c.Name, c.Closed)
	}
	shut("every component", s.Closed)
	return out
}

func TestEveryShippedSurfaceMeansTheSameToTheReferenceProxy(t *testing.T) {
	names := surface.Names(policies.FS)
	if len(names) < 4 {
		t.Fatalf("there are only %v", names)
	}
	for _, name := range names {
		ours, err := surface.Shipped(policies.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := rewriter.ReadSurface(policies.FS, "paths/"+name+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if a, b := written(ours), writtenByProxy(theirs); !slices.Equal(a, b) {
			t.Errorf("%s:\n%s\nthe proxy reads\n%s", name, strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	}
}

func TestRandomExtensionsMeanTheSameToTheReferenceProxy(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	all := []string{"/a", "/b/**", "/c/{id}", "/d/**", "/e"}
	some := func() []string {
		return slices.DeleteFunc(slices.Clone(all), func(string) bool { return r.IntN(2) == 0 })
	}
	entries := func(list []string, more string) string {
		var parts []string
		for _, p := range list {
			parts = append(parts, "{path: "+quoted(p)+more+"}")
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	component := func(name string, taking bool) string {
		text := "  - name: " + name + "\n"
		if r.IntN(3) > 0 {
			text += "    paths: " + entries(some(), ", methods: ["+pick(r, "GET", "POST", "GET, HEAD")+"], auth: "+pick(r, "public", "auth", "flow", "source", "agent", "public")) + "\n"
		}
		if r.IntN(2) == 0 {
			text += "    ports: " + pick(r, "[]", "[1]", "[2]", "[3, 4]") + "\n"
		}
		if r.IntN(3) == 0 {
			text += "    shared_ports: " + pick(r, "[]", "[443]", "[1]") + "\n"
		}
		if r.IntN(3) == 0 {
			text += "    closed: " + entries([]string{pick(r, "/z", "/y/{id}")}, pick(r, "", ", why: w", ", edge: true")) + "\n"
		}
		if taking && r.IntN(2) == 0 {
			text += "    remove: [" + pick(r, all...) + "]\n"
		}
		if taking && r.IntN(3) == 0 {
			text += "    open: " + entries([]string{pick(r, "/z", "/y/{id}")}, pick(r, "", ", why: w", ", why: w", ", why: w")) + "\n"
		}
		return text
	}
	read, refused := 0, 0
	for round := range 3000 {
		base := "schema: postern.surface/v1\nname: base\nclosed: [{path: /q/**}]\ncomponents:\n" + component("a", false) + component("b", false)
		text := head + "extends: " + pick(r, "base", "base", "base", "base", "base", "other", "../paths/base") + "\n"
		if r.IntN(3) == 0 {
			text += "open: [{path: " + pick(r, "/q/**", "/q") + ", why: w}]\n"
		}
		if r.IntN(6) > 0 {
			text += "components:\n" + component("a", true) + component(pick(r, "b", "c", "c", "a"), r.IntN(2) == 0)
		}
		ours, err, theirs, theirErr := both(text, map[string]string{"base": base})
		if (err == nil) != (theirErr == nil) {
			t.Fatalf("round %d:\n%s---\n%s\nthis reader says %v, the proxy %v", round, base, text, err, theirErr)
		}
		if err != nil {
			refused++
			continue
		}
		read++
		if a, b := written(ours), writtenByProxy(theirs); !slices.Equal(a, b) {
			t.Fatalf("round %d:\n%s---\n%s\n%s\nthe proxy reads\n%s", round, base, text, strings.Join(a, "\n"), strings.Join(b, "\n"))
		}
	}
	if read < 300 || refused < 300 {
		t.Errorf("%d were read and %d refused", read, refused)
	}
}
