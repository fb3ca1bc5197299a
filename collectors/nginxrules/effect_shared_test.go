// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// A module comes from the first place that has it; where that is not known, it is not read.
func TestAModuleComesFromTheFirstPlaceThatHasIt(t *testing.T) {
	const guard = "local m = require('m')\nif m.holds() then return ngx.exit(403) end"
	harmless, moving := "return { holds = function() return true end }", "return { holds = function() ngx.exec('/x') end }"
	for _, test := range []struct {
		paths, want string
		files       map[string]string
	}{
		{"/a/?.lua;/b/?.lua", "refuses", map[string]string{"a/other.lua": "", "b/m.lua": harmless}},
		{"/a/?.lua;/b/?.lua", "/a/?.lua\" may have it", map[string]string{"b/m.lua": harmless}},
		{"/a/?.lua;/b/?.lua", "ngx.exec", map[string]string{"a/m.lua": moving, "b/m.lua": harmless}},
		{"$prefix/a/?.lua;/b/?.lua", "ngx.exec", map[string]string{"usr/share/nginx/a/m.lua": moving, "b/m.lua": harmless}},
		{";;/b/?.lua", "was not read", map[string]string{"b/m.lua": harmless}},
		{"/b/?.lua;;", "refuses", map[string]string{"b/m.lua": harmless}},
		{"a/?.lua;/b/?.lua", "was not read", map[string]string{"b/m.lua": harmless}},
		{"$HOME/?.lua;/b/?.lua", "was not read", map[string]string{"b/m.lua": harmless}},
		{"/a/?.lua;/b/?.lua", "compiled", map[string]string{"a/m.lua": "\x1bLJ\x02", "b/m.lua": harmless}},
		{"/a/?.lua;/b/?.lua", "was not read", map[string]string{"a/m.lua/folder": "", "b/m.lua": harmless}},
	} {
		tree := fstest.MapFS{"etc/nginx/nginx.conf": {Data: []byte(
			"events {} http { lua_package_path \"" + test.paths + "\"; server { location / { access_by_lua_block { " + guard + " } } } }")}}
		for name, text := range test.files {
			tree[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := handlerEffect(t, tree); !strings.Contains(got, test.want) {
			t.Errorf("lua_package_path %q with %v: %q, not %q", test.paths, test.files, got, test.want)
		}
	}
}

// What runs when nginx starts shares all its globals and modules with guards.
func TestAGuardIsOpenWhereTheStartIsNotRead(t *testing.T) {
	for _, test := range []struct{ start, want string }{
		{"init_by_lua_block { local s = ngx.shared.blocked }", "refuses"},
		{"init_worker_by_lua_block { require('unauthenticated_desktopresources_manager').start() }", "refuses"},
		{"init_by_lua_block { function route() ngx.req.set_uri('/x') end }", "what runs when nginx starts"},
		{"init_by_lua_block { ngx.exit = ngx.exec }", "what runs when nginx starts"},
		{"init_worker_by_lua_block { package.loaded.m = 1 }", "what runs when nginx starts"},
		{"init_by_lua_file lua/init.lua;", "what runs when nginx starts"},
	} {
		tree := fstest.MapFS{"etc/nginx/nginx.conf": {Data: []byte(
			"events {} http { " + test.start + " server { location / { access_by_lua_block { ngx.exit(403) } } } }")}}
		if got := handlerEffect(t, tree); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, not %q", test.start, got, test.want)
		}
	}
}

// Scripts of all requests and phases run in one state of Lua: what one of them changes, all
// of them have from then on.
func TestAGuardIsOpenWhereAnotherScriptChangesWhatTheyShare(t *testing.T) {
	const open = "another script may change"
	for _, test := range []struct{ others, want string }{
		{"log_by_lua_block { ngx.exit = function() end }", open},
		{"log_by_lua_block { ngx.HTTP_UNAUTHORIZED = 0 }", open},
		{"log_by_lua_block { type = function() return 'x' end }", open},
		{"header_filter_by_lua_block { string.lower = string.upper }", open},
		{"body_filter_by_lua_block { local n = ngx n.exit = nil }", open},
		{"location = /x { content_by_lua_block { _G.type = nil } }", open},
		{"location = /x { content_by_lua_block { setmetatable(ngx.var, {__index = function() return 'x' end}) } }", open},
		{"location = /x { content_by_lua_block { require('elsewhere') } }", open},
		{"location = /x { content_by_lua_block { loadstring(ngx.var.arg_x)() } }", open},
		{"location = /x { if ($arg_x) { rewrite_by_lua_block { ngx.var = {} } } }", open},
		{"location = /x { limit_except GET { access_by_lua_block { ngx.req.get_headers = nil } } }", open},
		{"set_by_lua_block $x { getmetatable(ngx.req.get_headers()).__index = nil }", open},
		{"log_by_lua_file gone.lua;", open},
		{"log_by_lua_file $arg_x;", open},
		{"log_by_lua_block { if }", open},

		{"log_by_lua_block { ngx.shared.failures:incr(ngx.var.remote_addr, 1, 0) }", "refuses"},
		{"log_by_lua_block { ngx.ctx.seen = true local f = io.open('/var/log/x', 'a') f:write(ngx.var.uri) }", "refuses"},
		{"body_filter_by_lua_block { ngx.arg[1] = nil }", "refuses"},
		{"log_by_lua_block { local ngx = ngx local ctx = ngx.ctx ctx.seen = ngx.now() ngx.ctx = nil }", "refuses"},
		{"log_by_lua_block { local ngx = ngx xpcall(function() ngx.log(ngx.INFO, 1) end, debug.traceback) }", "refuses"},
		{"log_by_lua_block { local ngx = ngx ngx.exit = nil }", open},
		{"log_by_lua_block { local n = ngx require('table.clear')(n) }", open},
		{"set_by_lua_block $x { local t = {} t.x = 1 return ngx.req.get_method() }", "refuses"},
		{"location = /x { set $up ''; rewrite_by_lua_block { ngx.var.up = 'x' ngx.var['u' .. 'p'] = 'y' ngx.req.set_uri('/y') } }", "refuses"},
		{"location = /x { content_by_lua_block { ngx.exec('/y') } }", "refuses"},
		{"location = /x { content_by_lua_block { local s = require('ngx.ssl') ngx.say(s.server_name()) } }", "refuses"},
	} {
		tree := fstest.MapFS{"etc/nginx/nginx.conf": {Data: []byte(
			"events {} http { server { location / { access_by_lua_block { ngx.exit(403) } } " + test.others + " } }")}}
		if got := handlerEffect(t, tree); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, not %q", test.others, got, test.want)
		}
	}
}

