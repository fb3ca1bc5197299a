// SPDX-License-Identifier: Apache-2.0

package nginx_test

import (
	"fmt"
	"testing/fstest"

	"github.com/postern-audit/postern/internal/nginx"
)

func ExampleEffective() {
	captured := fstest.MapFS{
		"etc/nginx/nginx.conf":    {Data: []byte("http {\n  server_tokens off;\n  include conf.d/*.conf;\n}\n")},
		"etc/nginx/conf.d/a.conf": {Data: []byte("server {\n  listen 8445 ssl;\n  location /finesse/ { }\n  location = /broken\n}\n")},
	}
	tree := nginx.Load(captured, "etc/nginx", "nginx.conf")
	for _, e := range tree.Errors {
		fmt.Println("error:", e)
	}
	cfg := nginx.Effective(tree, nginx.Version{Major: 1, Minor: 25, Patch: 3})
	for _, server := range cfg.Servers {
		for location := range server.All() {
			for _, s := range location.Get("server_tokens", "merge_slashes") {
				fmt.Printf("%s %s %s %s %q\n", s.Name, s.Args, s.Origin, s.From, s.Version)
			}
		}
	}
	// Output:
	// error: /etc/nginx/conf.d/a.conf:4:3: unexpected "}" at line 5 inside "location"
	// server_tokens [off] inherited /etc/nginx/nginx.conf:2:3 ""
	// merge_slashes [on] default - "1.19.0 to 1.30"
}
