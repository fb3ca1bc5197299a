// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// A text that decides nothing leaves behind what does: the groups of a map's pattern, and
// the value that a map keeps.
func TestWhatNginxEvaluatesBesideTheWayLeavesTheSameBehind(t *testing.T) {
	b := wiretest.NewBench(t)
	port := b.Port(t)
	piece := fmt.Sprintf(`map $http_a $taken_a { "~(.+)" 1; }
map $http_b $taken_b { "~(.+)" 1; }
map $uri $kept { /guard /of-the-guard; /early /of-the-limit; default /usual; }
map $uri $fresh { volatile; /guard /of-the-guard; default /usual; }
map $http_a $plain { x 1; default 2; }
map $http_c $sometimes { default ""; c $kept; }
limit_req_zone $taken_a zone=a:1m rate=1000r/s;
limit_req_zone $kept zone=kept:1m rate=1000r/s;
limit_req_zone $fresh zone=fresh:1m rate=1000r/s;
limit_req_zone $plain zone=plain:1m rate=1000r/s;
limit_req_zone $sometimes zone=sometimes:1m rate=1000r/s;
limit_conn_zone $taken_b zone=b:1m;
server {
listen 127.0.0.1:%d;
location ~ ^/none/(.)$ { limit_req zone=plain burst=9; proxy_pass http://u0/$1; }
location ~ ^/limit/(.)$ { limit_req zone=a burst=9; proxy_pass http://u0/$1; }
location ~ ^/both/(.)$ { limit_conn b 9; limit_req zone=a burst=9; proxy_pass http://u0/$1; }
location = /early { limit_req zone=kept burst=9; root /nonexistent; error_page 404 = /late; }
location = /late { proxy_pass http://u0$kept; }
location = /fresh { limit_req zone=fresh burst=9; proxy_pass http://u0$fresh; }
location /asks { auth_request /guard; proxy_pass http://u0$kept; }
location /counted { limit_req zone=plain burst=9; auth_request /guard; proxy_pass http://u0$kept; }
location /perhaps { limit_req zone=sometimes burst=9; auth_request /guard; proxy_pass http://u0$kept; }
location = /guard { internal; limit_req zone=kept burst=9; proxy_pass http://u3/ok; }
location /sets { auth_request /renamed; auth_request_set $of $uri; auth_request_set $args a=$is_args; proxy_pass http://u0/s$of?$args; }
location /refused { error_page 403 = /page; auth_request /refuses; auth_request_set $of $uri; proxy_pass http://u0; }
location /page { proxy_pass http://u0/p$of; }
location = /renamed { internal; rewrite ^ /to last; }
location = /to { internal; proxy_pass http://u3/ok; }
location = /refuses { internal; proxy_pass http://u3/b; }
}
`, port)
	m := b.Serve(t, piece)
	for _, row := range []struct{ target, headers, want string }{
		{"/none/x", "A:x", "0 /x"},
		{"/limit/x", "", "0 /x"},
		{"/limit/x", "A:other", "0 /other"},
		{"/both/x", "A:req B:conn", "0 /conn"},
		{"/both/x", "A:req", "0 /req"},
		{"/early", "", "0 /of-the-limit"},
		{"/late", "", "0 /usual"},
		{"/fresh", "", "0 /usual"},
		{"/asks", "", "0 /of-the-guard"},
		{"/counted", "", "0 /usual"},
		{"/perhaps", "", "0 /of-the-guard"},
		{"/perhaps", "C:c", "0 /usual"},
		{"/sets?q", "", "0 /s/to?a="},
		{"/refused", "", "0 /p/refuses"},
	} {
		q := documentedRequest("GET "+row.target, port)
		for _, h := range strings.Fields(row.headers) {
			name, value, _ := strings.Cut(h, ":")
			q.Headers = append(q.Headers, [2]string{name, value})
		}
		if got := seen(b.Send(t, q), b); got != row.want {
			t.Errorf("%s %s: nginx gives %s, not %s", row.target, row.headers, got, row.want)
		}
		out := m.Handle(q)
		if got := short(out, b); got != row.want {
			t.Errorf("%s %s: the model gives %s, not %s (%s)\n%s", row.target, row.headers, got, row.want, out.Reason, trace(out.Steps))
		}
	}
}

