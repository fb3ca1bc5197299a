// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/surface"
)

// gates makes random configurations of what decides in gates.
type gates struct{ *rand.Rand }

func (g gates) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g gates) path() string {
	return g.pick("/", "/desktop/", "/desktop", "/finesse/api/User/", "/cfadmin", "/finesse/api/", "/a/b/", "/rpc")
}

func (g gates) pattern() string {
	return g.pick(`^/desktop/`, `/User/`, `^/finesse/api/(User|Team)/[^/]+$`, `\.xml$`, `^/rpc$`, `(?i)cfadmin`, `^/[^/]*/(.*)$`, `^/a(/.*)?$`)
}

func (g gates) statement() string {
	switch g.IntN(12) {
	case 0:
		return "return " + g.pick("403", "421", "204") + ";"
	case 1:
		return fmt.Sprintf("rewrite %s %s %s;", g.pattern(), g.pick("/desktop/$1", "/cfadmin", "/a/b/x"), g.pick("last", "break"))
	case 2:
		return fmt.Sprintf("if (%s %s \"%s\") { return 403; }", g.pick("$request_uri", "$uri", "$http_x_y", "$args"), g.pick("~", "!~", "~*"), g.pattern())
	case 3:
		return "if ($request_method != GET) { return 405; }"
	case 4:
		return "limit_except GET { deny all; }"
	case 5:
		return g.pick("allow 10.0.0.0/8; deny all;", "deny 10.1.0.0/16;")
	case 6:
		return "if ($arg_debug) { return 418; }"
	case 7:
		return "if ($open = 0) { return 404; }"
	case 8:
		return "error_page 403 " + g.pick("/desktop/x", "@named") + ";"
	}
	return ""
}

func (g gates) configuration() string {
	var b strings.Builder
	b.WriteString("http {\nupstream up { server 127.0.0.1:9445; }\n")
	fmt.Fprintf(&b, "map %s $open { default %s; %q 1; %q 0; }\n", g.pick("$uri", "$request_uri", "$host", "$http_z"), g.pick("0", "1"), "~"+g.pattern(), g.path())
	b.WriteString("server { listen 80 default_server; return 444; }\n")
	fmt.Fprintf(&b, "server {\nlisten 80;\nserver_name %s;\n%s\n", g.pick("desk.example", "desk.example *.example", ".desk.example", `~^d(?<rest>.*)$`), g.pick("", "", "merge_slashes off;", g.statement()))
	taken := map[string]bool{}
	for range 1 + g.IntN(4) {
		head := g.pick("= ", "^~ ", "") + g.path()
		if g.IntN(3) == 0 {
			head = g.pick("~ ", "~* ") + `"` + g.pattern() + `"`
		}
		if key := strings.TrimPrefix(head, "^~ "); taken[key] {
			continue
		} else {
			taken[key] = true
		}
		target := g.pick("http://up", "http://up", "http://up/finesse", "http://up$uri", "http://up$request_uri")
		if strings.HasPrefix(head, "~") && strings.HasSuffix(target, "finesse") {
			target = "http://up"
		}
		fmt.Fprintf(&b, "location %s {\n%s\n%s\nproxy_pass %s;\n}\n", head, g.statement(), g.statement(), target)
	}
	b.WriteString("location @named { proxy_pass http://up; }\n}\n}\n")
	return b.String()
}

func (g gates) request() request.Request {
	target := ""
	for range 1 + g.IntN(4) {
		target += g.pick("/", "/desktop", "/finesse/api/User/1", "/cfadmin", "/..", "/.", "/%2e%2e", "%2f", "/a", "/b", "/x.xml", "/rpc", "//", "/..;", "/CFADMIN", "%0a", "/finesse/api/Team/a")
	}
	if target[0] != '/' {
		target = "/" + target
	}
	if g.IntN(4) == 0 {
		target += g.pick("?debug=1", "?a=b", "?")
	}
	host := g.pick("desk.example", "a.example", "other", "desk.example:80")
	q := request.Request{Port: 80, Host: &host, Method: g.pick("GET", "GET", "POST", "PUT"), Target: target, Client: g.pick("10.0.0.1", "10.1.0.1", "192.0.2.1")}
	if g.IntN(3) == 0 {
		q.Headers = append(q.Headers, [2]string{g.pick("X-Y", "Z"), g.pick("/desktop/", "/cfadmin", "1")})
	}
	return q
}

