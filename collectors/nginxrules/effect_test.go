// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/evidence"
)

func readEffect(code string, modules map[string]string) string {
	r := luaEffect{authenticators: []string{"users_list_manager", "agent_session", "resty.jwt"}, seen: map[string]bool{}, module: func(name string) (string, error) {
		code, ok := modules[name]
		if !ok {
			return "", fmt.Errorf("the module %q was not read", name)
		}
		return code, nil
	}}
	switch e := r.effect(code); {
	case e.OnlyRefuses == (e.Why != ""), e.Authenticates && !e.OnlyRefuses:
		return fmt.Sprintf("a contradiction: %+v", e)
	case e.Authenticates:
		return "authenticates"
	case e.OnlyRefuses:
		return "refuses"
	default:
		return e.Why
	}
}

func TestTheEffectOfAScriptIsToldFromWhatItNames(t *testing.T) {
	modules := map[string]string{
		"block":    "local M = {}\nfunction M.holds(a) return ngx.shared.blocked:get(a) end\nreturn M",
		"moving":   "local M = {}\nfunction M.go() ngx.req.set_uri('/x') end\nreturn M",
		"guard":    "local M = {}\nfunction M.run()\n if ngx.var.arg_debug then return end\n if not ngx.var.http_authorization then return ngx.exit(401) end\nend\nreturn M",
		"globally": "function route() end",
	}
	for _, test := range []struct{ code, want string }{
		{"-- nothing", "refuses"},
		{"if ngx.shared.blocked:get(ngx.var.remote_addr) then return ngx.exit(418) end", "refuses"},
		{"local b = require 'block'\nif b.holds(ngx.var.remote_addr) then return ngx.exit(418) end", "refuses"},
		{"-- ngx.exec('/x')\nlocal s = 'ngx.exec'\nreturn ngx.exit(403)", "refuses"},
		{"local v = ngx.var['host']", "refuses"},
		{"if ngx.var.host == 'x' then return ngx.exit(403) end", "refuses"},
		{"local t = {}\nt.x, t.y = 1, ngx.var.uri\nfor k, v in pairs(t) do ngx.log(ngx.INFO, k, v) end", "refuses"},
		{"ngx.header['X-Seen'] = ngx.var.uri\nngx.ctx.seen = true", "refuses"},
		{"ngx.re.gsub(ngx.var.uri, 'a', 'b')", "refuses"},

		{"ngx.exec('/other')", "ngx.exec"},
		{"ngx.req.set_uri('/x')", "ngx.req.set_uri"},
		{"local req = ngx.req\nreq.set_uri('/x')", "ngx.req"},
		{"local n = ngx\nn.exec('/x')", "uses ngx."},
		{"ngx['exec']('/x')", "uses ngx."},
		{"ngx[('exec')]('/x')", "uses ngx."},
		{"local function f() return function() ngx.exec('/x') end end\nf()()", "ngx.exec"},
		{"local t = { run = ngx.exec }", "ngx.exec"},
		{"ngx.var.upstream = 'x'", "$upstream"},
		{"ngx.var['upstream'] = 'x'", "sets $upstream"},
		{"ngx.var['up' .. 'stream'] = 'x'", "sets a variable"},
		{"ngx.var.upstream, x = ngx.var.arg_b, 1", "sets $upstream"},
		{"local x\nx, ngx.var['upstream'] = 1, ngx.var.arg_b", "sets $upstream"},
		{"local v = ngx.var\nv.upstream = 'x'", "uses ngx.var"},
		{"local function set(t) t.upstream = 'x' end\nset(ngx.var)", "changes what is not its own"},
		{"ngx.req.get_headers()['x'] = 1", "changes what is not its own"},
		{"string.gsub = nil", "changes what is not its own"},
		{"local t = setmetatable(string, {__index = tostring})", "changes what is not its own"},
		{"local res = ngx.location.capture('/x')", "ngx.location.capture"},
		{"-- comment\rngx.req.set_uri('/evil')", "ngx.req.set_uri"},
		{"--[[ never closed", "not closed"},
		{"if x then", "could not be read"},
		{"goto out\n::out::", "could not be read"},
		{"route()", "uses route, of which nothing is known"},
		{"helpers.route(ngx.var.arg_x)", "uses helpers.route"},
		{"os.execute(ngx.var.arg_c)", "uses os.execute"},
		{"io.popen('x')", "uses io.popen"},
		{"local f = coroutine.wrap(string.len)\nf()", "uses coroutine.wrap"},
		{"debug = 1", "sets the global debug"},
		{"loadstring(ngx.var.arg_code)()", "loadstring"},
		{"_G['ngx'].exec('/x')", "_G"},
		{"package.loaded.x = 1", "changes what is not its own"},
		{"require('moving').go()", `module "moving": the script uses ngx.req.set_uri`},
		{"require('globally')", `module "globally": the script sets the global route`},
		{"require('elsewhere').go()", `the module "elsewhere" was not read`},
		{"require('a' .. b)", "computes the name of a module"},
		{"local r = require\nr('moving').go()", "uses require"},
		{"pcall(require, 'moving')", `module "moving"`},
	} {
		if got := readEffect(test.code, modules); !strings.Contains(got, test.want) {
			t.Errorf("%s\nis said to be %q, not %q", test.code, got, test.want)
		}
	}
}

