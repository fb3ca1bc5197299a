// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"fmt"
	"strings"
	"testing"
)

func testEffect(modules map[string]string) *luaEffect {
	return &luaEffect{
		authenticators: []string{"users_list_manager", "agent_session", "resty.jwt"},
		seen:           map[string]bool{}, replaced: map[string]bool{}, variables: map[string]bool{},
		library: func(string) (string, error) { return "", errShipped },
		defines: func(name string) bool { return name == "cookie_set" },
		module: func(name string) (string, error) {
			code, ok := modules[name]
			if !ok {
				return "", fmt.Errorf("the module %q was not read", name)
			}
			return code, nil
		},
	}
}

func readEffect(code string, modules map[string]string) string {
	r := testEffect(modules)
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
		{"local v = ngx.var\nv.upstream = 'x'", "sets $upstream"},
		{"local v = ngx.var\nfor k in pairs(v) do end", "uses ngx.var"},
		{"local n = ngx\nlocal t = { n }", "uses ngx."},
		{"local n = ngx\nn = nil", "uses ngx."},
		{"local function f(n) n.exec('/x') end\nlocal n = ngx\nf(n)", "uses ngx."},
		{"local a, b = 1, ngx\nlocal c = b.req\nc.set_uri('/x')", "uses ngx.req.set_uri"},
		{"local ngx, exit = ngx, ngx.exit\nlocal var = ngx.var\nif var.host == 'x' then exit(403) end", "refuses"},
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
	const refuse = " then return ngx.exit(401) end"
	for _, code := range []string{
		"if ngx.var.http_authorization ~= 'Bearer agent' then return ngx.exit(ngx.HTTP_UNAUTHORIZED) end",
		"local h = ngx.req.get_headers()['Authorization']\nif ngx.req.get_method() == 'OPTIONS' then\n return\nend\nif not h or h == ''" + refuse,
		"if ngx.var.request_method == 'OPTIONS' then return end\nif (ngx.var.http_authorization or '') == '' or ngx.shared.blocked:get(ngx.var.remote_addr) then ngx.exit(403) end",
		"local h = ngx.var.http_authorization\nif ngx.var.request_method ~= 'OPTIONS' and not (h and #h > 0) then ngx.exit(403) end",
		"local u = require('users_list_manager')\nif not u.seen(ngx.var.remote_addr)" + refuse,
		"local s = ngx.var.cookie_session\nif s == nil or s == '' then ngx.exit(403) end",
		"local h = ngx.var.http_authorization or ''\nif h == '' then\n ngx.header['WWW-Authenticate'] = 'Bearer'\n ngx.log(ngx.WARN, 'nobody')\n return ngx.exit(401)\nend",
		"local h = ngx.var.http_authorization\nif not h or not h:match('^Bearer %S+$')" + refuse,
		"if ngx.shared.blocked:get(ngx.var.remote_addr) then return ngx.exit(403) end\nif ngx.var.http_authorization ~= 'Bearer agent'" + refuse,
		"local ngx = ngx\nlocal var, exit = ngx.var, ngx.exit\nlocal h = var.http_authorization\nif not h or h == '' then return exit(ngx.HTTP_UNAUTHORIZED) end",
		"local a = require('agent_session')\na.enforce(ngx.var.http_authorization)",
		"local j = require('resty.jwt')\nlocal is = j:verify('k', ngx.var.http_authorization)\nif not is.verified" + refuse,
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
		"if (ngx.var.http_authorization or '') == '' and ngx.var.arg_debug == nil" + refuse,
		"if ngx.var.request_method ~= 'OPTIONS' and ngx.var.arg_x then return end\nif (ngx.var.http_authorization or '') == ''" + refuse,
		"if ngx.var.uri == '/x' or ngx.var.request_method == 'OPTIONS' then return end\nif (ngx.var.http_authorization or '') == ''" + refuse,
		"if ngx.var.arg_debug then return end\nif (ngx.var.http_authorization or '') == ''" + refuse,
		"if ngx.var.arg_debug then ngx.exit(0) end\nif (ngx.var.http_authorization or '') == ''" + refuse,
		"local x = ngx.exit(0)\nif (ngx.var.http_authorization or '') == ''" + refuse,
		"local function ok() return true end\nif not ok(ngx.var.http_authorization)" + refuse,
		"local h = ngx.var.http_authorization or ''\nh = 'anybody'\nif h == ''" + refuse,
		"if (ngx.var.http_authorization or '') == '' then return ngx.exit(200) end",
		"if (ngx.var.http_authorization or '') == '' then ngx.exit(ngx.OK) return ngx.exit(401) end",
		"if (ngx.var.http_authorization or '') == '' then return ngx.exit('401') end",
		"if (ngx.var.http_authorization or '') == '' then ngx.say('no') return ngx.exit(401) end",
		"if ngx.var.arg_x then return elseif (ngx.var.http_authorization or '') == ''" + refuse,
		"while (ngx.var.http_authorization or '') == '' do ngx.exit(401) end",
		"local h = ngx.var.http_authorization\npcall(function() if not h or h == ''" + refuse + " end)",
		"local j = require('resty.jwt')\nif not j:verify('k', ngx.var.http_authorization)" + refuse,
		"local j = require('resty.jwt')\nj:authenticate(ngx.var.http_authorization)",
		"local u = require('users_list_manager')\nu.count(ngx.var.remote_addr)",
	} {
		if got := readEffect(code, modules); got != "refuses" {
			t.Errorf("%s\nis said to be %q, not only to refuse", code, got)
		}
	}
}

