// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"os"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/surface"
)

// Each of the gates that are open forwards something that is not in the surface, for a
// request that is written in an unusual way; real nginx was seen to do it. The others
// show that no more than that is left open.
func TestUnusualWaysToWriteARequestAreFollowed(t *testing.T) {
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	const open, undecided, proved = "open", "undecided", "proved"
	for _, c := range []struct{ name, http, server, want string }{
		{"a line feed in arguments", "", `location ~ ^/desktop/api/x { rewrite ^ /desktop/api/x?p=$uri? break; proxy_pass http://up; }`, open},
		{"a line feed behind a path", "", `location ~ ^/desktop/api/x { proxy_pass http://up/desktop/api/x?p=$uri; }`, open},
		{"arguments as they came", "", `location = /desktop/api/x { proxy_pass http://up/desktop/api/x?p=1&$args; }`, proved},
		{"arguments that a rewrite adds to", "", `location = /desktop/api/x { rewrite ^ /desktop/api/x?p=1 break; proxy_pass http://up; }`, proved},
		{"a line feed in a header", "", `location ~ ^/desktop/api/x { set $u $uri; rewrite ^ /desktop/api/x? break; proxy_set_header X-U $u; proxy_pass http://up; }`, open},
		{"a line feed in a header by a map", `map $uri $u { default ""; "~^/desktop/(.*)" $1; }`, `location ~ ^/desktop/api/x { set $v $u; rewrite ^ /desktop/api/x? break; proxy_set_header X-U $v; proxy_pass http://up; }`, open},
		{"a header for one path", "", `location = /desktop/api/x { proxy_set_header X-U $uri; proxy_set_header A $http_x; proxy_pass http://up; }`, proved},
		{"an escape in the path of proxy_pass", "", `location = /desktop/api/a { proxy_pass http://up/desktop/api/%75rls; }`, open},
		{"arguments in the path of proxy_pass", "", `location = /desktop/api/a { proxy_pass http://up/desktop/api/urls?p=; }`, undecided},
		{"a page for a line that is none", "", `error_page 400 /p; location = /p { internal; if ($request_uri != "") { return 403; } proxy_pass http://up/cfadmin; }`, proved},
		{"a value with two names", "", `location = /desktop/api/x { if ($uri != $document_uri) { return 403; } proxy_pass http://up; }`, proved},
		{"a target that is written as its path", "", `location = /desktop/api/x { if ($request_uri = $uri) { return 403; } proxy_pass http://up/cfadmin; }`, open},
		{"only a target that is written as its path", "", `location /desktop/ { if ($request_uri != $uri) { return 403; } if ($request_uri ~ [?#]) { proxy_pass http://up; } return 403; }`, proved},
		{"a fragment", "", `location = /desktop/api/x { if ($Request_URI !~ "#") { return 403; } proxy_pass http://up/cfadmin; }`, open},
		{"a fragment behind arguments", "", `location = /desktop/api/x { if ($request_uri !~ "[?].+#a") { return 403; } proxy_pass http://up/cfadmin; }`, open},
		{"a cookie behind a comma", "", `location = /desktop/api/x { if ($http_cookie !~ "^a=b,v=") { return 403; } proxy_pass http://up/desktop/api/x$cookie_v; }`, undecided},
		{"a group that has the name of a cookie", "", `location = /desktop/api/x { if ($http_a ~ "(?<cookie_v>b)") { return 403; } proxy_pass http://up/desktop/api/x$cookie_v; }`, proved},
		{"groups whose names differ in their case", "", `location = /desktop/api/x { if ($http_a ~ "^(?<p>/desktop/api/x)?(?<P>.*)$") { } if ($p != /cfadmin) { return 403; } proxy_pass http://up/desktop/api/x; }`, undecided},
		{"a variable of nginx that is set sometimes", "", `location = /desktop/api/x { if ($arg_a) { set $ssl_protocol x; } if ($ssl_protocol = TLSv1.3) { rewrite ^ /cfadmin break; } proxy_pass http://up; }`, undecided},
		{"an own variable that is set sometimes", "", `location = /desktop/api/x { if ($arg_a) { set $own /cfadmin; } proxy_ignore_headers X-Accel-Redirect; if ($own != "") { return 403; } proxy_pass http://up; }`, proved},
		{"a line without a Host header", "", `location = /desktop/api/x { if ($http_host != "") { return 403; } proxy_pass http://up/cfadmin; }`, open},
		{"a line with a name, a dot and a port", "", `location / { if ($request !~ "^GET a://desk.example.:1/cfadmin HTTP/1.00  $") { return 403; } proxy_pass http://up; }`, open},
		{"a line that ends with the host", "", `location / { if ($request !~ "^GET  [^/]*://[^/]* HTTP") { return 403; } proxy_pass http://up/cfadmin; }`, open},
		{"a line that is written in the one way", "", `if ($request !~ "^GET /desktop/api/x HTTP/1\.[01]\z") { return 400; } location / { proxy_ignore_headers X-Accel-Redirect; proxy_pass http://up; }`, proved},
		{"a protocol with spaces", "", `location = /x { if ($server_protocol !~ " \z") { return 403; } proxy_pass http://up/cfadmin; }`, open},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := "http { upstream up { server 127.0.0.1:9445; } " + c.http + " server { listen 80 default_server; return 444; } server { listen 80; server_name desk.example; if ($request_method != GET) { return 405; } if ($request_uri ~* \"(\\.|%2e){2}\") { return 400; } " + c.server + " } }"
			is := verdictOf(Prove(Input{Config: nginx.Effective(nginx.Parse("n.conf", text), nginx122), Surface: s, Component: theOne(s)}))
			if is != c.want {
				t.Errorf("%s, not %s", is, c.want)
			}
		})
	}
}

