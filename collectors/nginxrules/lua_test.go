// SPDX-License-Identifier: Apache-2.0

package nginxrules_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/internal/evidence"
)

const luaConf = `http {
  lua_shared_dict users 10m;
  init_worker_by_lua_block {
    -- require "not.this"; "https://comment.example/"
    --[==[ require "nor.this" "https://long.example/" ]] ]==]
    local manager = require("agent.user_list_manager")
    manager.start("https://Desk-A.agents.example:8445/finesse/api/Users?id=7#x", {user = 'a'})
    local ok, extra = pcall(require, 'agent.extra')
    local s = [[
http://10.0.0.7/static/list and https://u:p@[2001:DB8::1]:8444]]
    local page = "{ https://desk-a.agents.example/desktop }"
  }
  upstream finesse { server fin-a.corp.example:8445; balancer_by_lua_block { local b = require "ngx.balancer" } }
  server {
    listen 8445 ssl;
    server_name desk-a.agents.example;
    access_by_lua_file conf/lua/access.lua;
    set_by_lua $kind 'return require "agent.kind".of("http://kind.example:81/")';
    location /finesse/ {
      access_by_lua_block {
        local d = ngx.shared.users
        local e = ngx.shared["tokens"]
        local f = ngx.shared[name]
        local g = require("agent." .. name)
        local u = "https://" .. ngx.var.host .. "/x"
        local v = "https://%s:%d/y"
        local w = "https://desk-a.agents.example:8445" .. path
      }
      if ($request_method = TRACE) { rewrite_by_lua_block { local m = require"agent.method" } }
    }
    location = /gone { content_by_lua_file /opt/gone.lua; }
    location = /var { content_by_lua_file $document_root/x.lua; }
    location = /bytes { content_by_lua_file conf/lua/bytes.luac; }
  }
}
`

const accessLua = "local auth = require \"agent.auth\"\n" +
	"-- \"https://comment.example\"\n" +
	"return auth.ask(\"https:\\/\\/desk-a.agents.example\\x3a8445/finesse/api/UserAuth\", ngx.shared.sessions)\n"

// luaLine shows the facts of a handler.
func luaLine(l evidence.NginxLua) string {
	var urls []string
	for _, u := range l.URLs {
		at := fmt.Sprintf("%s|%s|%d|%s:%d", u.Scheme, u.Host, u.Port, u.Path, u.Source.Line)
		if u.Computed {
			at += "~"
		}
		urls = append(urls, at)
	}
	return fmt.Sprintf("%s %s %s %s:%d %s complete=%t computed=%t require=%s dict=%s url=%s", l.Phase, l.Server, l.Location, l.Source.Artifact, l.Source.Line,
		l.File, l.Complete, l.Computed, strings.Join(l.Requires, ","), strings.Join(l.SharedDictionaries, ","), strings.Join(urls, " "))
}

