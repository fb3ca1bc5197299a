// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// The contexts of the table are those in which nginx takes the directive: it
// says so before it looks at the arguments.
func TestContextsAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	wraps := map[Context][2]string{
		Main:         {"", "\nevents {}"},
		Events:       {"events { ", " }"},
		HTTP:         {"http { ", " }"},
		InServer:     {"http { server { ", " } }"},
		InLocation:   {"http { server { location / { ", " } } }"},
		IfInServer:   {"http { server { if ($uri) { ", " } } }"},
		IfInLocation: {"http { server { location / { if ($uri) { ", " } } } }"},
		LimitExcept:  {"http { server { location / { limit_except GET { ", " } } } }"},
		InUpstream:   {"http { upstream u { ", " } }"},
	}
	var names []string
	for _, table := range &specTables {
		names = slices.AppendSeq(names, maps.Keys(table))
	}
	names = slices.AppendSeq(names, maps.Keys(luaHandlers))
	slices.Sort(names)
	for ctx, wrap := range wraps {
		t.Run(ctx.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for i, name := range names {
				if os.Getenv("CI") != "true" && i%8 != 0 {
					continue // half a minute for all of them
				}
				text := "events {}\n"
				if ctx == Main || ctx == Events {
					text = ""
				}
				// Arguments that no directive has to look up in the network.
				write(t, dir, "nginx.conf", modules+text+wrap[0]+name+strings.Repeat(" 127.0.0.1", 7)+";"+wrap[1])
				_, stderr, _ := runNginx(t, path, dir, "-t")
				if strings.Contains(stderr, "unknown directive \""+name) {
					continue
				}
				allowed := !strings.Contains(stderr, "directive is not allowed here")
				ours := specOf(name).contexts&ctx != 0
				if allowed != ours {
					t.Errorf("%s: nginx allows it: %v, we: %v", name, allowed, ours)
				}
			}
		})
	}
}