func theOne(s *surface.Surface) func(string, []string) *surface.Component {
	return func(string, []string) *surface.Component { return s.Named("finesse") }
}

func verdictOf(p *Proof) string {
	switch {
	case p.Proved():
		return "proved"
	case strings.Contains(show(p), "undecided") && len(p.Undecided) > 0 && !counterexample(p):
		return "undecided"
	}
	return "open"
}

func counterexample(p *Proof) bool {
	for _, w := range p.Ways {
		if w.Counterexample() {
			return true
		}
	}
	return len(p.Escapes) > 0
}

// The name of a handshake may be any bytes; nginx looks at what is a name of a host in it.
func TestNamesOfHandshakesAreFollowedAsTheyAreSent(t *testing.T) {
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	for condition, want := range map[string]string{
		`$ssl_server_name !~ "^desk.example[.]?:"`: "open",
		`$ssl_server_name !~ "/"`:                  "open",
		`$ssl_server_name !~ "^\[.*\]x"`:           "open",
		`$ssl_server_name !~ "^\["`:                "open",
		`$ssl_server_name !~ "^a[.]:b[.]"`:         "open",
		`$ssl_server_name !~ "[.][.]"`:             "open",
		`$ssl_server_name !~ "\x00"`:               "proved",
	} {
		text := "http { upstream up { server 127.0.0.1:9445; } server { listen 443 ssl; server_name desk.example; location = /x { if (" + condition + ") { return 403; } proxy_pass http://up/cfadmin; } location / { return 403; } } }"
		if is := verdictOf(Prove(Input{Config: nginx.Effective(nginx.Parse("n.conf", text), nginx122), Surface: s, Component: theOne(s)})); is != want {
			t.Errorf("%s: %s, not %s", condition, is, want)
		}
	}
}

// A method that a script lets pass is one that nobody was asked for, whatever an upstream
// gets in its place.
func TestAMethodThatIsSparedIsNotGuarded(t *testing.T) {
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	for settings, want := range map[string]string{"": "proved", "proxy_method GET;": "open"} {
		text := "http { upstream up { server 127.0.0.1:9445; } server { listen 80 default_server; return 444; } server { listen 80; server_name desk.example; location = /finesse/api/SystemInfo { if ($request_uri ~* \"(\\.|%2e){2}\") { return 400; } if ($request_method !~ ^(GET|OPTIONS)\\z) { return 405; } " +
			settings + " access_by_lua_block { x() } proxy_pass http://up; } location / { return 403; } } }"
		is := verdictOf(Prove(Input{
			Config: nginx.Effective(nginx.Parse("n.conf", text), nginx122), Surface: s, Component: theOne(s),
			Script: func(nginx.Setting) request.Script {
				return request.Script{OnlyRefuses: true, Authenticates: true, Exempt: []string{"OPTIONS"}}
			},
		}))
		if is != want {
			t.Errorf("%q: %s, not %s", settings, is, want)
		}
	}
}
