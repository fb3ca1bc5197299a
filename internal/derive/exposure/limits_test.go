// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
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
		{"one guard is enough", "http {" + up + "server { listen 80; server_name desk.example; location = /auth { internal; proxy_pass http://guard:1; } location = /cfadmin { satisfy any; deny all; auth_request /auth; proxy_pass http://up; } location / { return 421; } } }", true},
		{"a password is enough", "http {" + up + "server { listen 80; server_name desk.example; location = /cfadmin { satisfy any; deny all; auth_basic x; auth_basic_user_file y; proxy_pass http://up; } location / { return 421; } } }", true},
		{"a script that asks nobody is enough", "http {" + up + "server { listen 80; server_name desk.example; location = /auth { internal; proxy_pass http://guard:1; } location = /rpc { satisfy any; auth_request /auth; access_by_lua_block { local x = 1 } limit_except GET { deny all; } proxy_pass http://up; } location / { return 421; } } }", true},
		{"a page for the status of a script", "http {" + up + "server { listen 80; server_name desk.example; location = /x { error_page 418 = @back; access_by_lua_block { ngx.exit(418) } root /none; } location @back { proxy_pass http://up; } location / { return 421; } } }", true},
		{"an upstream that is down", "http {" + up + "server { listen 80; server_name desk.example; location = /rpc { error_page 502 504 = @b; limit_except GET { deny all; } proxy_pass http://up; } location @b { proxy_pass http://other; } location / { return 421; } } }", true},
		{"a limit that is reached", "http {" + up + "server { listen 80; server_name desk.example; location = /rpc { limit_req zone=z; error_page 503 = @b; return 200; } location = /f { limit_conn y 1; error_page 503 = @b; root /none; } location @b { proxy_pass http://up; } location / { return 421; } } }", true},
		{"a range that no file has", "http {" + up + "server { listen 80; server_name desk.example; location /f/ { root /none; error_page 416 = @b; } location @b { proxy_pass http://up; } location / { return 421; } } }", true},
		{"a chain of intercepted errors", "http {" + up + "server { listen 80; server_name desk.example; recursive_error_pages on; proxy_intercept_errors on; location = /rpc { error_page 404 = @b; proxy_pass http://up; } location @b { error_page 404 = @c; proxy_pass http://up; } location @c { proxy_pass http://other; } location / { return 421; } } }", true},
		{"a client with a certificate", "http {" + up + "server { listen 443 ssl; server_name desk.example; ssl_verify_client on; ssl_client_certificate ca.pem; location = /cfadmin { proxy_pass http://up; } location / { return 421; } } }", true},
		{"a client with an IPv6 address", "http {" + up + "server { listen [::1]:80; server_name desk.example; location = /cfadmin { allow ::1; deny all; proxy_pass http://up; } location / { return 421; } } }", true},
		{"a network of IPv6", "http {" + up + "geo $in { default 0; ::1/128 1; } server { listen [::]:80; server_name desk.example; location = /cfadmin { if ($in = 0) { return 403; } proxy_pass http://up; } location / { return 421; } } }", true},
		{"HTTP/2", "http {" + up + "server { listen 443 ssl http2; server_name desk.example; location = /cfadmin { if ($server_protocol != HTTP/2.0) { return 404; } proxy_pass http://up; } location / { return 421; } } }", false},
		{"HTTP/0.9", "http {" + up + "server { listen 80; server_name desk.example; if ($server_protocol ~ ^HTTP/1) { return 404; } location / { proxy_pass http://up; } } }", true},
		{"a page that the client names", "http {" + up + "server { listen 80; server_name desk.example; location = /q { error_page 404 $arg_go; return 404; } location /s/ { internal; proxy_pass http://up; } location / { return 421; } } }", true},
		{"a named location that the client names", "http {" + up + "server { listen 80; server_name desk.example; location = /q { error_page 404 @be_$arg_v; return 404; } location @be_s { proxy_pass http://up; } location / { return 421; } } }", true},
		{"try_files with a name that the client gives", "http {" + up + "server { listen 80; server_name desk.example; location = /q { root /none; try_files /nope @be_$arg_v; } location @be_s { proxy_pass http://up; } location / { return 421; } } }", true},
		{"an answer that leads to an internal pattern", "http {" + up + "access_log /x; server { listen 80; server_name desk.example; location = /rpc { limit_except GET { deny all; } proxy_pass http://up; } location ~ ^/int/ { internal; proxy_pass http://other; } location / { return 421; } } }", true},
		{"an answer that leads to a named location", "http {" + up + "server { listen 80; server_name desk.example; location = /rpc { limit_except GET { deny all; } proxy_pass http://up; } location @s { proxy_pass http://other; } location / { return 421; } } }", true},
		{"a guard that is asked for any path", "http {" + up + "server { listen 80; server_name desk.example; location /y/ { auth_request /auth; root /none; } location = /auth { internal; proxy_pass http://up$request_uri; } location / { return 421; } } }", false},
		{"a path that try_files replaced", "http {" + up + "server { listen 80; server_name desk.example; location = /rp { if ($arg_f !~ ^/[a-z]) { return 404; } root /none; try_files $arg_f =404; limit_except GET { deny all; } proxy_pass http://up/rpc; } location / { return 421; } } }", false},
		{"a host that is an address", "http {" + up + "server { listen 80 default_server; return 444; } server { listen 80; server_name [::1]; location = /cfadmin { proxy_pass http://up; } location / { return 421; } } }", true},
		{"a port that is a word", "http {" + up + "server { listen 80; server_name desk.example; location = /cfadmin { if ($http_host !~ :adm) { return 404; } proxy_pass http://up; } location / { return 421; } } }", true},
		{"a handshake with capitals", "http {" + up + "server { listen 443 ssl; server_name desk.example; location = /cfadmin { if ($ssl_server_name !~ [A-Z]) { return 404; } proxy_pass http://up; } location / { return 421; } } }", true},
		{"a handshake with capitals that is compared with the Host as well", "http {" + up + "server { listen 443 ssl default_server; return 444; } server { listen 443 ssl; server_name desk.example; ssl_verify_client optional; ssl_client_certificate /x; location = /cfadmin { if ($ssl_server_name !~ ^DESK[.]EXAMPLE\\z) { return 404; } proxy_pass http://up; } location / { return 421; } } }", false},
		{"a request line without a path", "http {" + up + "server { listen 80; server_name desk.example; location / { if ($request_uri ~ ^/) { return 404; } proxy_pass http://up; } } }", true},
		{"server side includes", "http {" + up + "server { listen 80; server_name desk.example; location = /rpc { ssi on; limit_except GET { deny all; } proxy_pass http://up; } location / { return 421; } } }", false},
		{"a header of sixty maps, each made of another one twice", "http {" + up + doubled(60) + "server { listen 80; server_name desk.example; location = /rpc { limit_except GET { deny all; } auth_basic x; auth_basic_user_file y; proxy_set_header X $m0; proxy_pass http://up; } location / { return 421; } } }", true},
		{"a condition on the body", "http {" + up + "server { listen 80; server_name desk.example; location / { if ($content_length !~ ^1) { return 421; } proxy_pass http://up; } } }", true},
		{"slashes of the handshake", "http {" + up + "server { listen 443 ssl; server_name a.example; return 421; } server { listen 443 ssl; server_name desk.example; merge_slashes off; location / { return 421; } location ^~ // { proxy_pass http://up; } } }", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Prove(Input{
				Config: nginx.Effective(nginx.Parse("n.conf", c.text), nginx122), Surface: s,
				Script: func(nginx.Setting) request.Script { return request.Script{OnlyRefuses: true} },
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

// doubled are maps each of which is made of the next one twice, so that who looks at all ways
// through them never ends.
func doubled(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "map $host $m%d { default $m%d$m%d; }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "map $host $m%d { default $request_body; }\n", n)
	return b.String()
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