func TestLuaCodeGivesItsModulesDictionariesAndAddresses(t *testing.T) {
	tree := fstest.MapFS{
		"etc/nginx/nginx.conf":          {Data: []byte(luaConf)},
		"etc/nginx/conf/lua/access.lua": {Data: []byte(accessLua)},
		"etc/nginx/conf/lua/bytes.luac": {Data: []byte("\x1bLJ\x02\x0a")},
	}
	got := collect(t, tree, evidence.NginxLocation{Root: "t", Prefix: "etc/nginx", Conf: "nginx.conf"})
	var lines []string
	for _, l := range got.Sections.NginxRules[0].Lua {
		lines = append(lines, strings.ReplaceAll(luaLine(l), "edge/rp-a/server/desk-a.agents.example:8445", "S"))
	}
	const at = "t/etc/nginx/nginx.conf:"
	want := []string{
		"init_worker   " + at + "3  complete=true computed=false require=agent.user_list_manager,agent.extra dict= " +
			"url=https|desk-a.agents.example|8445|/finesse/api/Users:7 http|10.0.0.7|80|/static/list:9 https|2001:db8::1|8444|:9 https|desk-a.agents.example|443|/desktop:11",
		"balancer   " + at + "13  complete=true computed=false require=ngx.balancer dict= url=",
		"access S  " + at + "17 t/etc/nginx/conf/lua/access.lua complete=true computed=false require=agent.auth dict=sessions " +
			"url=https|desk-a.agents.example|8445|/finesse/api/UserAuth:3",
		"set S  " + at + "18  complete=true computed=false require=agent.kind dict= url=http|kind.example|81|/:18",
		"access S /finesse/ " + at + "20  complete=true computed=true require= dict=users,tokens url=https||0|:25~ https||0|/y:26~ https|desk-a.agents.example|8445|:27~",
		"rewrite S /finesse/ " + at + "29  complete=true computed=false require=agent.method dict= url=",
		"content S /gone " + at + "31 t/opt/gone.lua complete=false computed=false require= dict= url=",
		"content S /var " + at + "32  complete=false computed=false require= dict= url=",
		"content S /bytes " + at + "33 t/etc/nginx/conf/lua/bytes.luac complete=false computed=false require= dict= url=",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var reasons []string
	for _, g := range got.Gaps {
		if g.Part == "lua" {
			reasons = append(reasons, fmt.Sprintf("%s:%d %s", g.Source.Artifact, g.Source.Line, g.Reason))
		}
	}
	if len(reasons) != 3 || !strings.Contains(reasons[0], "t/opt/gone.lua") || !strings.HasPrefix(reasons[0], at+"31 ") ||
		!strings.Contains(reasons[1], "computed") || !strings.Contains(reasons[2], "bytes.luac: the Lua file is compiled") {
		t.Errorf("%q", reasons)
	}
}

// luaOf runs the collector over one block of Lua code.
func luaOf(t testing.TB, code string) (evidence.NginxLua, []evidence.Gap) {
	t.Helper()
	conf := "http { server { listen 80; content_by_lua_file a.lua; } }\n"
	got := collect(t, fstest.MapFS{"nginx.conf": {Data: []byte(conf)}, "a.lua": {Data: []byte(code)}}, evidence.NginxLocation{Root: "t", Conf: "nginx.conf"})
	var gaps []evidence.Gap
	for _, g := range got.Gaps {
		if g.Part == "lua" {
			gaps = append(gaps, g)
		}
	}
	lua := got.Sections.NginxRules[0].Lua
	if len(lua) != 1 {
		t.Fatalf("%d handlers", len(lua))
	}
	return lua[0], gaps
}

func TestOnlyWhatIsWrittenOutIsTaken(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"a method called require is none", "local m = loader:require('a') x = mod.require 'b'", " |  | false"},
		{"the global table's require is one", "_G.require 'a.b'", "a.b |  | false"},
		{"a call in many brackets", "require ((\"a\"))", "a |  | false"},
		{"a local name for require", "local require = require\nlocal a = require 'a'", "a |  | false"},
		{"a name that is put together", "require('a' .. b)", " |  | true"},
		{"a name that is no name of a module", "require 'a b!'", " |  | true"},
		{"a long bracket of a higher level", "require [==[a]]b]==] require [=[c]=]", "c |  | true"},
		{"the same name twice", "require 'a' require 'a'", "a |  | false"},
		{"a dictionary under another name", "local s = ngx.shared", " |  | true"},
		{"escapes and a string over two lines", "x = 'a\\\nb\\'' y = \"\\z\n  http://h.example:1/\\97\"", " | http|h.example|1|/a:2 | false"},
		{"a string inside another", "x = \"require 'a'\"", " |  | false"},
		{"an address without a host", "x = 'http://'", " | http||0|:1~ | true"},
		{"an address with a port that is none", "x = 'http://a.example:99999/'", " | http|a.example|0|/:1~ | true"},
		{"an address whose host goes on", "x = 'http://a.exam' .. y", " | http|a.exam|0|:1~ | true"},
		{"an address after text that is joined", "x = y .. 'http://a.example/p'", " | http|a.example|80|/p:1 | false"},
		{"a template", "x = 'https://a.example/{id}/z'", " | https|a.example|443|/:1~ | true"},
		{"a path with an escape", "x = 'https://a.example/a%20b'", " | https|a.example|443|/a:1~ | true"},
		{"another scheme that ends alike", "x = 'shttp://a.example'", " |  | false"},
		{"numbers and dots", "x = 1..2 y = ... z = 0x1p4 require 'n'", "n |  | false"},
		{"the first line of a program", "#!/usr/bin/resty 'http://no.example'\nrequire 'n'", "n |  | false"},
	} {
		l, gaps := luaOf(t, c.code)
		line := luaLine(l)
		got := strings.Join(l.Requires, ",") + " | " + line[strings.Index(line, "url=")+4:] + fmt.Sprintf(" | %t", l.Computed)
		if got != c.want || len(gaps) != 0 {
			t.Errorf("%s: %q, want %q, gaps %v", c.name, got, c.want, gaps)
		}
	}
}

