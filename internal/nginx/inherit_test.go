// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// randomSettings writes a random choice of settings, one to a line.
func randomSettings(r *rand.Rand, c Context) string {
	var b strings.Builder
	add := func(oneIn int, where Context, format string, args ...any) {
		if where&c != 0 && r.IntN(oneIn) == 0 {
			fmt.Fprintf(&b, format+"\n", args...)
		}
	}
	for range 2 {
		add(3, hsli, "add_header X-A %d;", r.IntN(1000))
	}
	add(6, hsli, "more_nothing_here_%d on;", 0)
	add(3, hsli, "expires %s;", []string{"off", "epoch", "max"}[r.IntN(3)])
	add(3, hsl, "default_type text/x-%d;", r.IntN(1000))
	add(6, hsl, "auth_basic %s;", []string{"off", `"a realm"`}[r.IntN(2)])
	add(8, hsl, "%s all;", []string{"allow", "deny"}[r.IntN(2)])
	add(12, hsl, "allow all;\ndeny all;")
	add(10, InLocation, "internal;")
	add(5, hsli, "error_page 401 403 404 =%d /e;", 210+r.IntN(80))
	add(4, hsl, "etag %s;", []string{"on", "off"}[r.IntN(2)])
	add(5, InServer|InLocation, "set $v %d;", r.IntN(1000))
	return strings.ReplaceAll(b.String(), "more_nothing_here_0 on;\n", "")
}

// predict says what nginx will answer for a static file below a scope.
func predict(s *Scope) (status int, headers []string) {
	first := func(name string) string {
		if got := s.Get(name); len(got) > 0 {
			return got[0].Arg(0)
		}
		return ""
	}
	status = http.StatusOK
	internal := len(s.Get("internal")) > 0
	if internal && s.Context == IfInLocation {
		// nginx refuses while it chooses the location, before it looks at an if.
		s = s.Parent
	}
	switch rules := s.Get("allow", "deny"); {
	case internal:
		status = http.StatusNotFound
	case len(rules) > 0 && rules[0].Name == "deny":
		status = http.StatusForbidden
	case first("auth_basic") != "off":
		status = http.StatusUnauthorized
	}
	if status != http.StatusOK {
		for _, e := range s.Get("error_page") {
			n := len(e.Args)
			if slices.Contains(e.Args[:n-2], fmt.Sprint(status)) {
				var changed int
				fmt.Sscanf(e.Args[n-2], "=%d", &changed)
				// The error page itself is answered by another location.
				return changed, nil
			}
		}
		return status, nil
	}
	for _, h := range s.Get("add_header") {
		headers = append(headers, h.Arg(0)+": "+h.Arg(1))
	}
	if e := first("expires"); e != "off" {
		headers = append(headers, "expires")
	}
	if first("etag") == "on" {
		headers = append(headers, "etag")
	}
	headers = append(headers, "type "+first("default_type"))
	return status, headers
}

// Random nested blocks, answered by a real nginx, against what the effective
// configuration says of them.
func TestInheritanceAgainstNginx(t *testing.T) {
	path, modules := realNginx(t)
	const servers, rounds = 150, 4
	for round := range rounds {
		t.Run(fmt.Sprintf("round %d", round), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(round), 7))
			dir := t.TempDir()
			for _, f := range []string{"a/f", "a/b/f", "a/b/c/f", "e"} {
				write(t, dir, "html/"+f, f)
			}
			write(t, dir, "users", "nobody:{PLAIN}x\n")
			socket := filepath.Join(dir, "s")
			var b strings.Builder
			fmt.Fprintf(&b, "types { }\nroot %s/html;\nauth_basic_user_file users;\nserver_names_hash_bucket_size 128;\n%s", dir, randomSettings(r, HTTP))
			for i := range servers {
				fmt.Fprintf(&b, "server {\nlisten unix:%s;\nserver_name s%d.test;\n%s", socket, i, randomSettings(r, InServer))
				b.WriteString("location = /e { internal; allow all; auth_basic off; }\n")
				for _, l := range []string{"/a", "/a/b", "/a/b/c"} {
					fmt.Fprintf(&b, "location %s {\n%s", l, randomSettings(r, InLocation))
					if r.IntN(2) == 0 {
						fmt.Fprintf(&b, "if ($arg_i) {\n%s}\n", randomSettings(r, IfInLocation))
					}
				}
				b.WriteString("}\n}\n}\n}\n")
			}
			text := sandboxed(modules, dir, b.String())
			client := serve(t, path, dir, socket, text)
			tree := Parse("nginx.conf", text)
			if len(tree.Errors) > 0 {
				t.Fatal(messages(tree.Errors))
			}
			cfg := Effective(tree, Version{1, 22, 1})
			if len(cfg.Servers) != servers {
				t.Fatalf("%d servers", len(cfg.Servers))
			}
			asked := 0
			for _, srv := range cfg.Servers {
				for l := range srv.All() {
					if l.Path == "/e" {
						continue
					}
					scopes := map[string]*Scope{"": l.Scope}
					if len(l.Ifs) > 0 {
						scopes["?i=1"] = l.Ifs[0].Scope
					}
					for query, scope := range scopes {
						asked++
						status, want := predict(scope)
						gotStatus, got := ask(t, client, srv.Names[0].Value, l.Path+"/f"+query)
						if status != http.StatusOK {
							got = nil
						}
						if diff := cmp.Diff(want, got); diff != "" || status != gotStatus {
							t.Errorf("%s%s at %s: status %d, nginx %d (-want +nginx):\n%s\n%s", srv.Names[0].Value, l.Path+query, scope.Pos, status, gotStatus, diff, srv.Directive.Raw())
						}
					}
				}
			}
			if asked < servers*3 {
				t.Errorf("only %d requests", asked)
			}
		})
	}
}

func ask(t *testing.T, c *http.Client, host, path string) (status int, headers []string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+host+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for _, v := range res.Header["X-A"] {
		headers = append(headers, "X-A: "+v)
	}
	for _, name := range []string{"Expires", "Etag"} {
		if res.Header.Get(name) != "" {
			headers = append(headers, strings.ToLower(name))
		}
	}
	return res.StatusCode, append(headers, "type "+res.Header.Get("Content-Type"))
}