// A library is what its name says only where no place of the configuration has another one.
// The same is so for what scripts know as ngx.
func TestALibraryIsTheOneOfOpenResty(t *testing.T) {
	moving := "return { encode = function() ngx.exec('/x') end }"
	for _, test := range []struct {
		settings, want string
		files          map[string]string
	}{
		{"", "refuses", nil},
		{"lua_package_path '/srv/?.lua;;';", `"/srv/?.lua" may have it`, nil},
		{"lua_package_path '/srv/?.lua;;';", "refuses", map[string]string{"srv/m.lua": ""}},
		{"lua_package_path '/srv/?.lua;;';", "ngx.exec", map[string]string{"srv/cjson.lua": moving}},
		{"lua_package_path ';;/srv/?.lua';", "ngx.exec", map[string]string{"srv/cjson.lua": moving}},
		{"lua_package_path '/srv/?.lua;;';", "refuses", map[string]string{"srv/bit.lua": moving}},
		{"lua_package_path '/srv/?.lua;;';", "resty.core.exit", map[string]string{"srv/resty/core/exit.lua": "return {}"}},
		{"lua_package_path '/srv/?.lua;;';", "refuses", map[string]string{"srv/cjson.lua": "return { encode = function(x) return x end }"}},
		{"lua_package_path '/srv/?.lua;;';", "compiled", map[string]string{"srv/cjson.lua": "\x1bLJ\x02"}},
		{"lua_package_path 'lua/?.lua;;';", `"lua/?.lua" may have it`, nil},
		{"lua_package_path '$HOME/?.lua;;';", "may have it", nil},
		{"lua_package_path '/usr/local/openresty/lualib/?.lua;;';", "refuses", nil},
		{"lua_package_path '/usr/local/openresty/lualib/?.lua;;';", "refuses", map[string]string{"usr/local/openresty/lualib/cjson.lua": moving}},
		{"lua_package_path '/usr/local/openresty/nginx/lua/?.lua;;';", "ngx.exec", map[string]string{"usr/local/openresty/nginx/lua/cjson.lua": moving}},
		{"lua_package_path '/usr/local/openresty/../../../srv/?.lua;;';", "ngx.exec", map[string]string{"srv/cjson.lua": moving}},
		{"lua_package_cpath '/srv/?.so;;';", `"/srv/?.so" may have it`, nil},
		{"lua_package_cpath '/srv/?.so;;';", "refuses", map[string]string{"srv/other.so": ""}},
		{"lua_package_cpath '/srv/?.so;;';", "compiled", map[string]string{"srv/cjson.so": "\x7fELF"}},
		{"lua_package_cpath '/srv/?.so;;';", "compiled", map[string]string{"srv/resty.so": "\x7fELF"}},
	} {
		tree := fstest.MapFS{"etc/nginx/nginx.conf": {Data: []byte(
			"events {} http { " + test.settings + " server { location / { access_by_lua_block { require('cjson') require('bit') ngx.exit(403) } } } }")}}
		for name, text := range test.files {
			tree[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := handlerEffect(t, tree); !strings.Contains(got, test.want) {
			t.Errorf("%s with %v: %q, not %q", test.settings, test.files, got, test.want)
		}
	}
}

// Of another text with the name of a library nobody knows whether it ends the script.
func TestAGuardDoesNotAskBehindAModuleThatMayEndIt(t *testing.T) {
	for text, want := range map[string]bool{"return {}": false, "": true} {
		tree := fstest.MapFS{
			"srv/m.lua": {},
			"etc/nginx/nginx.conf": {Data: []byte(
				"events {} http { lua_package_path '/srv/?.lua;;'; server { location / { access_by_lua_block {\n" +
					"local c = require('cjson') if ngx.var.http_authorization ~= 'Bearer x' then return ngx.exit(401) end } } } }")},
		}
		if text != "" {
			tree["srv/cjson.lua"] = &fstest.MapFile{Data: []byte(text)}
		}
		if e := effectIn(t, tree); !e.OnlyRefuses || e.Authenticates != want {
			t.Errorf("with the module %q: %+v", text, e)
		}
	}
}

// A variable for credentials is believed only where nginx makes it of the request.
func TestCredentialsAreNotWhatTheConfigurationSets(t *testing.T) {
	for _, test := range []struct {
		http, server string
		want         bool
	}{
		{"", "", true},
		{"", "set $other $cookie_sid;", true},
		{"map $cookie_sid $known { default 0; x $cookie_sid; }", "proxy_set_header X $cookie_sid; if ($cookie_sid = x) { return 403; }", true},
		{"", "set $cookie_sid 1;", false},
		{"", "set $Cookie_SID 1;", false},
		{"", "location /x { if ($uri) { set ${cookie_sid} 1; } }", false},
		{"map $uri $cookie_sid { default 1; }", "", false},
		{"geo $cookie_sid { default 1; }", "", false},
		{"geo $remote_addr $cookie_sid { default 1; }", "", false},
		{"split_clients $uri $cookie_sid { * 1; }", "", false},
		{"map $uri $x { ~(?<cookie_sid>.) 1; }", "", false},
		{"js_set $cookie_sid m.f;", "", false},
		{"geoip2 x.mmdb { $cookie_sid country; }", "", false},
		{"", "auth_request_set $cookie_sid $upstream_http_x;", false},
		{"", "set_by_lua_block $cookie_sid { return 1 }", false},
		{"", "set_unescape_uri $cookie_sid $arg_x;", false},
		{"", "location ~ ^/(?P<Cookie_Sid>.) { }", false},
		{"", "rewrite ^/(?'cookie_sid'.) /x;", false},
		{"server { listen 81; set $cookie_sid 1; }", "", false},
	} {
		tree := fstest.MapFS{"etc/nginx/nginx.conf": {Data: []byte(
			"events {} http { server { location / { access_by_lua_block { if (ngx.var.cookie_sid or '') == '' then return ngx.exit(401) end } } " +
				test.server + " } " + test.http + " }")}}
		if got := effectIn(t, tree).Authenticates; got != test.want {
			t.Errorf("%s %s: authenticates %t", test.http, test.server, got)
		}
	}
}

// handlerEffect tells the effect of the guard of a tree's first location in a word.
func handlerEffect(t *testing.T, tree fstest.MapFS) string {
	t.Helper()
	if e := effectIn(t, tree); !e.OnlyRefuses {
		return e.Why
	}
	return "refuses"
}

func effectIn(t *testing.T, tree fstest.MapFS) request.Script {
	t.Helper()
	c, err := Read(evidence.Target{
		Kind: evidence.KindEdge, Site: &evidence.Site{}, Artifacts: &evidence.Archive{}, Files: treeFiles{tree},
		Edge: &evidence.Edge{Nginx: evidence.NginxLocation{Root: ".", Prefix: "/usr/share/nginx", Conf: "/etc/nginx/nginx.conf"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for l := range c.Servers[0].All() {
		return c.Effect(l.Get("access_by_lua_block")[0], nil)
	}
	t.Fatal("no location")
	return request.Script{}
}

type treeFiles struct{ tree fs.FS }

func (f treeFiles) Read(name string, _ int64) (evidence.Artifact, error) {
	text, err := fs.ReadFile(f.tree, name)
	return evidence.Artifact{Path: name, Text: text}, err
}

func (f treeFiles) Tree(string) (fs.FS, error) { return f.tree, nil }

// The digest of a guard names all that it rests on.
func TestADigestChangesWithEveryTextOfAGuard(t *testing.T) {
	digest := func(start, module string) string {
		tree := fstest.MapFS{
			"b/m.lua": {Data: []byte(module)},
			"etc/nginx/nginx.conf": {Data: []byte(
				"events {} http { lua_package_path /b/?.lua; init_by_lua_block { " + start + " } server { location / { access_by_lua_block { require('m') } } } }")},
		}
		c, err := Read(evidence.Target{
			Kind: evidence.KindEdge, Site: &evidence.Site{}, Artifacts: &evidence.Archive{}, Files: treeFiles{tree},
			Edge: &evidence.Edge{Nginx: evidence.NginxLocation{Root: ".", Prefix: "/etc/nginx", Conf: "/etc/nginx/nginx.conf"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for l := range c.Servers[0].All() {
			return c.Effect(l.Get("access_by_lua_block")[0], nil).Digest
		}
		return ""
	}
	same := digest("local a = 1", "return {}")
	if same == "" || same != digest("local a = 1", "return {}") {
		t.Errorf("the same guard has the digests %q and %q", same, digest("local a = 1", "return {}"))
	}
	if digest("local a = 2", "return {}") == same || digest("local a = 1", "return { 1 }") == same {
		t.Error("another text has the same digest")
	}
}
