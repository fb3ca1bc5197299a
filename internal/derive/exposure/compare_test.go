// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
)

func TestAComparisonNamesWhatChangedAndNothingElse(t *testing.T) {
	const base = `http {
	upstream fin { server 127.0.0.1:9445; }
	upstream other { server 127.0.0.1:9446; }
	upstream guard { server 127.0.0.1:9447; }
	server { listen 8445 default_server; return 444; }
	server {
		listen 8445;
		server_name desk.example;
		location = /auth { internal; proxy_pass http://guard; }
		location /desktop/ { auth_request /auth; proxy_pass http://fin; }
		location /files/ { try_files $uri @missing; }
		location @missing { proxy_pass http://fin; }
		location = /rpc { proxy_pass http://fin; }
		location / { return 421; }
	}
}`
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"a comment moves every line", "http {", "# moved\n\n# down\nhttp {", nil},
		{"a location that means the same", "location = /rpc { proxy_pass http://fin; }", "location ~ ^/rpc\\z { proxy_pass http://fin; }", nil},
		{"the same path, written out", "location = /rpc { proxy_pass http://fin; }", "location = /rpc { proxy_pass http://fin/rpc; }", nil},
		{"a line feed gets through", "location = /rpc { proxy_pass http://fin; }", "location ~ ^/rpc$ { proxy_pass http://fin; }", []string{"opened /rpc%0A"}},
		{"a refusal is gone", "return 421;", "proxy_pass http://fin;", []string{"opened /"}},
		{"a guard is gone", "auth_request /auth; ", "", []string{"unguarded /desktop/"}},
		{"a guard is new", "location = /rpc {", "location = /rpc { auth_request /auth;", []string{"guarded /rpc"}},
		{"another upstream", "location = /rpc { proxy_pass http://fin;", "location = /rpc { proxy_pass http://other;", []string{"moved /rpc"}},
		{"another path", "location = /rpc { proxy_pass http://fin;", "location = /rpc { proxy_pass http://fin/x;", []string{"moved /rpc"}},
		{"a location is gone", "location = /rpc { proxy_pass http://fin; }", "", []string{"closed /rpc"}},
		{"the guard asks for another path", "location = /auth { internal; proxy_pass http://guard;", "location = /auth { internal; proxy_pass http://guard/anything;", []string{"reguarded /desktop/"}},
		{"a listener of all addresses", "listen 8445;\n		server_name", "listen 127.0.0.9:8445;\n		server_name", []string{"closed /desktop/"}},
		{"another default server", "return 444;", "location / { proxy_pass http://fin; }", []string{"opened /"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.Replace(base, c.old, c.new, 1)
			if changed == base {
				t.Fatal("nothing is changed")
			}
			read := func(name, text string) *nginx.Config {
				return nginx.Effective(nginx.Parse(name, text), nginx122)
			}
			d := Compare(Comparison{Old: read("old.conf", base), New: read("new.conf", changed)})
			seen := map[string]bool{}
			for _, x := range d.Changes {
				seen[fmt.Sprintf("%s %s", x.Kind, x.Witness.Target)] = true
			}
			for _, w := range c.want {
				if !seen[w] {
					t.Errorf("%q is missing in %v", w, seen)
				}
			}
			if len(c.want) == 0 && len(d.Changes) > 0 || len(d.Undecided) > 0 {
				t.Errorf("changes %v, undecided %v", seen, d.Undecided)
			}
		})
	}
}
