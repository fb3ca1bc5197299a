// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"path/filepath"
	"strings"
	"testing"
)

// refusals are texts that nginx takes or refuses for their meaning; each stands
// inside http.
var refusals = []string{
	// listen
	"server { listen 80; }", "server { listen *:80; }", "server { listen *; }", "server { listen 127.0.0.1; }", "server { listen 127.0.0.1:443 ssl; }",
	"server { listen [::1]:80; }", "server { listen [::]:80 ipv6only=on; }", "server { listen [::1]; }", "server { listen [::1; }", "server { listen [zz]:1; }",
	"server { listen localhost:80; }", "server { listen localhost; }", "server { listen 8000-8010; }", "server { listen 127.0.0.1:90-92; }", "server { listen 8010-8000; }",
	"server { listen 70000; }", "server { listen 0; }", "server { listen 127.0.0.1:0; }", "server { listen 127.0.0.1:70000; }", "server { listen 127.0.0.1:; }",
	"server { listen 127.0.0.1:x; }", "server { listen unix:/x; }", "server { listen unix:; }", "server { listen :80; }", "server { listen \"\"; }", "server { listen; }",
	"server { listen 80 default_server; }", "server { listen 80 default; }", "server { listen 80 nonsense; }", "server { listen 80 ssl http2 proxy_protocol; }",
	"server { listen 80 reuseport backlog=10 deferred; }", "server { listen 80 so_keepalive=30m::10; }", "server { listen 80 quic; }", "server { listen [::1]:80x; }",
	"server { listen [::1]:; }", "server { listen 80 80; }",
	"server { listen 80 default_server; } server { listen *:80 default_server; }", "server { listen 80 default_server; } server { listen 81 default_server; }",
	"server { listen 80; listen 0.0.0.0:80; }", "server { listen 80; listen 80; }", "server { listen 80; } server { listen 80; }", "server { listen [::1]:80; listen [0:0::1]:80; }",
	// location
	"server { location / { } location / { } }", "server { location = / { } location / { } }", "server { location ~ a { } location ~ a { } }",
	"server { location ! /a { } }", "server { location a b c { } }", "server { location { } }", "server { location @a { } }",
	"server { location @ { } }", "server { location /a { location /a/b { } } }", "server { location /a { location /b { } } }", "server { location /a { location ~ b { } } }",
	"server { location /a { location = /b { } } }", "server { location /a { location ^~ /b { } } }", "server { location = /a { location /a/b { } } }",
	"server { location @a { location /b { } } }", "server { location /a { location @b { } } }", "server { location ~ a { location /b { } } }",
	"server { location ~ a { location ~ b { location /c { } } } }", "server { location /a { location /a { } } }", "server { location = /a { location ~ b { } } }",
	// places and repetition
	"server_tokens on; server_tokens off;", "server { root /a; root /b; }", "server { location / { root /a; alias /b; } }", "server { location / { alias /a; alias /b; } }",
	"add_header a b; add_header a b;", "server { user x; }", "location / { }", "server { server { } }", "server { if ($uri) { location / { } } }",
	"server { if ($uri) { root /x; } }", "server { location / { if ($uri) { root /x; } } }", "server { location / { if ($uri) { deny all; } } }",
	"server { location / { limit_except GET { deny all; } } }", "server { limit_except GET { deny all; } }", "server { return 200; return 201; }", "server { try_files a b; try_files a b; }",
	"server { location / { proxy_pass http://127.0.0.1; proxy_pass http://127.0.0.1; } }", "server { proxy_pass http://127.0.0.1; }", "index a; index b;",
	"server { access_by_lua_block { } access_by_lua_block { } }", "server { access_by_lua_block { } access_by_lua_file x; }", "access_log off; error_log stderr; error_log stderr;",
	"server { location / { internal; internal; } }", "server { location / { empty_gif; stub_status; } }", "resolver 127.0.0.1; resolver 127.0.0.1;", "upstream u { server 127.0.0.1; } upstream u { server 127.0.0.1; }",
	"upstream u { }", "server { location / { auth_basic a; auth_basic b; } }", "default_type a; default_type b;", "server { ssl_protocols TLSv1.2; ssl_protocols TLSv1.3; }",
	"server { ssl_certificate a; ssl_certificate b; }", "server { location / { deny all; allow all; deny all; } }", "map $uri $a { } map $uri $a { }", "types { } types { }",
	"server { ssl_session_cache off; ssl_session_cache none; }", "server { client_max_body_size 1m; client_max_body_size 2m; }", "server { expires 1d; expires off; }", "sub_filter a b; sub_filter c d;",
	"proxy_ignore_headers Expires; proxy_ignore_headers Vary;", "proxy_next_upstream error; proxy_next_upstream timeout;", "gzip_types a/b; gzip_types c/d;", "proxy_redirect off; proxy_redirect default;",
	"large_client_header_buffers 4 8k; large_client_header_buffers 4 16k;", "server_name a;", "server { server_name a; server_name b; }", "server { real_ip_header X-A; real_ip_header X-B; }",
}