// An empty header is no more than none, and that there are cookies says nothing: two empty
// headers make "; ".
func TestCredentialsAreMissingInMoreThanOneWay(t *testing.T) {
	for _, test := range []struct {
		condition     string
		authenticates bool
	}{
		{"not ngx.var.http_authorization", false},
		{"ngx.var.http_authorization == nil", false},
		{"ngx.var.http_authorization == ''", false},
		{"ngx.var.http_authorization ~= ''", false},
		{"not ngx.req.get_headers().authorization", false},
		{"not ngx.var.http_authorization or ngx.var.http_authorization == ''", true},
		{"not ngx.var['http_authorization'] or ngx.req.get_headers()['authorization'] == ''", true},
		{"not (ngx.var.HTTP_Authorization and #ngx.var.http_authorization > 0)", true},
		{"#(ngx.req.get_headers().Authorization or '') == 0", true},
		{"#(ngx.req.get_headers(0).Authorization or '') == 0", false},
		{"#ngx.var.http_authorization < 8", true},
		{"#ngx.var.http_authorization > 8", false},
		{"'Bearer agent' ~= ngx.var.http_authorization", true},
		{"ngx.var.http_authorization ~= ngx.var.arg_token", false},
		{"ngx.var.http_authorization:sub(1, 7) ~= 'Bearer '", true},
		{"string.sub(ngx.var.http_authorization, 1, 7) ~= 'Bearer '", true},
		{"not ngx.var.http_authorization:find('Bearer ', 1, true)", true},
		{"not (ngx.var.http_authorization or ''):match('^%a* ?')", false},
		{"not (ngx.var.http_authorization or ''):match('^B*')", false},
		{"not (ngx.var.http_authorization or 'anonymous')", false},
		{"not ngx.var.http_cookie or ngx.var.http_cookie == ''", false},
		{"(ngx.req.get_headers().cookie or '') == ''", false},
		{"ngx.var.http_cookie ~= 'sid=agent'", true},
		{"not ngx.var.cookie_sid", false},
		{"(ngx.var.cookie_sid or '') == ''", true},
		{"(ngx.var.cookie_set or '') == ''", false},
		{"(ngx.var.cookie_SET or '') == ''", false},
		{"(ngx.var.http_x or '') == ''", false},
		{"(ngx.var.cookie_sid or '') == '' and (ngx.var.http_authorization or '') == ''", true},
		{"not ngx.var.cookie_sid and (ngx.var.http_authorization or '') == ''", false},
		{"not ngx.var.http_authorization and not require('users_list_manager').verify(ngx.var.http_authorization)", false},
		{"not ngx.var.http_authorization or not require('users_list_manager').verify(ngx.var.http_authorization)", true},
		{"require('users_list_manager').verify(ngx.var.http_authorization) ~= true", true},
		{"require('users_list_manager').verify(ngx.var.http_authorization) == nil", false},
		{"ngx.var.http_authorization and not require('users_list_manager').verify(ngx.var.http_authorization)", false},
		{"ngx.var.arg_x or not ngx.var.http_authorization or ngx.var.http_authorization == ''", true},
		{"ngx.var.arg_x and (ngx.var.http_authorization or '') == ''", false},
		{"(ngx.var.http_authorization or ngx.var.arg_x) == nil", false},
		{"true", true},
	} {
		got := readEffect("if "+test.condition+" then return ngx.exit(401) end", nil)
		if want := map[bool]string{true: "authenticates", false: "refuses"}[test.authenticates]; got != want {
			t.Errorf("%s: %s, not %s", test.condition, got, want)
		}
	}
}