// Only who has to show credentials on every way through a script is authenticated by it.
func TestAScriptAuthenticatesInAFewShapesOnly(t *testing.T) {
	modules := map[string]string{
		"guard": "local M = {}\nfunction M.run()\n if ngx.var.arg_debug then return end\n if not ngx.var.http_authorization then return ngx.exit(401) end\nend\nreturn M",
	}
	for _, code := range []string{
		"if ngx.var.http_authorization ~= 'Bearer agent' then return ngx.exit(ngx.HTTP_UNAUTHORIZED) end",
		"local h = ngx.req.get_headers()['Authorization']\nif ngx.req.get_method() == 'OPTIONS' then\n return\nend\nif not h then return ngx.exit(401) end",
		"if ngx.var.request_method == 'OPTIONS' then return end\nif not ngx.var.http_authorization or ngx.shared.blocked:get(ngx.var.remote_addr) then ngx.exit(403) end",
		"if ngx.var.request_method ~= 'OPTIONS' and not ngx.var.http_authorization then ngx.exit(403) end",
		"local u = require('users_list_manager')\nif not u.seen(ngx.var.remote_addr) then return ngx.exit(401) end",
		"if ngx.var.cookie_session == nil then ngx.exit(403) end",
		"if not ngx.var.http_authorization then\n ngx.header['WWW-Authenticate'] = 'Bearer'\n ngx.log(ngx.WARN, 'nobody')\n return ngx.exit(401)\nend",
		"local a = require('agent_session')\na.enforce(ngx.var.http_authorization)",
		"local j = require('resty.jwt')\nlocal is = j:verify('k', ngx.var.http_authorization)\nif not is.verified then return ngx.exit(401) end",
	} {
		if got := readEffect(code, modules); got != "authenticates" {
			t.Errorf("%s\nis said to be %q", code, got)
		}
	}
	for _, code := range []string{
		"return ngx.exit(418)",
		"ngx.log(ngx.INFO, ngx.var.http_authorization)\nif ngx.var.request_method == 'TRACE' then return ngx.exit(403) end",
		"if ngx.var.http_cookie then\n if ngx.var.arg_x then return ngx.exit(403) end\nend",
		"require('guard').run()",
		"local a = require 'users_list_manager'\nif ngx.var.request_method == 'TRACE' then ngx.exit(403) end",
		"local function bad() return ngx.var.arg_bad end\nif ngx.var.http_authorization then if bad() then ngx.exit(401) end end",
		"if ngx.var.http_authorization == nil and ngx.var.arg_debug == nil then return ngx.exit(401) end",
		"if ngx.var.request_method ~= 'OPTIONS' and ngx.var.arg_x then return end\nif not ngx.var.http_authorization then ngx.exit(401) end",
		"if ngx.var.uri == '/x' or ngx.var.request_method == 'OPTIONS' then return end\nif not ngx.var.http_authorization then ngx.exit(401) end",
		"if ngx.var.arg_debug then return end\nif not ngx.var.http_authorization then return ngx.exit(401) end",
		"if ngx.var.arg_debug then ngx.exit(0) end\nif not ngx.var.http_authorization then ngx.exit(401) end",
		"local x = ngx.exit(0)\nif not ngx.var.http_authorization then ngx.exit(401) end",
		"local function ok() return true end\nif not ok(ngx.var.http_authorization) then return ngx.exit(401) end",
		"local h = ngx.var.http_authorization\nh = 'anybody'\nif not h then return ngx.exit(401) end",
		"if not ngx.var.http_authorization then return ngx.exit(200) end",
		"if not ngx.var.http_authorization then ngx.exit(ngx.OK) return ngx.exit(401) end",
		"if not ngx.var.http_authorization then return ngx.exit(401) elseif true then return end",
		"while not ngx.var.http_authorization do ngx.exit(401) end",
		"local j = require('resty.jwt')\nif not j:verify('k', ngx.var.http_authorization) then return ngx.exit(401) end",
		"local j = require('resty.jwt')\nj:authenticate(ngx.var.http_authorization)",
		"local u = require('users_list_manager')\nu.count(ngx.var.remote_addr)",
	} {
		if got := readEffect(code, modules); got != "refuses" {
			t.Errorf("%s\nis said to be %q, not only to refuse", code, got)
		}
	}
}

// A module comes from the first place that has it; where that is not known, it is not read.
func TestAModuleComesFromTheFirstPlaceThatHasIt(t *testing.T) {
	const guard = "local m = require('m')\nif m.holds() then return ngx.exit(403) end"
	harmless, moving := "return { holds = function() return true end }", "return { holds = function() ngx.exec('/x') end }"
	for _, test := range []struct {
		paths, want string
		files       map[string]string
	}{
		{"/a/?.lua;/b/?.lua", "refuses", map[string]string{"b/m.lua": harmless}},
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

// handlerEffect is the effect of the guard of a tree's only location.
func handlerEffect(t *testing.T, tree fstest.MapFS) string {
	t.Helper()
	c, err := Read(evidence.Target{
		Kind: evidence.KindEdge, Site: &evidence.Site{}, Artifacts: &evidence.Archive{}, Files: treeFiles{tree},
		Edge: &evidence.Edge{Nginx: evidence.NginxLocation{Root: ".", Prefix: "/usr/share/nginx", Conf: "/etc/nginx/nginx.conf"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for l := range c.Servers[0].All() {
		e := c.Effect(l.Get("access_by_lua_block")[0], nil)
		if e.OnlyRefuses {
			return "refuses"
		}
		return e.Why
	}
	t.Fatal("no location")
	return ""
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
