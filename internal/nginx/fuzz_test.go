// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"testing"
	"testing/fstest"
	"time"
)

func seeds(f *testing.F) {
	for _, o := range oddities {
		if len(o.text) < 1000 {
			f.Add(o.text)
		}
	}
	f.Add("a_by_lua_block { [[ ]] --[=[ ]=] } b;")
	f.Add("http { server { listen [::]:443 ssl http2 default_server; server_name .a *.b ~c \"\"; location ^~ /a { if ($a) { set $b c; } limit_except GET { deny all; } } } }")
	f.Add("stream { server { listen 1-9 udp; proxy_pass x; } upstream x { server a backup; } map $a $b { default c; } }")
	f.Add("# configuration file /a/nginx.conf:\ninclude b/*;\n# configuration file /a/b/c:\nd;\n")
}

// No text makes the parser panic or hang, and every span it gives cuts out what
// it says.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		tree := Parse("f", text)
		verifySpans(t, tree.Main)
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("%d bytes took %v", len(text), took)
		}
	})
}

// The same for the whole way from files and dumps to the effective configuration.
func FuzzEffective(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		fsys := fstest.MapFS{
			"etc/nginx.conf": {Data: []byte(text)}, "etc/a": {Data: []byte(text)}, "etc/b/c": {Data: []byte("include a;")},
		}
		for _, tree := range []*Tree{Load(fsys, "etc", "nginx.conf"), ParseDump("d", text), Parse("f", text)} {
			for _, v := range []Version{{}, {1, 22, 1}, {9, 9, 9}} {
				cfg := Effective(tree, v)
				for i, s := range cfg.Servers {
					if i > 3 {
						break
					}
					s.Settings()
					for l := range s.All() {
						if len(l.Settings()) == 0 {
							t.Fatal("a location without a single default")
						}
						break
					}
				}
			}
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("%d bytes took %v", len(text), took)
		}
	})
}