// What a guard lets pass unasked is told by its method, and only if nothing else counts.
func TestMethodsAreLetPassWithoutCredentials(t *testing.T) {
	const guard = "\nif (ngx.var.http_authorization or '') == '' then return ngx.exit(401) end"
	for _, test := range []struct{ code, want string }{
		{guard, "true []"},
		{"if ngx.req.get_method() == 'OPTIONS' then return end" + guard, "true [OPTIONS]"},
		{"local m = ngx.var.request_method\nif m == 'OPTIONS' or 'HEAD' == m then return end" + guard, "true [OPTIONS HEAD]"},
		{"if ngx.req.get_method() == '\\u{50}\\x4f\\83\\z T' then return end" + guard, "true [POST]"},
		{"if ngx.req.get_method() == 'OPTIONS' and ngx.var.http_origin then return end" + guard, "false []"},
		{"if ngx.req.get_method() ~= 'POST' then return end" + guard, "false []"},
		{"if ngx.req.get_method():lower() == 'options' then return end" + guard, "false []"},
		{"if ngx.var.arg_x then return ngx.exit(403) end\nif ngx.req.get_method() == 'OPTIONS' then return end" + guard, "false []"},
		{"if ngx.req.get_method() ~= 'OPTIONS' and (ngx.var.http_authorization or '') == '' then return ngx.exit(401) end", "true [OPTIONS]"},
		{"if ngx.req.get_method() ~= 'OPTIONS' and (ngx.var.http_authorization or '') == '' then return ngx.exit(401) end\nif ngx.var.arg_x then return ngx.exit(403) end", "false []"},
		{"if ngx.req.get_method() == 'GET' and (ngx.var.http_authorization or '') == '' then return ngx.exit(401) end", "false []"},
		{"if ngx.req.get_method() == 'OPTIONS' then return end\nrequire('agent_session').enforce(1)", "true [OPTIONS]"},
		{"if ngx.req.get_method() == 'OPTIONS' then return end", "false []"},
	} {
		r := testEffect(nil)
		if e := r.effect(test.code); fmt.Sprint(e.Authenticates, e.Exempt) != test.want {
			t.Errorf("%s\nauthenticates and exempts %t %v, not %s; %s", test.code, e.Authenticates, e.Exempt, test.want, e.Why)
		}
	}
}

// A map may be worked out when a script asks for it.
func TestAScriptReadsVariables(t *testing.T) {
	modules := map[string]string{"m": "return ngx.var.Host"}
	for code, want := range map[string]string{
		"ngx.log(1, ngx.var.m, ngx.var['Arg_X']:lower())": "[arg_x m]",
		"require('m')":                              "[host]",
		"local x = ngx.var[1]":                      "[]",
		"local x = ngx.var['a' .. ngx.var.b]":       "[* b]",
		"local v = ngx.var\nlocal x = v.y":          "[y]",
		"local v = ngx.var.z":                       "[z]",
		"local v = ngx.var\nlocal x = v[y]":         "[*]",
		"ngx.exec('/x')":                            "[*]",
		"-- ngx.var.x\nreturn ngx.exit(403)":        "[]",
		"local function f() return ngx.var.uri end": "[uri]",
	} {
		if got := fmt.Sprint(testEffect(modules).effect(code).Reads); got != want {
			t.Errorf("%s\nreads %s, not %s", code, got, want)
		}
	}
}

// A filter of headers changes by it what a guard says.
func TestAScriptSetsTheStatusOfAnAnswer(t *testing.T) {
	for code, want := range map[string]bool{
		"ngx.status = 200":                       true,
		"local n = ngx\nn['status'] = ngx.OK":    true,
		"if ngx.status == 401 then return end":   false,
		"ngx.header.status = 200\nngx.exit(401)": false,
	} {
		if e := testEffect(nil).effect(code); e.SetsStatus != want || !e.OnlyRefuses {
			t.Errorf("%s: %+v", code, e)
		}
	}
}

// Whatever somebody writes, something is said of it.
func FuzzEffect(f *testing.F) {
	for _, code := range []string{
		"local x\nif ngx.var.uri then x = 1 ngx.exit(401) end", "local a, b = ngx\na.x, b = 1", "if (ngx.var.cookie_a or '') == '' then return ngx.exit(401) end",
		"if ngx.req.get_method() == 'A' and #ngx.var.http_cookie < 3 then return end\nlocal function f(...) return f(...) end", "ngx.var[1][2].x = {[1]=2; 3}",
		"local h = ngx.req.get_headers()['x'] or string.sub(nil):match(')', 1) .. -(1)", "for k in pairs(ngx.ctx) do repeat local y = k until y end",
	} {
		f.Add(code)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if got := readEffect(code, map[string]string{"m": code}); got == "" || strings.HasPrefix(got, "a contradiction") {
			t.Errorf("%q: %q", code, got)
		}
		others := testEffect(nil)
		others.role = forOthers
		others.read(code)
	})
}
