// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func request(target string) Request {
	return Request{
		Method: "GET", Target: target, Proto: "HTTP/1.1", ServerName: "desk-a.agents.example", Port: 8445,
		Fields: []Field{{"Host", desk}},
	}
}

func TestDecideNamesUpstreamTemplateAndClass(t *testing.T) {
	p := samplePolicy(t)
	fin := Endpoint{"fin-a.corp.example", 8445}
	front := Endpoint{"desk-a.agents.example", 8445}
	for _, test := range []struct {
		name    string
		request Request
		want    Decision
	}{
		{"a public page", request("/desktop/?a=b"), Decision{Allow: true, Component: "finesse", External: front, Upstream: fin, Template: "/desktop/**", Auth: AuthPublic, Path: "/desktop/", Query: "a=b"}},
		{"the narrower template gives the class", request("/desktop/api/languages"), Decision{Allow: true, Component: "finesse", External: front, Upstream: fin, Template: "/desktop/api/**", Auth: AuthFlow, Path: "/desktop/api/languages"}},
		{"the list of resources is for the proxy itself", request("/desktop/api/urls"), Decision{Reason: PathClosed, Status: 403, Component: "finesse", External: front, Upstream: fin, Template: "/desktop/api/urls/**", Path: "/desktop/api/urls"}},
		{"an agent's resource", request("/finesse/api/User/1001/Dialogs"), Decision{Allow: true, Component: "finesse", External: front, Upstream: fin, Template: "/finesse/api/User/{id}/**", Auth: AuthAgent, Path: "/finesse/api/User/1001/Dialogs"}},
		{"a closed path names its closing template", request("/finesse/api/Users"), Decision{Reason: PathClosed, Status: 403, Component: "finesse", External: front, Upstream: fin, Template: "/finesse/api/Users/**", Path: "/finesse/api/Users"}},
		{"another method tells which are open", func() Request { r := request("/ws"); r.Method = "POST"; return r }(), Decision{Reason: MethodUnlisted, Status: 405, Component: "finesse", External: front, Upstream: fin, Template: "/ws", Methods: "GET", Path: "/ws"}},
		{"an unknown path", request("/nothing"), Decision{Reason: PathUnlisted, Status: 421, Component: "finesse", External: front, Upstream: fin, Path: "/nothing"}},
		{"clear text", Request{Plain: true}, Decision{Reason: PlainHTTP, Status: 444}},
		{"no version", Request{}, Decision{Reason: Version, Status: 505}},
		{"upper-case host names the same endpoint", func() Request { r := request("/ws"); r.Fields[0].Value = "DESK-A.Agents.Example:8445"; return r }(), Decision{Allow: true, Component: "finesse", External: front, Upstream: fin, Template: "/ws", Auth: AuthAgent, Path: "/ws"}},
		{"the same name on another port is another component", func() Request {
			r := request("/ids/v1/oauth/token")
			r.Port, r.Fields[0].Value = 8553, "desk-a.agents.example:8553"
			return r
		}(), Decision{Allow: true, Component: "ids", External: Endpoint{"desk-a.agents.example", 8553}, Upstream: Endpoint{"ids-a.corp.example", 8553}, Template: "/ids/v1/oauth/token", Auth: AuthFlow, Path: "/ids/v1/oauth/token"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Decide(p, test.request)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestZeroPolicyRefusesEverything(t *testing.T) {
	if d := Decide(Policy{}, request("/desktop/")); d.Allow || d.Reason == "" {
		t.Errorf("%+v", d)
	}
}

func TestClosedParameterTakesEncodedSegments(t *testing.T) {
	s := Surface{Schema: SurfaceSchema, Name: "x", Components: []Component{{
		Name: "finesse", Ports: []int{8445},
		Paths:  []Path{{Template: "/a/**", Methods: []string{"GET"}, Auth: AuthPublic}},
		Closed: []Closed{{Template: "/a/{id}/admin/**"}},
	}}}
	p, err := NewPolicy(s, mustMap(t, "fin-a.corp.example:8445=desk-a.agents.example:8445"), PolicyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]Reason{"/a/b%20c/admin": PathClosed, "/a/b/admin/x": PathClosed, "/a/b%40c/adm": "", "/a": "", "/a/": "", "/b": PathUnlisted} {
		if d := Decide(p, request(target)); d.Reason != want {
			t.Errorf("%s: %q, want %q", target, d.Reason, want)
		}
	}
}

func TestPolicyFaultsAreNamed(t *testing.T) {
	surface := sampleSurface(t)
	m := mustMap(t, sampleMap)
	for _, test := range []struct {
		name    string
		options PolicyOptions
		want    string
	}{
		{"a node outside the map", PolicyOptions{Nodes: []Node{{Endpoint{"x.y", 1}, "finesse"}}}, "does not name this endpoint"},
		{"a node twice", PolicyOptions{Nodes: append(sampleNodes, sampleNodes...)}, "declared twice"},
		{"an unknown component", PolicyOptions{Nodes: []Node{{sampleNodes[0].Internal, "nonsense"}}}, `"nonsense" is not in the surface`},
		{"a name outside the map", PolicyOptions{Names: []Endpoint{{"x.y", 1}}}, "external endpoint x.y:1"},
		{"an origin with a path", PolicyOptions{Origins: []string{"https://x.y/"}}, "origin"},
		{"an origin in clear text", PolicyOptions{Origins: []string{"http://x.y"}}, "origin"},
		{"a negative limit", PolicyOptions{Limits: Limits{Fields: -1}}, "fields is negative"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := NewPolicy(surface, m, test.options)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v", err)
			}
		})
	}
	_, err := NewPolicy(surface, mustMap(t, "x-a.corp.example:443=desk-a.agents.example:443"), PolicyOptions{})
	if err == nil || !strings.Contains(err.Error(), "declare one") {
		t.Errorf("ambiguous port: %v", err)
	}
}

// What the guard is for: if net/http ever learns to refuse these, the guard may go.
func TestNetHTTPAloneWouldForgive(t *testing.T) {
	for name, raw := range map[string]string{
		"bare LF":             "GET / HTTP/1.1\nHost: a\n\n",
		"underscore":          "GET / HTTP/1.1\r\nHost: a\r\nX_Client_IP: 1\r\n\r\n",
		"equal lengths twice": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
		"obsolete folding":    "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
	} {
		if _, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw))); err != nil {
			t.Errorf("%s: net/http refuses it now: %v", name, err)
		}
		end, refused := headEnd([]byte(raw), 0)
		if refused == "" {
			var r Request
			if r, refused = ParseHead([]byte(raw[:end])); refused == "" {
				_, refused = readFields(&r, Limits{}.withDefaults())
			}
		}
		if refused == "" {
			t.Errorf("%s: the guard forgives it too", name)
		}
	}
}