// What gets through must be of a kind that the proof names, and what the proof names
// must get through.
func FuzzProofAndRequestsAgree(f *testing.F) {
	for seed := range uint64(6) {
		f.Add(seed)
	}
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := gates{rand.New(rand.NewPCG(seed, 1))}
		text := g.configuration()
		tree := nginx.Parse("n.conf", text)
		if len(tree.Errors) > 0 {
			t.Fatalf("%v\n%s", tree.Errors, text)
		}
		cfg := nginx.Effective(tree, nginx122)
		p := Prove(Input{
			Config: cfg, Surface: s, Names: []string{"desk.example"}, Ways: 600, Terms: 60_000,
			Component: func(string, []string) *surface.Component { return s.Named("finesse") },
		})
		m := request.New(cfg, request.Options{})
		ways := map[string]bool{}
		for _, w := range p.Ways {
			ways[w.Socket+w.Server+w.Upstream] = true
			if len(w.Suppose) > 0 {
				continue
			}
			out := m.Handle(w.Witness)
			if out.Kind != request.Forwarded || out.Upstream != w.Upstream || out.Path != w.Sent || out.Server != w.Server {
				t.Errorf("the witness %q (%v) ends %s %q at %s (%s), not %q at %s\n%s", line(w.Witness), w.Witness.Headers, out.Kind, out.Path, out.Location, out.Reason, w.Sent, w.Location, text)
			}
		}
		if len(p.Undecided) > 0 {
			return
		}
		for range 60 {
			q := g.request()
			if out := m.Handle(q); out.Kind == request.Forwarded && !ways["*:80"+out.Server+out.Upstream] {
				t.Errorf("%q gets to %s at %s, and no way leads there\n%s\n%s", line(q), out.Upstream, out.Location, show(p), text)
			}
		}
	})
}

// A configuration that is made to explode ends as not known, soon and in little
// memory.
func TestAnExplosionEndsAsUndecided(t *testing.T) {
	var b strings.Builder
	b.WriteString("http { upstream up { server 127.0.0.1:9445; }\nserver { listen 80; server_name desk.example;\n")
	for i := range 12 {
		fmt.Fprintf(&b, "location ~ \"(a|b)*a(a|b){%d}c(a|b){%d}$\" { proxy_pass http://up; }\n", 14+i, 15+i)
	}
	for i := range 40 {
		fmt.Fprintf(&b, "if ($http_h%d ~ \"x(y|z)*z(y|z){9}\") { set $v%d 1; }\n", i, i)
	}
	b.WriteString("location / { if ($request_uri ~ \"(/.*a){9}(/.*b){9}\") { return 403; } proxy_pass http://up; }\n}}\n")
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	p := Prove(Input{
		Config: nginx.Effective(nginx.Parse("n.conf", b.String()), nginx122), Surface: s,
		Component: func(string, []string) *surface.Component { return s.Named("finesse") },
	})
	runtime.ReadMemStats(&after)
	if p.Proved() || len(p.Undecided) == 0 {
		t.Error("it is said to be decided")
	}
	t.Logf("%v, %d requests followed, %d MB held, coverage %d %%", time.Since(start), p.Followed, (after.HeapInuse-min(before.HeapInuse, after.HeapInuse))>>20, p.Coverage.Percent())
	if p.Coverage.Percent() == 100 {
		t.Error("the coverage is said to be whole")
	}
}
