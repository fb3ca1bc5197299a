// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// documented is a statement of nginx's documentation with requests that show it.
type documented struct {
	says string
	// conf is what stands in a server, or whole blocks of http where it begins with
	// "server", "map" or "upstream"; PORT is replaced.
	conf string
	// rows are requests, "METHOD TARGET [HOST]", and what becomes of them: a status, or
	// the number of the upstream and the path that it gets.
	rows [][2]string
}

var documentedLocations = []documented{
	{
		"an exact location ends the search, ^~ keeps patterns out, patterns go before prefixes, else the longest prefix holds",
		"location = / { return 451; } location / { return 452; } location /papers/ { return 453; } location ^~ /pictures/ { return 454; } location ~* \\.(gif|jpe?g)$ { return 455; }",
		[][2]string{
			{"GET /", "451"},
			{"GET /index.html", "452"},
			{"GET /papers/one.html", "453"},
			{"GET /pictures/1.gif", "454"},
			{"GET /papers/1.jpg", "455"},
			{"GET /papers/1.JPEG", "455"},
			{"GET /?a=b", "451"},
			{"GET /papers", "452"},
			{"GET //", "451"},
			{"GET /x/../", "451"},
		},
	},
	{
		"the first pattern in the order of the file is taken",
		"location ~ ^/a { return 451; } location ~ ^/a/b { return 452; } location ~ c$ { return 453; }",
		[][2]string{{"GET /a/b", "451"}, {"GET /xc", "453"}, {"GET /ac", "451"}, {"GET /x", "404"}},
	},
	{
		"~ heeds case, ~* does not, and so do prefixes",
		"location ~ /low { return 451; } location ~* /any { return 452; } location /Pre { return 453; }",
		[][2]string{{"GET /low", "451"}, {"GET /LOW", "404"}, {"GET /ANY", "452"}, {"GET /Pre", "453"}, {"GET /pre", "404"}},
	},
	{
		"the path is decoded, dot segments are resolved and slashes joined before the search",
		"location /a/ { return 451; } location = /b%c { return 452; } location / { return 453; }",
		[][2]string{
			{"GET /%61/", "451"},
			{"GET /x/../a/", "451"},
			{"GET /./a//", "451"},
			{"GET /x%2f..%2fa%2f", "451"},
			{"GET /b%25c", "452"},
			{"GET /%2561/", "453"},
			{"GET /a/..", "453"},
			{"GET /../a/", "400"},
			{"GET /a%00/", "400"},
			{"GET /%zz", "400"},
		},
	},
	{
		"a prefix with a final slash that is handled by proxy_pass redirects the path without it",
		"location /user/ { proxy_pass http://u0; } location /file/ { root html; } location = /both { proxy_pass http://u1; } location /both/ { proxy_pass http://u0; }",
		[][2]string{{"GET /user", "301"}, {"GET /user/", "0 /user/"}, {"GET /user?x", "301"}, {"GET /file", "404"}, {"GET /both", "1 /both"}, {"GET /both/", "0 /both/"}},
	},
	{
		"a named location is not reached by a request",
		"location @back { return 451; } location / { try_files /none @back; }",
		[][2]string{{"GET /@back", "451"}, {"GET @back", "400"}, {"GET /x", "451"}},
	},
	{
		"locations nest, and a pattern inside goes before the prefix around it",
		"location /a/ { location ~ \\.x$ { return 451; } location /a/b/ { return 452; } return 453; } location ~ \\.y$ { return 454; }",
		[][2]string{{"GET /a/1.x", "451"}, {"GET /a/b/", "452"}, {"GET /a/", "453"}, {"GET /a/1.y", "454"}, {"GET /b/1.x", "404"}},
	},
	{
		"proxy_pass with a path replaces the part that the location matched, and without one sends the request as it came",
		"location /name/ { proxy_pass http://u0/remote/; } location /some/path/ { proxy_pass http://u1; } location /off { proxy_pass http://u2/; }",
		[][2]string{
			{"GET /name/x", "0 /remote/x"}, {"GET /name/%41//b?q", "0 /remote/A/b?q"}, {"GET /some/path/%41//b", "1 /some/path/%41//b"}, {"GET /off/x", "2 //x"}, {"GET /offer", "2 /er"},
		},
	},
	{
		"a path that rewrite changes in the same location is sent whole",
		"location /name/ { rewrite /name/([^/]+) /users?name=$1 break; proxy_pass http://u0/lost/; }",
		[][2]string{{"GET /name/ann", "0 /users?name=ann"}, {"GET /name/", "0 /lost/"}},
	},
	{
		"with variables in proxy_pass the path is sent as it is written",
		"location /v { proxy_pass http://u0$request_uri; } location /w { proxy_pass http://u1/fix; } location ~ ^/r(.*) { proxy_pass http://u2/got$1; }",
		[][2]string{{"GET /v/%41", "0 /v/%41"}, {"GET /w/more", "1 /fix/more"}, {"GET /r/x?y", "2 /got/x"}},
	},
	{
		"internal locations answer clients with 404 and take internal redirects",
		"error_page 404 /404.page; location = /404.page { internal; proxy_pass http://u0; } location / { return 404; } location /in { internal; return 451; }",
		[][2]string{{"GET /404.page", "0 /404.page"}, {"GET /x", "0 /404.page"}, {"GET /in", "0 /404.page"}},
	},
	{
		"try_files ends in a path, a code or a named location",
		"location /p { try_files /none /last; } location = /last { return 451; } location /c { try_files /none =404; } location /n { try_files $uri @n; } location @n { proxy_pass http://u0; } location / { try_files $uri $uri/ =410; }",
		[][2]string{{"GET /p", "451"}, {"GET /c", "404"}, {"GET /n%41", "0 /n%41"}, {"GET /ab", "200"}, {"GET /zz", "410"}},
	},
	{
		"limit_except concerns all methods but those that it names, and GET includes HEAD",
		"location / { limit_except GET { deny all; } proxy_pass http://u0; }",
		[][2]string{{"GET /", "0 /"}, {"HEAD /", "0 /"}, {"POST /", "403"}, {"DELETE /", "403"}},
	},
	{
		"alias replaces the location, root is put before the path",
		"location /i/ { alias html/a/; } location /a/ { root html; } location ~ ^/u/(.+)$ { alias html/$1; }",
		[][2]string{{"GET /i/index.html", "200"}, {"GET /a/index.html", "200"}, {"GET /i/ab", "404"}, {"GET /u/ab", "200"}, {"GET /i../ab", "404"}},
	},
	{
		"alias without the slash of its location leaves its folder",
		"location /i { alias html/a/; }",
		[][2]string{{"GET /i../ab", "200"}, {"GET /i/index.html", "200"}},
	},
	{
		"merge_slashes off keeps them",
		"merge_slashes off; location /a/ { return 451; } location //a/ { return 452; }",
		[][2]string{{"GET /a/", "451"}, {"GET //a/", "452"}, {"GET /x//a/", "404"}},
	},
	{
		"error_page may change the status, keep that of the page, or redirect",
		"error_page 404 =200 /ok; error_page 403 = /page; error_page 410 http://other/; error_page 405 =301 http://other/; location /ok { proxy_pass http://u0; } location /page { return 451; } location /404 { return 404; } location /403 { return 403; } location /410 { return 410; } location /405 { return 405; }",
		[][2]string{{"GET /404", "0 /ok"}, {"GET /403", "451"}, {"GET /410", "302"}, {"GET /405", "301"}},
	},
	{
		"satisfy any needs one guard, all needs each",
		"location /any { satisfy any; allow 127.0.0.1; deny all; auth_basic r; auth_basic_user_file none; proxy_pass http://u0; } location /all { allow 127.0.0.1; deny all; auth_basic r; auth_basic_user_file none; proxy_pass http://u0; } location /no { satisfy any; deny all; auth_basic r; auth_basic_user_file none; proxy_pass http://u0; }",
		[][2]string{{"GET /any", "0 /any"}, {"GET /all", "401"}, {"GET /no", "401"}},
	},
}

