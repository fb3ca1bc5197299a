// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/nginx"
)

// samples are configurations in different styles. Each is what stands in http.
var samples = map[string]string{
	"files": `server { listen 80; root /srv/www; index index.html x.htm;
		location / { try_files $uri $uri/ /fallback?$args; } location /files/ { autoindex on; alias /srv/files/; }
		location = /one { alias /srv/www/a/b; } location ~ \.htm$ { } location /none/ { root relative; } location /fallback { return 204; }
		location /host/ { root /srv/$host; } if (-f /srv/www/down) { return 503; } }`,
	"maps": `map $uri $open { default 0; /a 1; ~^/b/(?<rest>.*)$ 1; ~*\.JS$ 1; "" 1; include entries.map; }
		map $http_x_kind $kind { hostnames; default none; *.kind.example wild; exact.example one; ~^re reg; }
		geo $inside { default 0; 10.0.0.0/8 1; 10.9.0.0/16 2; 192.168.1.7 3; }
		geo $http_x_address $other { ranges; default a; 10.0.0.1-10.0.0.9 b; }
		server { listen 80; if ($open = 0) { return 403; } location / { proxy_pass http://a.internal:8080; } location /a { return 200 $kind$inside; }
			location /b/ { if ($inside) { return 418; } if ($kind = one) { return 204; } proxy_pass http://b.internal; } }`,
	"clients": `server { listen 80; deny 10.6.6.6; allow 10.0.0.0/8; allow 127.0.0.1; deny all; location / { proxy_pass http://127.0.0.1:9000; }
		location /any { satisfy any; allow 192.168.0.0/16; deny all; auth_basic x; auth_basic_user_file users; proxy_pass http://10.1.1.1; } location /all { allow all; return 200; } }`,
	"nested": `server { listen 80; location /a/ { location ~ \.php$ { proxy_pass http://php:9000; } location ^~ /a/static/ { return 200; } location = /a/exact { return 201; } proxy_pass http://a:80/x/; }
		location ~* ^/(b|c)/(.+)$ { proxy_pass http://b/$2?$1; } location ^~ /b/closed { return 403; } location / { return 421; } }`,
	"names": `server { listen 80 default_server; return 444; } server { listen 80; server_name a.example *.a.example; location / { proxy_pass http://a; } }
		server { listen 80; server_name .dot.example www.tail.*; location / { proxy_pass http://dot; } } server { listen 80; server_name "~^(?<who>[a-z]+)\.re\.example$"; location / { proxy_pass http://re/$who; } }
		server { listen 80; server_name ""; return 400; } server { listen 80; server_name _; return 402; }`,
	"addresses": `server { listen 203.0.113.1:80; location / { proxy_pass http://one; } } server { listen 203.0.113.2:80; listen [2001:db8::2]:80; location / { proxy_pass http://two; } }
		server { listen *:80; listen [::]:80; listen 8000-8003; location / { proxy_pass http://wild; } } server { listen unix:/run/x.sock; return 200; } server { listen localhost:81; return 204; }`,
	"upstreams": `upstream pool { least_conn; server a.pool:1001 weight=3; server b.pool:1002 max_fails=0; server c.pool:1003 backup; server d.pool down; keepalive 4; zone pool 64k; }
		upstream other.example { server 10.0.0.1; } server { listen 80; location / { proxy_pass http://pool; } location /o/ { proxy_pass https://other.example/p/; }
		location /u/ { proxy_pass http://unix:/run/app.sock:/sock/; } location /six/ { proxy_pass http://[2001:db8::9]:8080/; } location /args { proxy_pass http://args.example?x=y; } }`,
	"variables": `resolver 10.0.0.53; server { listen 80; set $where a.internal; location / { proxy_pass http://fixed.internal:81$request_uri; } location /v { proxy_pass http://$where$uri; }
		location /h { proxy_pass http://$http_to/x; } location /u { proxy_pass https://fixed2.internal/q$uri$is_args$args; } location /ip { proxy_pass http://10.7.7.7$request_uri; } }`,
	"guards": `server { listen 80; auth_request /auth; location = /auth { internal; proxy_pass http://auth.internal/check; } location / { proxy_pass http://app; } location /open/ { auth_request off; proxy_pass http://app; }
		location /both/ { satisfy any; deny all; proxy_pass http://app/; } error_page 401 = @login; location @login { return 302 /login; } }`,
	"methods": `server { listen 80; client_max_body_size 2; location / { limit_except GET { deny all; } proxy_pass http://app; } location /put { limit_except PUT POST { allow 10.0.0.0/8; deny all; } proxy_pass http://app; }
		location /only { if ($request_method !~ ^(GET|HEAD)$) { return 405; } proxy_pass http://app; } location /m { proxy_method POST; proxy_pass http://app; } location /stub { stub_status; } location /gif { empty_gif; } }`,
	"rewrites": `server { listen 80; rewrite ^/old/(.*)$ /new/$1 last; rewrite ^/away http://away.example/ permanent; location /new/ { rewrite ^/new/deep/(.*) /$1?d=$1 break; proxy_pass http://app; }
		location /loop { rewrite ^ /loop last; } location /set { set $v $arg_q; if ($v ~ "^(\w+)$") { set $v "got-$1"; rewrite ^ /v/$v last; } return 404; } location /v/ { proxy_pass http://v; } location / { if ($args ~* secret) { return 403; } proxy_pass http://app; } }`,
	"errors": `proxy_intercept_errors on; error_page 404 /404; error_page 403 =200 @quiet; error_page 405 =405 /x; recursive_error_pages on; server { listen 80; location / { return 404; } location = /404 { proxy_pass http://pages; }
		location /deny { deny all; } location @quiet { proxy_pass http://quiet; } location /x { return 405; } location /in { internal; proxy_pass http://in; } location /big { client_max_body_size 1; error_page 413 /404; proxy_pass http://app; } }`,
	"protocols": `server { listen 80; location /f/ { fastcgi_pass f.internal:9000; fastcgi_index index.php; } location ~ \.php$ { fastcgi_pass unix:/run/php.sock; } location /u/ { uwsgi_pass u.internal:3031; } location /s { scgi_pass s.internal:4000; }
		location /g/ { grpc_pass grpc://g.internal:50051; } location /gs { grpc_pass grpcs://gs.internal; } location /m { memcached_pass m:11211; } }`,
	"handshakes": `server { listen 443 ssl default_server; ssl_reject_handshake on; } server { listen 443 ssl; server_name a.example; ssl_certificate a.pem; ssl_certificate_key a.key; location / { proxy_pass https://a; } error_page 497 https://$host$request_uri; }
		server { listen 443 ssl; server_name b.example; merge_slashes off; ssl_verify_client optional; ssl_client_certificate ca.pem; ssl_certificate b.pem; ssl_certificate_key b.key; location / { proxy_pass https://b; } }
		server { listen 443 ssl; server_name c.example; ssl_verify_client on; ssl_client_certificate ca.pem; ssl_certificate b.pem; ssl_certificate_key b.key; location / { proxy_pass https://c; } }`,
	"client certificates": `server { listen 443 ssl; server_name a.example; ssl_verify_client on; ssl_client_certificate ca.pem; ssl_certificate b.pem; ssl_certificate_key b.key; location / { proxy_pass https://a; } }
		server { listen 444 ssl; server_name b.example; ssl_verify_client optional; ssl_client_certificate ca.pem; ssl_certificate b.pem; ssl_certificate_key b.key; location / { proxy_pass https://b; } }`,
	"reading": `merge_slashes off; underscores_in_headers on; ignore_invalid_headers off; client_header_buffer_size 256; large_client_header_buffers 2 600; server { listen 80; location //a { proxy_pass http://double; } location /a { proxy_pass http://single/; } location / { return 200 $http_x_forwarded_for; } }`,
	"encoded": `server { listen 80; location "/a b" { proxy_pass http://space; } location /%41 { proxy_pass http://percent/; } location ~ "^/q(\"|')x\\\\$" { proxy_pass http://quotes; } location /ü { proxy_pass http://bytes/é/; } location ~ \s { return 410; } location ~ "a{2,3}$" { proxy_pass http://braces; } }`,
	"scripts": `lua_shared_dict d 1m; server { listen 80; set_by_lua $x 'return 1'; access_by_lua_block { if ngx.var.uri == "}" then ngx.exit(403) end } location / { proxy_pass http://app; } location /x { return 200 $x; }
		location /l { content_by_lua_block { ngx.say("l") } } location /plain { access_by_lua_block { } proxy_pass http://plain; } if ($js_thing) { return 400; } }`,
	"slashes":    `server { listen 80; location /a/ { proxy_pass http://a/b; } location /c { proxy_pass http://c/d/; } location /e/ { proxy_pass http://e; } location = /f/ { proxy_pass http://f/; } location /i { alias /srv/files/; } location /j/ { alias /srv/files; } }`,
	"clear text": `server { listen 80; server_name a.example; return 301 https://$host$request_uri; } server { listen 80 default_server; location / { return 301 https://$server_name$uri; } location /ok { absolute_redirect off; return 302 /x; } }`,
	"odd": `server { listen 80; location / { if ($http_cookie ~* "id=([^;]+)(?:;|$)") { set $id $1; } if ($id) { proxy_pass http://with; break; } if ($invalid_referer) { return 403; } valid_referers none server_names *.ok.example; proxy_pass http://without; }
		location /split { if ($part = a) { return 201; } return 202; } location /named { try_files /none @n; } location @n { proxy_pass http://named; } } split_clients $remote_addr $part { 50% a; * b; }`,
}

func TestSamplesInManyStylesAreTakenByNginxAndAgree(t *testing.T) {
	files := fstest.MapFS{
		"srv/www/index.html": {}, "srv/www/a/b": {}, "srv/www/a/x.htm": {}, "srv/www/dir/sub/f": {}, "srv/files/f": {}, "srv/files/d/index.html": {},
		"srv/a.example/host/f": {}, "etc/nginx/entries.map": {Data: []byte("/c 1;\n/d/e 1;\n")},
	}
	for name, text := range samples {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			fsys := fstest.MapFS{"etc/nginx/nginx.conf": {Data: []byte("events { }\nhttp {\n" + text + "\n}\n")}}
			for n, f := range files {
				fsys[n] = f
			}
			o.Files, o.Prefix, o.Limit = fsys, "/etc/nginx", 500
			tree := nginx.Load(fsys, o.Prefix, "nginx.conf")
			if len(tree.Errors) > 0 {
				t.Fatal(tree.Errors)
			}
			r := run(t, nginx.Effective(tree, followed), o)
			disagreements(t, r)
			if r.Count(Agreed) == 0 {
				t.Error("nothing agrees")
			}
		})
	}
}