func TestLuaCodeThatIsNotWholeLeavesAGapAndKeepsTheRest(t *testing.T) {
	for name, c := range map[string]struct {
		code, reason string
		line         int
	}{
		"a string without an end":       {"require 'a'\nx = \"open\ny = 1\n", "a string in the Lua code is not closed", 2},
		"a long string without an end":  {"require 'a'\n\nx = [[ open\n", "a long string", 3},
		"a long comment without an end": {"require 'a'\n--[[ open\n\n", "a long comment", 2},
		"a string that ends the file":   {"require 'a' x = 'b\\", "a string", 1},
		"too many words":                {"require 'a' " + strings.Repeat("x ", 200_000), "words", 1},
		"too many addresses":            {"require 'a' " + strings.Repeat("x='http://a.example/'\n", 101), "too many addresses", 102},
	} {
		l, gaps := luaOf(t, c.code)
		if l.Complete || len(gaps) != 1 || !strings.Contains(gaps[0].Reason, c.reason) || gaps[0].Source.Line != c.line || gaps[0].Source.Artifact != "t/a.lua" {
			t.Errorf("%s: complete %t, %+v", name, l.Complete, gaps)
		}
		if len(l.Requires) != 1 {
			t.Errorf("%s: what stands before is lost", name)
		}
	}
	l, gaps := luaOf(t, strings.Repeat("-- long\n", 200_000))
	if l.Complete || len(gaps) != 1 || !strings.Contains(gaps[0].Reason, "1048576") {
		t.Errorf("a file beyond the limit: %+v", gaps)
	}
}

func TestALuaFileOfADumpIsAGap(t *testing.T) {
	dump := "# configuration file /etc/nginx/nginx.conf:\nhttp { server { listen 80; access_by_lua_file lua/a.lua; } }\n\n"
	got := collect(t, fstest.MapFS{"dump.txt": {Data: []byte(dump)}}, evidence.NginxLocation{Dump: "dump.txt"})
	found := false
	for _, g := range got.Gaps {
		found = found || g.Part == "lua" && strings.Contains(g.Reason, `"lua/a.lua"`) && g.Source.Line == 2
	}
	if !found {
		t.Errorf("%+v", got.Gaps)
	}
}

func TestANameThatLeadsOutOfTheTreeStaysInsideIt(t *testing.T) {
	conf := "http { server { listen 80; content_by_lua_file ../../../../etc/secret.lua; } }\n"
	got := collect(t, fstest.MapFS{"a/nginx.conf": {Data: []byte(conf)}, "etc/secret.lua": {Data: []byte("require 'a'")}}, evidence.NginxLocation{Root: "t", Prefix: "a", Conf: "nginx.conf"})
	if lua := got.Sections.NginxRules[0].Lua; len(lua) != 1 || lua[0].File != "t/etc/secret.lua" {
		t.Errorf("%+v", lua)
	}
}

func TestManyLuaHandlersAreBounded(t *testing.T) {
	conf := "http { server { listen 80;\n" + strings.Repeat("include l.conf;\n", 1100) + "} }\n"
	tree := fstest.MapFS{"nginx.conf": {Data: []byte(conf)}, "l.conf": {Data: []byte("location ~ a { content_by_lua_block { require 'a' x='http://a.example/' } }\n")}}
	got := collect(t, tree, evidence.NginxLocation{Root: "t", Conf: "nginx.conf"})
	full := 0
	for _, g := range got.Gaps {
		if g.Part == "lua" && strings.Contains(g.Reason, "too many Lua handlers") {
			full++
		}
	}
	if n := len(got.Sections.NginxRules[0].Lua); n != 1000 || full != 1 {
		t.Errorf("%d handlers, %d gaps", n, full)
	}
}
