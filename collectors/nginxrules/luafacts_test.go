// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
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