// normalForms spells a path as lenient servers would: every mixture of repeated
// decoding, folded backslashes, cut parameters, merged slashes, removed dot
// segments and dropped trailing dots and blanks.
func normalForms(target string) []string {
	path, _, _ := cutTarget(target)
	forms := map[string]bool{path: true}
	steps := []func(string) string{
		func(s string) string {
			if u, err := url.PathUnescape(s); err == nil {
				return u
			}
			return s
		},
		func(s string) string { return strings.ReplaceAll(s, `\`, "/") },
		func(s string) string {
			parts := strings.Split(s, "/")
			for i := range parts {
				parts[i], _, _ = strings.Cut(parts[i], ";")
			}
			return strings.Join(parts, "/")
		},
		func(s string) string {
			for strings.Contains(s, "//") {
				s = strings.ReplaceAll(s, "//", "/")
			}
			return s
		},
		func(s string) string {
			var out []string
			for _, part := range strings.Split(s, "/") {
				switch part {
				case ".":
				case "..":
					out = out[:max(0, len(out)-1)]
				default:
					out = append(out, part)
				}
			}
			return "/" + strings.TrimPrefix(strings.Join(out, "/"), "/")
		},
		func(s string) string {
			parts := strings.Split(s, "/")
			for i := range parts {
				parts[i] = strings.TrimRight(parts[i], " \t")
			}
			return strings.Join(parts, "/")
		},
		func(s string) string {
			parts := strings.Split(s, "/")
			for i := range parts {
				if trimmed := strings.TrimRight(parts[i], "."); trimmed != "" {
					parts[i] = trimmed
				}
			}
			return strings.Join(parts, "/")
		},
		func(s string) string { s, _, _ = strings.Cut(s, "\x00"); return s },
		func(s string) string { s, _, _ = strings.Cut(s, "?"); return s },
		func(s string) string { s, _, _ = strings.Cut(s, "#"); return s },
	}
	all := []string{path}
	for i := 0; i < len(all) && len(all) < 200; i++ {
		for _, step := range steps {
			if form := step(all[i]); !forms[form] {
				forms[form] = true
				all = append(all, form)
			}
		}
	}
	return all
}

// inSurface is a second reading of the template grammar, on decoded paths.
func inSurface(s Surface, component, path string) bool {
	matches := func(template string) bool {
		words, open := strings.CutSuffix(template, "/**")
		want, have := strings.Split(words, "/"), strings.Split(path, "/")
		if len(have) < len(want) || (len(have) > len(want) && !open) {
			return false
		}
		for i, w := range want {
			if strings.HasPrefix(w, "{") && have[i] != "" {
				continue
			}
			if w != have[i] {
				return false
			}
		}
		return true
	}
	for _, c := range s.Components {
		if c.Name != component {
			continue
		}
		for _, closed := range append(append([]Closed(nil), c.Closed...), s.Closed...) {
			if matches(closed.Template) {
				return false
			}
		}
		for _, p := range c.Paths {
			if matches(p.Template) {
				return true
			}
		}
	}
	return false
}

func FuzzAllowedTargetStaysInsideHoweverNormalised(f *testing.F) {
	for _, a := range attacks() {
		if r, refused := ParseHead([]byte(a.request)); refused == "" {
			f.Add(r.Target)
		}
	}
	f.Add("/desktop/a%20b/c%40d")
	policy, surface := samplePolicy(f), sampleSurface(f)
	f.Fuzz(func(t *testing.T, target string) {
		d := Decide(policy, request(target))
		if d.Allow == (d.Reason != "") || d.Allow != (d.Status == 0) {
			t.Fatalf("%q: inconsistent %+v", target, d)
		}
		if !d.Allow {
			return
		}
		if d.Path != target && d.Path+"?"+d.Query != target {
			t.Fatalf("%q: would be forwarded as %q %q", target, d.Path, d.Query)
		}
		for _, form := range normalForms(target) {
			if !inSurface(surface, d.Component, form) {
				t.Fatalf("%q: allowed by %s, but may be read as %q", target, d.Template, form)
			}
		}
	})
}

func FuzzHeadReadersAgree(f *testing.F) {
	for _, a := range attacks() {
		f.Add([]byte(a.request))
	}
	limits := Limits{}.withDefaults()
	f.Fuzz(func(t *testing.T, raw []byte) {
		end, refused := headEnd(raw, 0)
		if refused != "" || end == 0 {
			return
		}
		r, refused := ParseHead(raw[:end])
		if refused != "" {
			return
		}
		fields, refused := readFields(&r, limits)
		if refused != "" {
			return
		}
		std, err := http.ReadRequest(bufio.NewReader(strings.NewReader(string(raw[:end]))))
		if err != nil {
			return // net/http is stricter here, which is no danger
		}
		if std.Method != r.Method || std.RequestURI != r.Target || std.Proto != r.Proto {
			t.Fatalf("request line: %q %q %q, net/http %q %q %q", r.Method, r.Target, r.Proto, std.Method, std.RequestURI, std.Proto)
		}
		if strings.HasPrefix(r.Target, "/") && std.Host != fields.host {
			t.Fatalf("host %q, net/http %q", fields.host, std.Host)
		}
		length := max(fields.length, 0)
		if fields.chunked {
			length = -1
		}
		if std.ContentLength != length {
			t.Fatalf("length %d, net/http %d", length, std.ContentLength)
		}
	})
}

// The oracle above must be able to fail.
func TestNaiveNormaliserSeesThroughEverySpelling(t *testing.T) {
	surface := sampleSurface(t)
	for _, target := range []string{
		"/desktop/../cfadmin", "/desktop/%2e%2e/cfadmin", "/desktop/..%2fcfadmin", "/desktop/%252e%252e/cfadmin", "/desktop/..;/cfadmin", `/desktop/..\cfadmin`,
		"/desktop/..%5ccfadmin", "/desktop/.. /../cfadmin", "/desktop/..%253b/cfadmin", "/finesse/api/User/../Users", "/desktop/%2e%2e;x=y/%63fadmin.", "/finesse/api/Users%00/desktop",
	} {
		outside := false
		for _, form := range normalForms(target) {
			outside = outside || !inSurface(surface, "finesse", form)
		}
		if !outside {
			t.Errorf("%s: every reading seems to be inside", target)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	p := samplePolicy(b)
	for name, target := range map[string]string{
		"first template": "/desktop/container/j.js", "user dialogs": "/finesse/api/User/1001001/Dialogs?x=y", "unlisted": "/favicon.ico", "traversal": "/desktop/../cfadmin",
	} {
		r := request(target)
		r.Fields = append(r.Fields, Field{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"}, Field{"Accept", "*/*"}, Field{"Cookie", "a=b; c=d"}, Field{"Authorization", "Basic YTpi"})
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Decide(p, r)
			}
		})
	}
}
