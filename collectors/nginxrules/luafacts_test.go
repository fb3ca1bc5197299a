// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func FuzzLua(f *testing.F) {
	f.Add("local a = require \"agent.auth\" -- \"https://comment.example\"\nask(\"https:\\/\\/desk.example\\x3a8445/a\", ngx.shared.sessions)\n")
	f.Add("require((((\"a\" ngx.shared[ [=[x]=] ] 'https://a@b:1/%' .. \"\\z \\300 \\x4")
	f.Add("--[==[ ]=] ]==] [[\n]] '\\\n' ngx.shared.\xff http://")
	f.Fuzz(func(t *testing.T, code string) {
		facts := readLua(code)
		if facts.line < 1 || facts.line > 1+strings.Count(code, "\n") {
			t.Errorf("line %d", facts.line)
		}
		for _, name := range slices.Concat(facts.requires, facts.dictionaries) {
			if !luaNameText.MatchString(name) {
				t.Errorf("name %q", name)
			}
		}
		for _, u := range facts.urls {
			switch {
			case u.Scheme != "http" && u.Scheme != "https", u.Port < 0, u.Port > 65535,
				strings.ContainsAny(u.Host, "@?#/ \n\"'"), strings.ContainsAny(u.Path, "?# \n\"'"), !utf8.ValidString(u.Host + u.Path):
				t.Errorf("%+v", u)
			case u.Host == "" && !u.Computed:
				t.Errorf("no host, and not computed: %+v", u)
			case u.line < 1 || u.line > 1+strings.Count(code, "\n"):
				t.Errorf("line %d", u.line)
			}
		}
	})
}

func TestAnAddressWithoutAnEndIsNotFollowedForEver(t *testing.T) {
	facts := readLua("x = '" + strings.Repeat("https://a.example/", 50_000) + "'")
	if len(facts.urls) != maxLuaURLs || facts.reason == "" {
		t.Errorf("%d addresses, %q", len(facts.urls), facts.reason)
	}
	for _, u := range facts.urls {
		if u.Host != "a.example" || len(u.Path) > maxLuaPathText || !u.Computed {
			t.Fatalf("%+v", u)
		}
	}
}

func TestLuaCodeTellsWhereASecretStandsAndWhatItIsCalled(t *testing.T) {
	const key = "kY+gttU+108zOIk6ly0zyXQe+73GnUXFYhbIpKPsrFM="
	conf := `http { server { listen 8445 ssl; server_name desk-a.agents.example;
	access_by_lua_file lua/access.lua;
	location / { access_by_lua_block {
		local jwt = require "resty.jwt"
		local jwt_secret = "` + key + `"
		opts["jwt_secret"] = 'agentdesk'
		local note = "no secret"
	} }
} }
`
	record, _ := collectTree(t, map[string]string{
		"usr/nginx/conf/nginx.conf": conf,
		"usr/nginx/lua/access.lua":  "local M = {\n  jwt_secret = [[" + key + "]],\n}\nreturn M\n",
	})
	var lines []string
	for _, l := range record.Lua {
		for _, s := range l.Secrets {
			lines = append(lines, fmt.Sprintf("%s %s %d %t %s:%d", s.Name, s.Mark.Kind, s.Mark.Length, s.Mark.SHA256 != "", s.Mark.Source.Artifact, s.Mark.Source.Line))
		}
	}
	want := []string{
		"jwt_secret random-key 44 true tree/usr/nginx/lua/access.lua:2",
		"jwt_secret random-key 44 true tree/usr/nginx/conf/nginx.conf:5",
		"jwt_secret credential 0 false tree/usr/nginx/conf/nginx.conf:6",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	artifacts := map[string]int{}
	for _, s := range record.Secrets {
		artifacts[s.Source.Artifact]++
	}
	if diff := cmp.Diff(map[string]int{"tree/usr/nginx/conf/nginx.conf": 2, "tree/usr/nginx/lua/access.lua": 1}, artifacts); diff != "" {
		t.Error(diff)
	}
}