var documentedRewrites = []documented{
	{
		"last looks for a location again, break does not",
		"location /l/ { rewrite ^/l/(.*)$ /t/$1 last; return 451; } location /b/ { rewrite ^/b/(.*)$ /t/$1 break; proxy_pass http://u0; } location /t/ { proxy_pass http://u1; }",
		[][2]string{{"GET /l/x", "1 /t/x"}, {"GET /b/x", "0 /t/x"}, {"GET /b/%20x", "0 /t/%20x"}},
	},
	{
		"without a flag the following directives go on with the new path",
		"location / { rewrite ^/a(.*) /b$1; rewrite ^/b(.*) /c$1; } location /c { proxy_pass http://u0; }",
		[][2]string{{"GET /ax", "0 /cx"}, {"GET /bx", "0 /cx"}},
	},
	{
		"a replacement that begins with a scheme ends the work with a redirect",
		"location / { rewrite ^/s http://other/; rewrite ^/t https://other/ permanent; rewrite ^/u $scheme://other/; rewrite ^/v /x redirect; return 451; }",
		[][2]string{{"GET /s", "302"}, {"GET /t", "301"}, {"GET /u", "302"}, {"GET /v", "302"}, {"GET /w", "451"}},
	},
	{
		"arguments are kept behind those of the replacement, unless it ends in a question mark",
		"location /k { rewrite ^/k /n?a=1 break; proxy_pass http://u0; } location /d { rewrite ^/d /n?a=1? break; proxy_pass http://u0; } location /e { rewrite ^/e /n? break; proxy_pass http://u0; }",
		[][2]string{{"GET /k?b=2", "0 /n?a=1&b=2"}, {"GET /d?b=2", "0 /n?a=1"}, {"GET /e?b=2", "0 /n"}, {"GET /k", "0 /n?a=1"}},
	},
	{
		"the search is repeated ten times at most",
		"location / { rewrite ^(.*)$ $1 last; } location ^~ /c { rewrite ^/c(c.*)$ /$1 last; return 451; }",
		[][2]string{{"GET /x", "500"}, {"GET /ccccccccccc", "451"}, {"GET /cccccccccccc", "500"}},
	},
	{
		"return ends the work; break ends it without an answer",
		"location /r { return 451; proxy_pass http://u0; } location /b { break; return 451; proxy_pass http://u0; } location /x { return 444; } location /u { return http://other/; }",
		[][2]string{{"GET /r", "451"}, {"GET /b", "0 /b"}, {"GET /x", "closed"}, {"GET /u", "302"}},
	},
	{
		"a variable is false when it is empty or 0",
		"location / { if ($arg_q) { return 451; } proxy_pass http://u0; }",
		[][2]string{{"GET /?q=1", "451"}, {"GET /?q=0", "0 /?q=0"}, {"GET /?q=", "0 /?q="}, {"GET /?q=00", "451"}, {"GET /", "0 /"}},
	},
	{
		"if compares with = and !=, and with patterns that may heed case and be negated",
		"location / { if ($request_method = POST) { return 451; } if ($arg_q ~ ^a) { return 452; } if ($arg_q ~* ^b) { return 453; } if ($arg_q !~ .) { return 454; } if ($uri != /x) { return 455; } proxy_pass http://u0; }",
		[][2]string{{"POST /", "451"}, {"GET /?q=ab", "452"}, {"GET /?q=B", "453"}, {"GET /", "454"}, {"GET /?q=c", "455"}, {"GET /x?q=c", "0 /x?q=c"}},
	},
	{
		"if asks for files",
		"root html; location / { if (-f $document_root$uri) { return 451; } if (-d $document_root$uri) { return 452; } if (!-e $document_root$uri) { return 453; } return 454; }",
		[][2]string{{"GET /ab", "451"}, {"GET /a", "452"}, {"GET /zz", "453"}},
	},
	{
		"an if in a location has settings of its own",
		"location / { if ($arg_q = 1) { proxy_pass http://u1; } if ($arg_q = 2) { rewrite ^ /new break; proxy_pass http://u2; } proxy_pass http://u0; }",
		[][2]string{{"GET /a", "0 /a"}, {"GET /a?q=1", "1 /a?q=1"}, {"GET /a?q=2", "2 /new?q=2"}},
	},
	{
		"groups of a pattern are kept for later directives",
		"location / { if ($http_host ~ ^(\\w+)\\.) { set $v $1; } proxy_pass http://u0/$v; }",
		[][2]string{{"GET / one.two", "0 /one"}, {"GET / x.y", "0 /x"}},
	},
	{
		"the directives of the server come before the search for a location",
		"rewrite ^/old /new; if ($arg_q = no) { return 451; } location /old { return 452; } location /new { proxy_pass http://u0; }",
		[][2]string{{"GET /old", "0 /new"}, {"GET /old?q=no", "451"}},
	},
}

