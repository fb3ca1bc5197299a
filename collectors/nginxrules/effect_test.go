// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"strings"
	"testing"
)

func TestTheEffectOfAScriptIsToldFromWhatItNames(t *testing.T) {
	modules := map[string]string{
		"block":  "local M = {}\nfunction M.holds(a) return ngx.shared.blocked:get(a) end\nreturn M",
		"moving": "local M = {}\nfunction M.go() ngx.req.set_uri('/x') end\nreturn M",
	}
	for _, test := range []struct{ code, want string }{
		{"-- nothing", "refuses"},
		{"if ngx.shared.blocked:get(ngx.var.remote_addr) then return ngx.exit(418) end", "refuses"},
		{"local b = require 'block'\nif b.holds(ngx.var.remote_addr) then return ngx.exit(418) end", "refuses"},
		{"-- ngx.exec('/x')\nlocal s = 'ngx.exec'\nreturn ngx.exit(403)", "refuses"},
		{"if ngx.var.http_authorization ~= 'Bearer agent' then return ngx.exit(ngx.HTTP_UNAUTHORIZED) end", "authenticates"},
		{"local h = ngx.req.get_headers()['Authorization']\nif ngx.req.get_method() == 'OPTIONS' then\n return\nend\nif not h then return ngx.exit(401) end", "authenticates"},
		{"local u = require('users_list_manager')\nif not u.seen(ngx.var.remote_addr) then return ngx.exit(401) end", "authenticates"},
		{"if ngx.var.cookie_session == nil then ngx.exit(403) end", "authenticates"},
		{"if ngx.var.arg_debug then\n return\nend\nif not ngx.var.http_authorization then return ngx.exit(401) end", "lets requests pass on a condition"},
		{"local function ok() return true end\nif not ok(ngx.var.http_authorization) then return ngx.exit(401) end", "functions of its own"},
		{"ngx.exec('/other')", "ngx.exec"},
		{"ngx.req.set_uri('/x')", "ngx.req.set_uri"},
		{"local req = ngx.req\nreq.set_uri('/x')", "ngx.req"},
		{"local n = ngx\nn.exec('/x')", "ngx."},
		{"ngx['exec']('/x')", "ngx."},
		{"ngx.var.upstream = 'x'", "$upstream"},
		{"ngx.var['upstream'] = 'x'", "sets a variable"},
		{"local v = ngx.var['host']", "refuses"},
		{"if ngx.var.host == 'x' then return ngx.exit(403) end", "refuses"},
		{"local res = ngx.location.capture('/x')", "ngx.location.capture"},
		{"require('moving').go()", `module "moving": the script uses ngx.req.set_uri`},
		{"require('elsewhere').go()", `module "elsewhere" of the script was not read`},
		{"require('a' .. b)", "computes the name of a module"},
		{"loadstring(ngx.var.arg_code)()", "loadstring"},
		{"_G['ngx'].exec('/x')", "_G"},
		{"--[[ never closed", "not closed"},
	} {
		r := effectReader{authenticators: []string{"users_list_manager"}, seen: map[string]bool{}, module: func(name string) (string, bool) {
			code, ok := modules[name]
			return code, ok
		}}
		e := r.effect(test.code)
		got := e.Why
		switch {
		case e.OnlyRefuses && e.Authenticates:
			got = "authenticates"
		case e.OnlyRefuses:
			got = "refuses"
		}
		if !strings.Contains(got, test.want) || e.OnlyRefuses == (e.Why != "") {
			t.Errorf("%s\nis said to be %q, not %q", test.code, got, test.want)
		}
	}
}