// A name that is put together for a request needs no resolver where nginx knows it from
// another directive, and the case of an upstream does not matter.
func TestUpstreamsWithoutABlockAreFoundByTheirNames(t *testing.T) {
	b := wiretest.NewBench(t)
	port := b.Port(t)
	server := fmt.Sprintf("server {\nlisten 127.0.0.1:%d;\nlocation /one { proxy_pass http://U0; }\n", port)
	one := b.Model(t, server+"}\n").Handle(documentedRequest("GET /one", port))
	if len(one.Peers) != 1 {
		t.Fatal(one)
	}
	_, known, err := net.SplitHostPort(one.Peers[0])
	if err != nil {
		t.Fatal(err)
	}
	piece := server + fmt.Sprintf(`location /static { proxy_pass http://localhost:%[1]s; }
location /name { proxy_pass http://localhost:%[1]s$uri; }
location /case { set $u LOCALHOST:%[1]s; proxy_pass http://$u/x; }
location /other { set $u localhost:%[2]d; proxy_pass http://$u/x; }
location /port { set $u localhost; proxy_pass http://$u/x; }
location /block { set $u u0; proxy_pass http://$u:%[1]s/x; }
location /upper { set $u U0; proxy_pass http://$u/x; }
}
`, known, port)
	m := b.Serve(t, piece)
	for target, want := range map[string]string{
		"/one": "0 /one", "/static": "0 /static", "/name": "0 /name", "/case": "0 /x", "/other": "502", "/port": "502", "/block": "502", "/upper": "0 /x",
	} {
		q := documentedRequest("GET "+target, port)
		if got := seen(b.Send(t, q), b); got != want {
			t.Errorf("%s: nginx gives %s, not %s", target, got, want)
		}
		out := m.Handle(q)
		if len(out.Peers) == 1 && strings.HasPrefix(strings.ToLower(out.Peers[0]), "localhost:") {
			out.Peers = one.Peers
		}
		if got := short(out, b); got != want {
			t.Errorf("%s: the model gives %s, not %s (%s)", target, got, want, out.Reason)
		}
	}
}

// What only texts look at that decide nothing costs a proof nothing.
func TestTextsBesideTheWayLeaveNothingWhereNobodyLooks(t *testing.T) {
	b := wiretest.NewBench(t)
	port := b.Port(t)
	for piece, want := range map[string]bool{
		`map $uri $m { default 1; } server { listen 127.0.0.1:%d; location / { proxy_set_header X $m; proxy_redirect $m x; proxy_pass http://u0; } }`:              false,
		`map $uri $m { default 1; } server { listen 127.0.0.1:%d; location / { proxy_redirect $m x; proxy_pass http://u0/$m; } }`:                                  true,
		`map $http_a $m { ~(.) 1; } server { listen 127.0.0.1:%d; location / { proxy_redirect $m x; proxy_pass http://u0; } }`:                                     false,
		`map $http_a $m { ~(.) 1; } server { listen 127.0.0.1:%d; location / { proxy_redirect $m x; proxy_pass http://u0; } location ~ /(.) { return 301 /$1; } }`: false,
		`map $http_a $m { ~(.) 1; } server { listen 127.0.0.1:%d; location / { proxy_redirect $m x; proxy_pass http://u0; } location ~ /(.) { root /$1; } }`:       true,
	} {
		text := fmt.Sprintf(piece, port)
		_, found := b.Model(t, text).Trace(documentedRequest("GET /", port), map[request.Field]string{})
		if got := len(found.Widened) > 0; got != want {
			t.Errorf("%s: widened %t: %v", text, got, found.Widened)
		}
	}
}