var documentedMaps = []documented{
	{
		"a map takes the value of an equal string whatever its case, then of a pattern in order, then the default",
		"map $arg_q $k { default d; a 1; B 2; ~^x 3; ~*^y(?<r>.*)$ 4$r; ~^xx 5; } server { listen 127.0.0.1:PORT; location / { proxy_pass http://u0/$k; } }",
		[][2]string{{"GET /?q=a", "0 /1"}, {"GET /?q=A", "0 /1"}, {"GET /?q=b", "0 /2"}, {"GET /?q=xx", "0 /3"}, {"GET /?q=X", "0 /d"}, {"GET /?q=Yz", "0 /4z"}, {"GET /", "0 /d"}},
	},
	{
		"without a default the value is empty",
		"map $arg_q $k { a 1; } server { listen 127.0.0.1:PORT; location / { proxy_pass http://u0/v$k; } }",
		[][2]string{{"GET /?q=a", "0 /v1"}, {"GET /?q=b", "0 /v"}},
	},
	{
		"hostnames lets names have masks: equal, longest leading, longest trailing, pattern",
		"map $host $k { hostnames; default d; h.example 1; *.h.example 2; .k.example 3; www.* 4; www.x.* 5; ~two 6; } server { listen 127.0.0.1:PORT; location / { proxy_pass http://u0/$k; } }",
		[][2]string{
			{"GET / h.example", "0 /1"},
			{"GET / a.h.example", "0 /2"},
			{"GET / k.example", "0 /3"},
			{"GET / a.b.k.example", "0 /3"},
			{"GET / www.y", "0 /4"},
			{"GET / www.x.y", "0 /5"},
			{"GET / www.h.example", "0 /2"},
			{"GET / two", "0 /6"},
			{"GET / other", "0 /d"},
		},
	},
	{
		"a backslash makes a key of a special word, and a value may hold variables",
		"map $arg_q $k { default $uri; \\default 1; \\hostnames 2; \"\" 3; } server { listen 127.0.0.1:PORT; location / { proxy_pass http://u0/x$k; } }",
		[][2]string{{"GET /u?q=x", "0 /x/u"}, {"GET /?q=default", "0 /x1"}, {"GET /?q=hostnames", "0 /x2"}, {"GET /", "0 /x3"}},
	},
	{
		"no pattern is tried on an empty text, nor on a dot among host names",
		"map $arg_q $k { ~^ 1; default d; } map $arg_q $h { hostnames; ~^ 1; default d; } map $arg_q $e { ~^ 1; \"\" 2; } server { listen 127.0.0.1:PORT; location / { proxy_pass http://u0/$k-$h-$e; } }",
		[][2]string{{"GET /?q=a", "0 /1-1-1"}, {"GET /", "0 /d-d-2"}, {"GET /?q=.", "0 /1-d-1"}},
	},
	{
		"the value is worked out once unless the map is volatile",
		"map $v $once { a 1; b 2; } map $v $each { volatile; a 1; b 2; } server { listen 127.0.0.1:PORT; location / { set $v a; set $w $once$each; set $v b; proxy_pass http://u0/$w-$once$each; } }",
		[][2]string{{"GET /", "0 /11-12"}},
	},
	{
		"geo finds the smallest network of the client",
		"geo $k { default 0; 127.0.0.0/8 1; 127.0.0.1 2; 10.0.0.0/8 3; } server { listen 127.0.0.1:PORT; location / { proxy_pass http://u0/$k; } }",
		[][2]string{{"GET /", "0 /2"}},
	},
}

