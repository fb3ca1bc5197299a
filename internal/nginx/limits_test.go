// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"runtime"
	"strings"
	"testing"
)

// The text that makes the most nodes of the fewest bytes.
func TestTheLargestTreeFitsInMemory(t *testing.T) {
	const mib = 1 << 20
	for name, text := range map[string]string{
		"directives without arguments": strings.Repeat("a;", MaxFileSize/2),
		"arguments":                    "a" + strings.Repeat(" b", MaxFileSize/2-1) + ";",
		"blocks":                       strings.Repeat("a{}", MaxFileSize/3),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			tree := Parse("f", text)
			runtime.GC()
			runtime.ReadMemStats(&after)
			if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 400*mib {
				t.Errorf("the tree holds %d MiB", held/mib)
			}
			runtime.KeepAlive(tree)
		})
	}
}

func TestAHostileConfigurationIsModelledInBoundedTimeAndMemory(t *testing.T) {
	long := strings.Repeat("x", 4000)
	for name, text := range map[string]string{
		"locations":    "http { server {" + strings.Repeat("location /a { } ", 100_000) + "} }",
		"long paths":   "http { server { server_name " + long + ";" + strings.Repeat("location /"+long+" {", 60) + strings.Repeat("}", 60) + "} }",
		"servers":      "http {" + strings.Repeat("server { listen 1; }", 100_000) + "}",
		"port ranges":  "http {" + strings.Repeat("server { listen 1-65535; }", 50_000) + "}",
		"unknown ones": "http {" + strings.Repeat("a b;", 200_000) + " server { } }",
		"settings":     "http {" + strings.Repeat("add_header a b;", 100_000) + strings.Repeat("server { }", 10_000) + " }",
	} {
		t.Run(name, func(t *testing.T) {
			cfg := Effective(Parse("f", text), Version{})
			if len(cfg.Servers) == 0 {
				t.Error("no server")
			}
			cfg.Servers[0].Settings()
		})
	}
}
