// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func effective(t *testing.T, text string, v Version) *Config {
	t.Helper()
	tree := Parse("f", text)
	if len(tree.Errors) > 0 {
		t.Fatal(messages(tree.Errors))
	}
	return Effective(tree, v)
}

// show prints settings as: origin line context name args.
func show(list []Setting) []string {
	var out []string
	for _, s := range list {
		line := s.Origin.String() + " " + s.Name
		if len(s.Args) > 0 {
			line += " " + strings.Join(s.Args, " ")
		}
		if s.Origin == Explicit || s.Origin == Inherited {
			line += fmt.Sprintf(" @%d %s", s.From.Line, s.Context)
		}
		if s.Version != "" {
			line += " [" + s.Version + "]"
		}
		out = append(out, line)
	}
	return out
}

func locationAt(t *testing.T, cfg *Config, path string) *Location {
	t.Helper()
	for _, s := range cfg.Servers {
		for l := range s.All() {
			if l.Path == path {
				return l
			}
		}
	}
	t.Fatalf("no location %q", path)
	return nil
}

func TestInheritance(t *testing.T) {
	const conf = `error_log main.log;
http {
 server_tokens off;
 add_header X http;
 proxy_set_header Host $host;
 allow 10.0.0.0/8;
 access_by_lua_file http.lua;
 more_set_headers "A: 1";
 root /http;
 server {
  listen 443 ssl;
  ssl_protocols TLSv1.2; ssl_protocols TLSv1.3;
  rewrite ^/x /y;
  return 404;
  location / {
   add_header Y inner;
   add_header Z inner always;
   proxy_pass http://u;
   deny all;
   more_set_headers "B: 2";
   location /deep {
    client_max_body_size 5m;
    access_by_lua_block { return }
    alias /deep;
   }
   if ($a) {
    add_header IF 1;
    set $b c;
   }
   limit_except GET { allow 1.2.3.4; deny all; }
  }
  location /plain { unknown_thing 1; internal; }
 }
}
`
	cfg := effective(t, conf, Version{1, 22, 1})
	root, deep, plain := locationAt(t, cfg, "/"), locationAt(t, cfg, "/deep"), locationAt(t, cfg, "/plain")
	tests := []struct {
		name  string
		scope *Scope
		get   []string
		want  []string
	}{
		{"a simple setting is inherited from afar", deep.Scope, []string{"server_tokens"}, []string{"inherited server_tokens off @3 http"}},
		{"a list set in the inner block hides the outer one", root.Scope, []string{"add_header"}, []string{"explicit add_header Y inner @16 location", "explicit add_header Z inner always @17 location"}},
		{"a list not set in the inner block is inherited whole", deep.Scope, []string{"add_header"}, []string{"inherited add_header Y inner @16 location", "inherited add_header Z inner always @17 location"}},
		{"protocols set twice in one block add up", cfg.Servers[0].Scope, []string{"ssl_protocols"}, []string{"explicit ssl_protocols TLSv1.2 @12 server", "explicit ssl_protocols TLSv1.3 @12 server"}},
		{"a list is inherited past a level that sets none", plain.Scope, []string{"add_header"}, []string{"inherited add_header X http @4 http"}},
		{"proxy_set_header is inherited", root.Scope, []string{"proxy_set_header"}, []string{"inherited proxy_set_header Host $host @5 http"}},
		{"one deny hides the inherited allow", root.Scope, []string{"allow", "deny"}, []string{"explicit deny all @19 location"}},
		{"allow alone shows that it is hidden", root.Scope, []string{"allow"}, nil},
		{"access rules keep their order", root.Limits[0].Scope, []string{"deny", "allow"}, []string{"explicit allow 1.2.3.4 @30 limit_except", "explicit deny all @30 limit_except"}},
		{"a Lua block overrides a Lua file of the same phase", deep.Scope, []string{"access_by_lua_file", "access_by_lua_block"}, []string{"explicit access_by_lua_block @23 location"}},
		{"a Lua file is inherited", plain.Scope, []string{"access_by_lua_file"}, []string{"inherited access_by_lua_file http.lua @7 http"}},
		{"headers-more adds to what it inherits", deep.Scope, []string{"more_set_headers"}, []string{"inherited more_set_headers A: 1 @8 http", "inherited more_set_headers B: 2 @20 location"}},
		{"alias hides the inherited root", deep.Scope, []string{"root", "alias"}, []string{"explicit alias /deep @24 location"}},
		{"proxy_pass is not inherited into a nested location", deep.Scope, []string{"proxy_pass"}, nil},
		{"proxy_pass stays in force in an if", root.Ifs[0].Scope, []string{"proxy_pass"}, []string{"inherited proxy_pass http://u @18 location"}},
		{"an if hides the headers of its location", root.Ifs[0].Scope, []string{"add_header"}, []string{"explicit add_header IF 1 @27 if in location"}},
		{"rewrite actions belong to their block", root.Scope, []string{"rewrite", "return", "set"}, nil},
		{"rewrite actions are seen in their block", cfg.Servers[0].Scope, []string{"rewrite", "return"}, []string{"explicit rewrite ^/x /y @13 server", "explicit return 404 @14 server"}},
		{"a setting of the server is seen from a location", deep.Scope, []string{"ssl_protocols"}, []string{"inherited ssl_protocols TLSv1.2 @12 server", "inherited ssl_protocols TLSv1.3 @12 server"}},
		{"a setting of the main context reaches a location", deep.Scope, []string{"error_log"}, []string{"inherited error_log main.log @1 main"}},
		{"a default names its versions", deep.Scope, []string{"merge_slashes"}, []string{"default merge_slashes on [1.19.0 to 1.30]"}},
		{"an unknown directive is kept", plain.Scope, []string{"unknown_thing"}, []string{"explicit unknown_thing 1 @32 location"}},
		{"an unknown name has no value", plain.Scope, []string{"no_such_thing"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, show(tt.scope.Get(tt.get...))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	if s := plain.Get("unknown_thing"); s[0].Known {
		t.Error("an unknown directive is marked known")
	}
	if s := root.Get("proxy_set_header"); !s[0].HasVariables || !s[0].Known {
		t.Errorf("%+v", s[0])
	}
}

func TestDefaultsDependOnTheVersion(t *testing.T) {
	tests := []struct {
		directive, version, want string
	}{
		{"ssl_protocols", "1.22.1", "default ssl_protocols TLSv1 TLSv1.1 TLSv1.2 [1.19.0 to before 1.23.4]"},
		{"ssl_protocols", "1.23.4", "default ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3 [1.23.4 to before 1.27.3]"},
		{"ssl_protocols", "1.27.3", "default ssl_protocols TLSv1.2 TLSv1.3 [1.27.3 to 1.30]"},
		{"ssl_protocols", "", "unresolved ssl_protocols [1.19.0 to before 1.23.4: TLSv1 TLSv1.1 TLSv1.2; 1.23.4 to before 1.27.3: TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; 1.27.3 to 1.30: TLSv1.2 TLSv1.3]"},
		{"keepalive_requests", "1.19.9", "default keepalive_requests 100 [1.19.0 to before 1.19.10]"},
		{"keepalive_requests", "1.19.10", "default keepalive_requests 1000 [1.19.10 to 1.30]"},
		{"proxy_http_version", "1.29.6", "default proxy_http_version 1.0 [1.19.0 to before 1.29.7]"},
		{"proxy_http_version", "1.29.7", "default proxy_http_version 1.1 [1.29.7 to 1.30]"},
		{"server_tokens", "", "default server_tokens on [1.19.0 to 1.30]"},
		{"server_tokens", "1.31.0", "unresolved server_tokens [defaults are known from 1.19.0 to 1.30]"},
		{"server_tokens", "1.18.0", "unresolved server_tokens [defaults are known from 1.19.0 to 1.30]"},
		{"http2", "1.22.1", ""},
		{"http2", "1.25.1", "default http2 off [1.25.1 to 1.30]"},
		{"client_max_body_size", "1.25.3", "default client_max_body_size 1m [1.19.0 to 1.30]"},
		{"large_client_header_buffers", "1.25.3", "default large_client_header_buffers 4 8k [1.19.0 to 1.30]"},
		{"ssl_ciphers", "1.25.3", "default ssl_ciphers HIGH:!aNULL:!MD5 [1.19.0 to 1.30]"},
		{"return", "1.25.3", ""},
		{"ssl", "1.25.0", "default ssl off [1.19.0 to before 1.25.1]"},
		{"ssl", "1.25.1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.directive+" in "+tt.version, func(t *testing.T) {
			var v Version
			if tt.version != "" {
				var err error
				if v, err = ReadVersion(tt.version); err != nil {
					t.Fatal(err)
				}
			}
			cfg := effective(t, "http { server { location / { } } }", v)
			for what, scope := range map[string]*Scope{"server": cfg.Servers[0].Scope, "location": cfg.Servers[0].Locations[0].Scope} {
				if got := strings.Join(show(scope.Get(tt.directive)), "|"); got != tt.want {
					t.Errorf("%s: got %q, want %q", what, got, tt.want)
				}
			}
		})
	}
}

func TestAddHeaderInheritChangesTheRule(t *testing.T) {
	for mode, want := range map[string][]string{
		"on":    {"explicit add_header B 2 @5 location"},
		"merge": {"inherited add_header A 1 @2 http", "explicit add_header B 2 @5 location"},
		"off":   {"explicit add_header B 2 @5 location"},
	} {
		cfg := effective(t, "http {\n add_header A 1;\n server {\n location /a { add_header_inherit "+mode+";\n add_header B 2; }\n location /b { add_header_inherit "+mode+"; }\n} }", Version{1, 29, 3})
		if diff := cmp.Diff(want, show(locationAt(t, cfg, "/a").Get("add_header"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", mode, diff)
		}
		if got := locationAt(t, cfg, "/b").Get("add_header"); (len(got) == 0) != (mode == "off") {
			t.Errorf("%s: %q", mode, show(got))
		}
	}
}

func TestListen(t *testing.T) {
	tests := []struct {
		words string
		want  Listen
		notes int
	}{
		{"80", Listen{Address: "*", Port: 80, LastPort: 80}, 0},
		{"*:8445 ssl", Listen{Address: "*", Port: 8445, LastPort: 8445, SSL: true}, 0},
		{"0.0.0.0:443 ssl http2", Listen{Address: "*", Port: 443, LastPort: 443, SSL: true, HTTP2: true}, 0},
		{"10.1.2.3 default_server", Listen{Address: "10.1.2.3", Port: 80, LastPort: 80, Default: true}, 0},
		{"[::]:443 ipv6only=off", Listen{Address: "[::]", Port: 443, LastPort: 443, IPv6Only: "off"}, 0},
		{"[2001:DB8:0::1]", Listen{Address: "[2001:db8::1]", Port: 80, LastPort: 80}, 0},
		{"Gate.example:8443", Listen{Address: "gate.example", Port: 8443, LastPort: 8443, HostName: true}, 0},
		{"localhost", Listen{Address: "localhost", Port: 80, LastPort: 80, HostName: true}, 0},
		{"unix:/run/a.sock default", Listen{Address: "unix:/run/a.sock", Default: true}, 0},
		{"443 quic reuseport", Listen{Address: "*", Port: 443, LastPort: 443, QUIC: true, ReusePort: true}, 0},
		{"8000-8010 proxy_protocol", Listen{Address: "*", Port: 8000, LastPort: 8010, ProxyProtocol: true}, 0},
		{"1.2.3.4:90-92", Listen{Address: "1.2.3.4", Port: 90, LastPort: 92}, 0},
		{"80 backlog=511 so_keepalive=30m::10 deferred bind", Listen{Address: "*", Port: 80, LastPort: 80}, 0},
		{"80 server_name", Listen{Address: "*", Port: 80, LastPort: 80}, 1},
		{"70000", Listen{Broken: true}, 1},
		{"8010-8000", Listen{Broken: true}, 1},
		{"a:0", Listen{Broken: true}, 1},
		{"[::1", Listen{Broken: true}, 1},
		{"[x]:80", Listen{Broken: true}, 1},
		{"unix:", Listen{Broken: true, Address: "unix:"}, 1},
		{"$a:80", Listen{Broken: true}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			cfg := effective(t, "http { server { listen "+tt.words+"; } }", Version{})
			got := cfg.Servers[0].Listens[0]
			got.Pos, got.Raw, got.Options = Pos{}, "", nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if len(cfg.Notes) != tt.notes {
				t.Errorf("notes: %v", cfg.Notes)
			}
		})
	}
}

func TestSocketsNameTheirDefaultServer(t *testing.T) {
	cfg := effective(t, `http {
server { listen 443 ssl; server_name a; ssl_protocols TLSv1; }
server { listen *:443 default_server; listen 80; server_name b; ssl_protocols TLSv1.3; }
server { listen 10.0.0.1:443; listen 443 quic; server_name c; http2 on; }
server { server_name d; }
server { listen 443; server_name e; }
}`, Version{1, 25, 3})
	var got []string
	for _, s := range cfg.Sockets {
		var names []string
		for _, srv := range s.Servers {
			names = append(names, srv.Names[0].Value)
		}
		got = append(got, fmt.Sprintf("%s ssl=%v http2=%v servers=%v default=%s explicit=%v", s.Key(), s.SSL, s.HTTP2, names, s.Default.Names[0].Value, s.DefaultExplicit))
	}
	want := []string{
		"*:443 ssl=true http2=false servers=[a b e] default=b explicit=true",
		"*:80 ssl=false http2=false servers=[b d] default=b explicit=false",
		"10.0.0.1:443 ssl=false http2=true servers=[c] default=c explicit=false",
		"*:443/udp ssl=false http2=false servers=[c] default=c explicit=false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if p := cfg.Sockets[0].Default.Get("ssl_protocols"); p[0].Arg(0) != "TLSv1.3" {
		t.Errorf("protocols of the socket: %q", show(p))
	}
}

func TestServerNames(t *testing.T) {
	cfg := effective(t, `http { server { server_name Example.COM *.a.b www.x.* .dot.c ~^R(\d)$ "" _ $hostname; } server { } }`, Version{})
	var got []string
	for _, n := range cfg.Servers[0].Names {
		got = append(got, n.Kind.String()+" "+n.Value)
	}
	want := []string{"exact example.com", "leading wildcard *.a.b", "trailing wildcard www.x.*", "dot .dot.c", `regex ^R(\d)$`, "empty ", "catch-all _", "exact $hostname"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if n := cfg.Servers[1].Names; len(n) != 1 || n[0].Kind != NameEmpty || !n[0].Pos.IsZero() {
		t.Errorf("a server without names has %+v", n)
	}
}

func TestLocations(t *testing.T) {
	tests := []struct {
		words string
		mod   Modifier
		path  string
		ok    bool
	}{
		{"/a", Prefix, "/a", true},
		{"= /a", Exact, "/a", true},
		{"=/a", Exact, "/a", true},
		{"^~ /a", PrefixFinal, "/a", true},
		{"^~/a", PrefixFinal, "/a", true},
		{"~ ^/a", Regex, "^/a", true},
		{"~^/a", Regex, "^/a", true},
		{"~* ^/a", RegexCaseless, "^/a", true},
		{"~*^/x", RegexCaseless, "^/x", true},
		{"@n", Named, "@n", true},
		{"! /a", Prefix, "/a", false},
		{"a b c", Prefix, "", false},
		{"", Prefix, "", false},
		{`~ "\.(a|b){2}$"`, Regex, `\.(a|b){2}$`, true},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			cfg := effective(t, "http { server { location "+tt.words+" { } } }", Version{})
			l := cfg.Servers[0].Locations[0]
			if l.Modifier != tt.mod || l.Path != tt.path || l.Broken == tt.ok || (len(cfg.Notes) > 0) == tt.ok {
				t.Errorf("%v %q broken=%v notes=%v", l.Modifier, l.Path, l.Broken, cfg.Notes)
			}
		})
	}
}

func TestStructure(t *testing.T) {
	tree := Load(filesOf("nginx.conf", `
events { worker_connections 10; }
http {
 limit_req_zone $binary_remote_addr zone=one:10m rate=10r/s;
 limit_conn_zone $server_name zone=per:1m;
 map $http_origin $cors { hostnames; default ""; "~^https://a" $http_origin; \default x; include m.inc; }
 geo $inside { default 0; 10.0.0.0/8 1; ranges; }
 upstream fin { server 10.0.0.1:8445 max_fails=2; server unix:/x backup; server b down; keepalive 8; }
 server { listen 80; server_name a; include loc.inc; }
 server { listen 80; server_name a; }
 server_tokens off;
}
stream { upstream s { server x:1; } server { listen 12345; proxy_pass s; ssl_preread on; } }
mail { }
rtmp { }
`, "m.inc", "k v;", "loc.inc", "location /a { location ~ b { } if ($x ~ 'y') { return 403; } if ( $z ) { break; } }"), "", "nginx.conf")
	if len(tree.Errors) > 0 {
		t.Fatal(messages(tree.Errors))
	}
	cfg := Effective(tree, Version{})
	if got := show(cfg.Events.Get("worker_connections", "multi_accept")); !strings.Contains(strings.Join(got, ";"), "explicit worker_connections 10 @2 events;default multi_accept off") {
		t.Errorf("events: %q", got)
	}
	z := cfg.Zones
	if len(z) != 2 || z[0].Key != "$binary_remote_addr" || z[0].Name != "one" || z[0].Size != "10m" || z[0].Rate != "10r/s" || z[1].Kind != "limit_conn_zone" {
		t.Errorf("zones: %+v", z)
	}
	var entries []string
	for _, m := range cfg.Maps {
		for _, e := range m.Entries {
			entries = append(entries, fmt.Sprintf("%s %s %s %v %v %q", m.Kind, m.Source, m.Variable, e.Special, e.Key, e.Values))
		}
	}
	want := []string{
		`map $http_origin $cors true hostnames []`, `map $http_origin $cors true default [""]`, `map $http_origin $cors false ~^https://a ["$http_origin"]`,
		`map $http_origin $cors false default ["x"]`, `map $http_origin $cors false k ["v"]`,
		`geo $remote_addr $inside true default ["0"]`, `geo $remote_addr $inside false 10.0.0.0/8 ["1"]`, `geo $remote_addr $inside true ranges []`,
	}
	if diff := cmp.Diff(want, entries); diff != "" {
		t.Errorf("maps (-want +got):\n%s", diff)
	}
	u := cfg.Upstreams
	if len(u) != 2 || u[0].Name != "fin" || len(u[0].Servers) != 3 || !u[0].Servers[1].Backup || !u[0].Servers[2].Down || u[0].Get("keepalive")[0].Arg(0) != "8" || !u[1].Stream {
		t.Errorf("upstreams: %+v", u)
	}
	if s := cfg.Streams; len(s) != 1 || s[0].ID != "stream *:12345" || len(s[0].Get("proxy_pass")) != 1 {
		t.Errorf("streams: %+v", s)
	}
	var ids []string
	for _, s := range cfg.Servers {
		ids = append(ids, s.ID)
		for l := range s.All() {
			ids = append(ids, l.ID)
			for _, f := range l.Ifs {
				ids = append(ids, fmt.Sprint("if ", f.Condition))
			}
		}
		if got := s.Get("server_tokens"); got[0].Origin != Inherited || got[0].Arg(0) != "off" {
			t.Errorf("a setting after the servers is not inherited: %q", show(got))
		}
	}
	if diff := cmp.Diff([]string{"*:80 a", "*:80 a {/a}", "if [$x ~ y]", "if [$z]", "*:80 a {~ b}", "*:80 a#2"}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	var notes []string
	for _, n := range cfg.Notes {
		notes = append(notes, fmt.Sprintf("%d %s", n.Line, n.Message))
	}
	if diff := cmp.Diff([]string{"14 mail is not modelled", `15 block "rtmp" is not modelled`}, notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestWhatNginxRefusesIsNoted(t *testing.T) {
	for _, tt := range []struct{ name, conf, want string }{
		{"a directive in the wrong place", "http { server { user x; } }", "user is not allowed in server"},
		{"a setting twice in one block", "http { server_tokens on; server_tokens off; }", "set twice"},
		{"a second default server", "http { server { listen 1 default_server; } server { listen 1 default_server; } }", "a second default_server"},
		{"a second http block", "http { } http { }", "a second http block"},
		{"a location outside of its outer one", "http { server { location /a { location /b { } } } }", "outside of location"},
		{"a location in an exact one", "http { server { location = /a { location /a/b { } } } }", "inside an exact location"},
		{"a directive that another one swallowed", "http { server { server_name a\n root /x; } }", `"root" begins a line`},
		{"a location in an if", "http { server { if ($a) { location / { } } } }", "location is not allowed in if in server"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if cfg := effective(t, tt.conf, Version{}); !strings.Contains(fmt.Sprint(cfg.Notes), tt.want) {
				t.Errorf("notes: %v", cfg.Notes)
			}
		})
	}
}

func TestNoDirectiveStandsInTwoTables(t *testing.T) {
	seen := map[string]bool{}
	for _, table := range &specTables {
		for name, sp := range table {
			if seen[name] {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
			if sp.contexts == 0 {
				t.Errorf("%s has no context", name)
			}
			for i := 1; i < len(sp.defaults); i++ {
				if sp.defaults[i-1].since.Compare(sp.defaults[i].since) >= 0 {
					t.Errorf("%s: its defaults are out of order", name)
				}
			}
		}
	}
}

func TestSettingsHoldEverythingInEffect(t *testing.T) {
	cfg := effective(t, "http { add_header A 1; zzz 1; server { location / { unknown 2; allow all; } } }", Version{1, 25, 3})
	var names []string
	seen := map[string]Setting{}
	for _, s := range locationAt(t, cfg, "/").Settings() {
		names = append(names, s.Name)
		seen[s.Name] = s
	}
	for name, origin := range map[string]Origin{"add_header": Inherited, "unknown": Explicit, "allow": Explicit, "server_tokens": Default, "ssl_protocols": Default} {
		if s, ok := seen[name]; !ok || s.Origin != origin {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if _, ok := seen["zzz"]; ok {
		t.Error("an unknown directive is inherited")
	}
	for i := 1; i < len(names); i++ {
		if names[i-1] > names[i] {
			t.Errorf("%s before %s", names[i-1], names[i])
		}
	}
}