var documentedNames = []documented{
	{
		"an exact name goes before *.name, this before name.*, this before patterns in order",
		"server { listen 127.0.0.1:PORT; server_name ~^w; return 451; } server { listen 127.0.0.1:PORT; server_name www.*; return 452; } server { listen 127.0.0.1:PORT; server_name *.example; return 453; } server { listen 127.0.0.1:PORT; server_name www.h.example; return 454; }",
		[][2]string{{"GET / www.h.example", "454"}, {"GET / www.k.example", "453"}, {"GET / www.k.other", "452"}, {"GET / wxw", "451"}, {"GET / other", "451"}, {"GET / WWW.H.EXAMPLE:80", "454"}, {"GET / www.h.example.", "454"}},
	},
	{
		"the longest name with an asterisk wins",
		"server { listen 127.0.0.1:PORT; return 450; } server { listen 127.0.0.1:PORT; server_name *.example; return 451; } server { listen 127.0.0.1:PORT; server_name *.h.example; return 452; }",
		[][2]string{{"GET / a.h.example", "452"}, {"GET / a.b.h.example", "452"}, {"GET / h.example", "451"}, {"GET / example", "450"}},
	},
	{
		"a name with a leading dot is the name and all below it",
		"server { listen 127.0.0.1:PORT; return 450; } server { listen 127.0.0.1:PORT; server_name .h.example; return 451; }",
		[][2]string{{"GET / h.example", "451"}, {"GET / a.h.example", "451"}, {"GET / ah.example", "450"}},
	},
	{
		"the first server of a port is its default, unless another one says so",
		"server { listen 127.0.0.1:PORT; server_name a; return 451; } server { listen 127.0.0.1:PORT default_server; server_name b; return 452; }",
		[][2]string{{"GET / a", "451"}, {"GET / b", "452"}, {"GET / c", "452"}},
	},
	{
		"the empty name is that of requests without a host",
		"server { listen 127.0.0.1:PORT; server_name a; return 451; } server { listen 127.0.0.1:PORT; server_name \"\"; return 452; }",
		[][2]string{{"GET / a", "451"}, {"GET / -", "452"}, {"GET / c", "451"}},
	},
	{
		"the host of the request line goes before the header",
		"server { listen 127.0.0.1:PORT; server_name a; return 451; } server { listen 127.0.0.1:PORT; server_name b; return 452; }",
		[][2]string{{"GET http://b/ a", "452"}, {"GET http://c/ b", "451"}},
	},
	{
		"groups of a name are variables",
		"server { listen 127.0.0.1:PORT; server_name ~^(www\\.)?(?<domain>.+)$; location / { proxy_pass http://u0/$domain; } }",
		[][2]string{{"GET / www.h.example", "0 /h.example"}, {"GET / k", "0 /k"}},
	},
	{
		"an address goes before every address",
		"server { listen PORT; return 451; } server { listen 127.0.0.1:PORT; return 452; }",
		[][2]string{{"GET /", "452"}},
	},
}