// meaningsThatDiffer are refusals of nginx 1.22 that we do not note, or the
// reverse, with the reason.
var meaningsThatDiffer = map[string]string{
	"server { listen 127.0.0.1:443 ssl; }":             "a missing certificate is for the rules to judge",
	"server { listen 80 ssl http2 proxy_protocol; }":   "as above",
	"server { ssl_certificate a; ssl_certificate b; }": "as above",
	"server { listen 80 quic; }":                       "quic came with 1.25.0",
	"proxy_redirect off; proxy_redirect default;":      "that some arguments exclude each other is not modelled",
}

// A directive that nginx takes twice in one block adds up, or the last one wins;
// one that it does not is of the kind that the table calls override.
func TestRepetitionAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	dir := t.TempDir()
	wraps := []struct {
		context Context
		in, out string
	}{{HTTP, "http { ", " }"}, {InServer, "http { server { ", " } }"}, {Main, "", ""}}
	for _, table := range &specTables {
		for name, sp := range table {
			if len(sp.defaults) == 0 || len(sp.defaults[0].args) == 0 || strings.Contains(name, "worker") {
				continue
			}
			for _, w := range wraps {
				if sp.contexts&w.context == 0 {
					continue
				}
				line := name + " " + strings.Join(sp.defaults[0].args, " ") + ";"
				events := ""
				if w.context != Main {
					events = "events {}\n"
				}
				write(t, dir, "nginx.conf", modules+events+w.in+line+line+w.out+"the_end;")
				_, stderr, _ := runNginx(t, path, dir, "-t")
				duplicate := strings.Contains(stderr, "is duplicate")
				accepted := strings.Contains(stderr, `unknown directive "the_end"`)
				off := sp.defaults[0].args[0] == "off" // which most lists take alone only
				if duplicate && !off && sp.merge != override && !sp.once || accepted && sp.merge == override {
					t.Errorf("%s twice: duplicate %v, accepted %v, merge %d", name, duplicate, accepted, sp.merge)
				}
				break
			}
		}
	}
}

func TestNotesAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	dir := t.TempDir()
	for _, text := range refusals {
		t.Run(text, func(t *testing.T) {
			// What nginx accepts it reads to the end, where it meets a directive that
			// it does not know; so it never opens a socket.
			conf := strings.Replace(sandboxed(modules, dir, text), "access_log off;\n", "", 1) + "the_end;"
			write(t, dir, "nginx.conf", conf)
			_, stderr, _ := runNginx(t, path, dir, "-t")
			refuses := !strings.Contains(stderr, `unknown directive "the_end"`)
			tree := Load(filesOf("nginx.conf", strings.TrimSuffix(conf, "the_end;")), "", "nginx.conf")
			if len(tree.Errors) > 0 {
				t.Fatal(messages(tree.Errors))
			}
			cfg := Effective(tree, Version{1, 22, 1})
			if _, listed := meaningsThatDiffer[text]; (refuses != (len(cfg.Notes) > 0)) != listed {
				t.Errorf("nginx refuses: %v, notes: %v\n%s", refuses, cfg.Notes, strings.ReplaceAll(stderr, filepath.Join(dir, "nginx.conf"), "f"))
			}
		})
	}
}
