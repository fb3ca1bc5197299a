// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"os"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/surface"
)

// Each of these gates lets something through beside what the usual requests show, or
// may do so: to call it proved would be wrong.
func TestWhatTheUsualRequestsDoNotShowIsNotProved(t *testing.T) {
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	const up = "upstream up { server 127.0.0.1:9445; }\n"
	for _, c := range []struct {
		name, text string
		// open says that a way is to be found, else that something is undecided.
		open bool
	}{
		{"nothing listens", "http { }", false},
		{"a stream server", "stream { server { listen 9000; proxy_pass 127.0.0.1:8445; } }\nhttp { server { listen 80; return 444; } }", false},
		{"HTTP/3 alone", "http { server { listen 443 quic; location / { proxy_pass http://up; } } " + up + "}", false},
		{"a page for bad heads", "http {" + up + "server { listen 80; error_page 400 @bad; location / { return 421; } location @bad { proxy_pass http://up; } } }", true},
		{"a page for TRACE", "http {" + up + "server { listen 80; error_page 405 /cfadmin; location / { return 421; } location = /cfadmin { internal; proxy_pass http://up; } } }", true},
		{"the older version", "http {" + up + "server { listen 80; server_name desk.example; location / { if ($server_protocol != HTTP/1.0) { return 421; } proxy_pass http://up; } } }", true},
		{"the method of the upstream's request", "http {" + up + "server { listen 80; server_name desk.example; location = /rpc { limit_except GET { deny all; } proxy_method DELETE; proxy_pass http://up; } location / { return 421; } } }", true},
		{"server side includes", "http {" + up + "server { listen 80; server_name desk.example; location = /rpc { ssi on; limit_except GET { deny all; } proxy_pass http://up; } location / { return 421; } } }", false},
		{"a condition on the body", "http {" + up + "server { listen 80; server_name desk.example; location / { if ($content_length !~ ^1) { return 421; } proxy_pass http://up; } } }", true},
		{"slashes of the handshake", "http {" + up + "server { listen 443 ssl; server_name a.example; return 421; } server { listen 443 ssl; server_name desk.example; merge_slashes off; location / { return 421; } location ^~ // { proxy_pass http://up; } } }", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Prove(Input{
				Config: nginx.Effective(nginx.Parse("n.conf", c.text), nginx122), Surface: s,
				Component: func(u string, _ []string) *surface.Component {
					if strings.HasSuffix(u, "up") {
						return s.Named("finesse")
					}
					return nil
				},
			})
			if p.Proved() {
				t.Errorf("it is said to be proved:\n%s", show(p))
			}
			open := false
			for _, w := range p.Ways {
				open = open || w.Counterexample()
			}
			if open != c.open || !open && len(p.Undecided) == 0 {
				t.Errorf("a way is found: %v\n%s", open, show(p))
			}
		})
	}
}

// A budget that ends anywhere must not end in a proof: what is beyond it looks empty.
func TestNoBudgetMakesAProofOfAnOpenGate(t *testing.T) {
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	const text = `http { upstream up { server 127.0.0.1:9445; }
		server { listen 80; server_name desk.example; if ($http_a ~ x.*y) { return 403; }
			location ~ ^/([a-z]+)/x$ { return 421; } location / { return 421; } location = /cfadmin { proxy_pass http://up; } } }`
	cfg := nginx.Effective(nginx.Parse("n.conf", text), nginx122)
	whole := 0
	for terms := 3; terms < 6000; terms += 1 + terms/12 {
		p := Prove(Input{Config: cfg, Surface: s, Terms: terms, Component: func(string, []string) *surface.Component { return s.Named("finesse") }})
		if p.Proved() {
			t.Errorf("%d terms: it is said to be proved", terms)
		}
		if len(p.Undecided) == 0 {
			whole++
		}
	}
	if whole == 0 {
		t.Error("no budget was enough to decide, so that the last ones show nothing")
	}
}