func TestDocumentedBehaviourHoldsInNginxAndInTheModel(t *testing.T) {
	b := wiretest.NewBench(t)
	var all []documented
	for _, list := range [][]documented{documentedLocations, documentedRewrites, documentedMaps, documentedNames} {
		all = append(all, list...)
	}
	pieces, ports := make([]string, len(all)), make([]int, len(all))
	for i, d := range all {
		text := d.conf
		if !strings.HasPrefix(text, "server {") && !strings.HasPrefix(text, "map ") && !strings.HasPrefix(text, "geo ") {
			text = "server { listen 127.0.0.1:PORT; " + text + " }"
		}
		ports[i] = b.Port(t)
		// Pieces share one nginx, and so the names of their variables.
		text = strings.NewReplacer("PORT", strconv.Itoa(ports[i]), "$k", fmt.Sprintf("$k%d", i), "$once", fmt.Sprintf("$once%d", i), "$each", fmt.Sprintf("$each%d", i)).Replace(text)
		pieces[i] = text + "\n"
	}
	stop, bad := b.Start(t, pieces)
	defer stop()
	rows := 0
	for i, d := range all {
		t.Run(d.says, func(t *testing.T) {
			if why, refused := bad[i]; refused {
				t.Fatalf("nginx refuses: %s", why)
			}
			m := b.Model(t, pieces[i])
			for _, row := range d.rows {
				rows++
				q := documentedRequest(row[0], ports[i])
				if got := seen(b.Send(t, q), b); got != row[1] {
					t.Errorf("%s: nginx gives %s, not %s", row[0], got, row[1])
				}
				if out := m.Handle(q); short(out, b) != row[1] {
					t.Errorf("%s: the model gives %s, not %s (%s)\n%s", row[0], short(out, b), row[1], out.Reason, trace(out.Steps))
				}
			}
		})
	}
	t.Logf("%d statements, %d requests", len(all), rows)
}

// documentedRequest reads "METHOD TARGET [HOST]"; the host "-" stands for none.
func documentedRequest(s string, port int) request.Request {
	words := strings.Fields(s)
	host := "h"
	q := request.Request{Address: "127.0.0.1", Port: port, Client: "127.0.0.1", Method: words[0], Target: words[1], Host: &host, Headers: [][2]string{{"Connection", "close"}}}
	switch {
	case len(words) < 3:
	case words[2] == "-":
		q.Host, q.Version = nil, "1.0"
	default:
		host = words[2]
	}
	return q
}

// short writes an outcome as the rows do.
func short(out request.Outcome, b *wiretest.Bench) string {
	switch {
	case out.Kind == request.Unknown:
		return "unknown"
	case out.Kind == request.Forwarded:
		return seen(wiretest.Observed{Upstream: out.Peers[0], Path: out.Path}, b)
	}
	return seen(wiretest.Observed{Status: out.Status}, b)
}

// seen writes what nginx did in the same way.
func seen(o wiretest.Observed, b *wiretest.Bench) string {
	switch {
	case o.Upstream != "":
		return fmt.Sprintf("%d %s", b.Number(o.Upstream), o.Path)
	case o.Status == 0:
		return "closed"
	}
	return strconv.Itoa(o.Status)
}
