// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// outside watches what a hostile configuration must not touch: a folder that anybody
// may write to, and a port outside of the namespaces.
type outside struct {
	dir   string
	port  int
	calls atomic.Int32
}

func newOutside(t *testing.T) *outside {
	t.Helper()
	w := &outside{dir: filepath.Join(t.TempDir(), "canary")}
	for name, text := range map[string]string{"secret": "the secret", "passwords": "x:{PLAIN}x", "evil.so": "\x7fELF", "sub/keep": "kept"} {
		file := filepath.Join(w.dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tcp.Close() })
	w.port = tcp.Addr().(*net.TCPAddr).Port
	udp, err := net.ListenPacket("udp", fmt.Sprintf("127.0.0.1:%d", w.port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { udp.Close() })
	go func() {
		for {
			c, err := tcp.Accept()
			if err != nil {
				return
			}
			w.calls.Add(1)
			c.Close()
		}
	}()
	go func() {
		for b := make([]byte, 1500); ; {
			if _, _, err := udp.ReadFrom(b); err != nil {
				return
			}
			w.calls.Add(1)
		}
	}()
	return w
}

// untouched fails where something was written or called.
func (w *outside) untouched(t *testing.T, before string) {
	t.Helper()
	if now := w.state(t); now != before {
		t.Errorf("the canaries are not as they were:\n%s\nwas:\n%s", now, before)
	}
	if n := w.calls.Load(); n > 0 {
		t.Errorf("%d connections or packets left the namespace", n)
	}
}

func (w *outside) state(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(w.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %v %d %v\n", name, info.Mode(), info.Size(), info.ModTime())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostileText is a configuration that does what a configuration can do to a host.
// CANARY is the watched folder, PORT the watched port.
const hostileText = `
user root; daemon on; worker_processes 64; working_directory CANARY; worker_rlimit_core 1g;
pid CANARY/pid; lock_file CANARY/lock; error_log CANARY/error debug; error_log syslog:server=127.0.0.1:PORT;
load_module CANARY/evil.so; env SECRET=hostile-word; ssl_engine hostile-engine; google_perftools_profiles CANARY/profile;
thread_pool hostile threads=9999; debug_points abort;
include /etc/hostile-include.conf;
events { worker_connections 1; use hostile-method; }
stream { server { listen 6666; proxy_pass 127.0.0.1:PORT; } }
mail { server { listen 6667; auth_http 127.0.0.1:PORT; } }
http {
    log_format hostile "$request"; access_log CANARY/access hostile; access_log syslog:server=127.0.0.1:PORT hostile;
    client_body_temp_path CANARY/body; proxy_temp_path CANARY/proxy; client_body_in_file_only on;
    proxy_cache_path CANARY/cache keys_zone=z:1m; proxy_cache z;
    resolver 127.0.0.1:PORT; ssl_stapling on; ssl_trusted_certificate CANARY/secret;
    ssl_certificate CANARY/secret; ssl_certificate_key engine:hostile-engine:key; ssl_password_file CANARY/passwords;
    ssl_session_ticket_key CANARY/secret; ssl_conf_command Hostile Command;
    lua_package_path "CANARY/?.lua;;"; init_by_lua 'os.execute("touch CANARY/lua")';
    init_worker_by_lua_block { io.open("CANARY/worker", "w"):write("hostile-block"):close() }
    perl_modules CANARY; perl_require evil.pm; perl_set $perl 'sub { system("touch CANARY/perl"); }';
    js_import CANARY/evil.js; js_set $js evil.f; geoip_database CANARY/secret; xslt_stylesheet CANARY/secret;
    map $uri $mapped { default 0; "~^/map\"; } server { listen 7777; root /; } #" "hostile\"; access_log CANARY/quoted; #"; }
    upstream out { server 127.0.0.1:PORT; server unix:CANARY/socket; zone hostile 1m; }
    server {
        listen 127.0.0.1:8080; listen unix:CANARY/listen; listen 203.0.113.9:8081 ssl;
        server_name hostile.example "a;} server { listen 7778;" "x\"; load_module CANARY/evil.so; #";
        root CANARY/../../../../../../../../../../etc;
        set_by_lua $lua 'return os.execute("touch CANARY/set")';
        location / { root CANARY; autoindex on; disable_symlinks off; }
        location /www/ { root /srv; }
        location /dav/ { alias CANARY/; dav_methods PUT DELETE MKCOL COPY MOVE; create_full_put_path on; dav_access all:rw; }
        location /store/ { proxy_pass http://127.0.0.1:PORT; proxy_store CANARY/stored; proxy_store_access all:rw; }
        location /out/ { proxy_pass http://out; }
        location /tls/ { proxy_pass https://127.0.0.1:PORT; proxy_ssl_certificate CANARY/secret; proxy_ssl_certificate_key engine:hostile-engine:x; }
        location /unix/ { proxy_pass http://unix:CANARY/socket:/x; }
        location /name/ { set $to "outside.example:PORT"; proxy_pass http://$to; }
        location /host/ { proxy_pass http://$http_to; }
        location /fcgi/ { fastcgi_pass 127.0.0.1:PORT; fastcgi_store CANARY/fcgi; }
        location /grpc/ { grpc_pass grpc://127.0.0.1:PORT; }
        location /uwsgi/ { uwsgi_pass unix:CANARY/socket; }
        location /mirror/ { mirror /out/; proxy_pass http://out; }
        location /lua/ { content_by_lua_block { os.execute("touch CANARY/content; hostile-shell") } }
        location /perl/ { perl 'sub { system("touch CANARY/perl2"); }'; }
        location /js/ { js_content evil.g; }
        location /mem/ { set $memcached_key k; memcached_pass 127.0.0.1:PORT; }
        location /basic/ { auth_basic x; auth_basic_user_file CANARY/passwords; }
        location /ssi/ { ssi on; return 200 '<!--#include file="CANARY/secret" -->'; }
        location /forged { add_header X-Postern-Stamp 0; return 200 "X-Postern-Stamp: 0\r\n"; }
        location /flag { if (-f CANARY/secret) { return 200 "hostile-flag"; } return 404; }
        location "/quote\"; } } include CANARY/secret; #" { return 403; }
        location /strange { hostile_directive CANARY/x; hostile_block { include CANARY/secret; } }
    }
}
`

// mustNotBeRendered are what no rendered configuration may hold.
var mustNotBeRendered = []string{
	"hostile-include", "hostile-engine", "hostile-method", "hostile-block", "hostile-shell", "hostile-word", "hostile_directive", "hostile_block",
	"Hostile", "evil.", "os.execute", "by_lua", "lua_", "perl_", "js_", "user ", "working_directory", "pid /c", "lock_file CANARY", "load_module /", "env ", "engine:", "profiles",
	"syslog", "resolver", "stapling", "_store", "dav_", "proxy_cache", "mirror", "memcached", "ssi ", "stream {", "mail", "unix:", "include ", "client_body_in_file_only", "fastcgi_pass", "grpc_pass", "uwsgi_pass",
	"access_log /", "access_log \"", "error_log /", "thread_pool", "geoip", "xslt", "auth_http", "203.0.113.9",
}

func TestAHostileTreeDoesNothingOfWhatItTries(t *testing.T) {
	o := options(t)
	w := newOutside(t)
	before := w.state(t)
	text := strings.NewReplacer("CANARY", w.dir, "PORT", fmt.Sprint(w.port)).Replace(hostileText)
	tree := t.TempDir()
	for name, data := range map[string]string{"etc/nginx/nginx.conf": text, "srv/www/page": "a page"} {
		file := filepath.Join(tree, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"leak": filepath.Join(w.dir, "secret"), "whole": "/", "near": "page"} {
		if err := os.Symlink(target, filepath.Join(tree, "srv/www", name)); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(tree)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	o.Files, o.Prefix, o.Limit = root.FS(), "/etc/nginx", 1500
	cfg := nginx.Effective(nginx.Load(o.Files, o.Prefix, "nginx.conf"), followed)

	rendered := render(cfg, o.Prefix, nil, nil)
	for _, s := range mustNotBeRendered {
		for i, line := range strings.Split(rendered.text, "\n") {
			// Words of the audited files are data once they are quoted.
			if strings.Contains(unquoted(line), s) {
				t.Errorf("line %d of the rendered configuration holds %q: %s", i+1, s, line)
			}
		}
	}
	for line := range strings.Lines(rendered.text) {
		if f := strings.Fields(line); len(f) > 1 && (f[0] == "root" || f[0] == "alias") && !strings.HasPrefix(f[1], nginx.Quote(filesDir)[:len(filesDir)+1]) {
			t.Errorf("a folder outside of the gate: %s", line)
		}
	}
	if strings.Contains(rendered.text, fmt.Sprintf("127.0.0.1:%d", w.port)) {
		t.Error("the rendered configuration names the port outside")
	}
	for _, name := range []string{"/www/page", "/www/leak", "/www/near", "/www/whole/etc/passwd", "/secret", "/passwd", "/dav/secret", "/ssi/", "/lua/", "/store/x", "/out/x", "/unix/x", "/name/x", "/mirror/x", "/fcgi/x", "/grpc/x", "/flag"} {
		for _, method := range []string{"GET", "PUT", "DELETE", "MKCOL"} {
			host := "hostile.example"
			q := request.Request{Address: "127.0.0.1", Port: 8080, Method: method, Target: name, Host: &host, Headers: [][2]string{{"To", fmt.Sprintf("127.0.0.1:%d", w.port)}, {"Content-Length", "3"}}}
			o.Witnesses = append(o.Witnesses, Witness{Name: method + " " + name, Request: q})
		}
	}
	r := run(t, cfg, o)
	disagreements(t, r)
	w.untouched(t, before)
	for _, res := range r.Results {
		switch res.Name {
		case "GET /www/page":
			if res.Observed.Status != 200 {
				t.Errorf("%s: %+v", res.Name, res.Observed)
			}
		case "GET /www/leak", "GET /www/near", "GET /www/whole/etc/passwd", "GET /secret", "GET /passwd", "GET /dav/secret", "GET /flag":
			if res.Observed.Status != 404 {
				t.Errorf("%s: %+v", res.Name, res.Observed)
			}
		}
	}
	if len(r.Left) < 3 {
		t.Errorf("symbolic links are not told: %q", r.Left)
	}
	names := map[string]bool{}
	for _, d := range r.Removed {
		if d.Pos.Line == 0 || d.Reason == "" {
			t.Errorf("%+v", d)
		}
		names[d.Name] = true
	}
	for _, name := range []string{"user", "pid", "load_module", "env", "stream", "mail", "access_log", "resolver", "dav_methods", "proxy_store", "content_by_lua_block", "init_by_lua", "perl", "js_content", "hostile_directive", "hostile_block", "memcached_pass", "mirror", "ssl_certificate_key"} {
		if !names[name] {
			t.Errorf("%s is left out and not listed", name)
		}
	}
}

// unquoted is a line without its quoted words.
func unquoted(line string) string {
	var b strings.Builder
	in := false
	for i := 0; i < len(line); i++ {
		switch {
		case in && line[i] == '\\':
			i++
		case line[i] == '"':
			in = !in
		case !in:
			b.WriteByte(line[i])
		}
	}
	return b.String()
}

// What the rendering leaves out, the namespaces stop as well: here the hostile
// directives run as they are.
func TestTheNamespacesAloneHoldAHostileConfiguration(t *testing.T) {
	o := options(t)
	w := newOutside(t)
	before := w.state(t)
	secret := filepath.Join(w.dir, "secret")
	for name, c := range map[string]struct{ main, http, server string }{
		"logs":          {"", "access_log " + w.dir + "/access;", "return 200;"},
		"errors":        {"error_log " + w.dir + "/error;", "", "return 200;"},
		"system log":    {fmt.Sprintf("error_log syslog:server=127.0.0.1:%d debug;", w.port), "", "return 200;"},
		"process":       {"pid " + w.dir + "/pid;", "", "return 200;"},
		"bodies":        {"", "client_body_temp_path " + w.dir + "/body; client_body_in_file_only on;", fmt.Sprintf("location / { proxy_pass http://127.0.0.1:%d; }", w.port)},
		"uploads":       {"", "", "location / { root " + w.dir + "; dav_methods PUT DELETE MKCOL; create_full_put_path on; }"},
		"system folder": {"", "", "location / { root /usr; dav_methods PUT DELETE MKCOL; create_full_put_path on; }"},
		"proxy":         {"", "", fmt.Sprintf("location / { proxy_pass http://127.0.0.1:%d; proxy_store %s/stored; }", w.port, w.dir)},
		"resolver":      {"", fmt.Sprintf("resolver_timeout 1s; resolver 127.0.0.1:%d;", w.port), "set $to outside.example; location / { proxy_pass http://$to; }"},
		"reading":       {"", "", "location / { alias " + secret + "; }"},
		"user":          {"user root;", "", "return 200;"},
		"include":       {"", "include " + secret + ";", "return 200;"},
		"Lua": {
			"load_module /usr/lib/nginx/modules/ndk_http_module.so; load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;", "",
			"location / { content_by_lua_block { os.execute('touch " + w.dir + "/lua; touch /usr/lua; touch /lua') local f = io.open('" + secret + "') ngx.status = f and 200 or 404 ngx.say(f and f:read('*a')) local s = ngx.socket.tcp() s:connect('127.0.0.1', " + fmt.Sprint(w.port) + ") } }",
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := "daemon off; master_process off; " + c.main + "\nevents { }\nhttp { " + c.http + "\n"
			for _, p := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
				if !strings.Contains(c.http, p+"_temp_path") {
					text += p + "_temp_path " + runDir + "/" + p + ";\n"
				}
			}
			if !strings.Contains(c.main, "pid ") {
				text = "pid " + runDir + "/pid;\n" + text
			}
			if !strings.Contains(c.http, "access_log") {
				text += "access_log off;\n"
			}
			text += "keepalive_timeout 0; server { listen 127.1.0.1:80; " + c.server + " } }\n"
			cert, key, err := certificate()
			if err != nil {
				t.Fatal(err)
			}
			folder := t.TempDir()
			r := &runner{options: o, folder: folder, report: &Report{}}
			if _, err := r.furnishFolder(filepath.Join(folder, "gate"), cert, key); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "gate/nginx.conf"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			program, _, err := findNginx(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			j := &job{Program: program, Folder: folder, Certificate: cert, Key: key, Ready: "127.1.0.1:80"}
			for _, line := range []string{"GET /", "GET /secret", "PUT /new", "PUT /share/new", "DELETE /secret", "MKCOL /dir/", "POST /"} {
				if name == "resolver" && len(j.Requests) > 0 {
					break // each takes a second
				}
				j.Requests = append(j.Requests, shot{To: j.Ready, Raw: []byte(line + " HTTP/1.1\r\nHost: x\r\n\r\n")})
				j.Requests = append(j.Requests, shot{To: j.Ready, Raw: []byte(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"), Length: 3})
			}
			seen, refused, err := enter(t.Context(), o.Inside, j)
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range seen {
				if s.Status >= 200 && s.Status < 300 && name != "system log" && name != "logs" && name != "user" {
					t.Errorf("request %d: %+v", i, s)
				}
			}
			if len(refused) > 300 {
				refused = refused[:300]
			}
			t.Logf("%v %s", seen, refused)
			w.untouched(t, before)
		})
	}
	if _, err := os.Stat("/usr/share/new"); err == nil {
		t.Error("a file of the system was written")
	}
}
