// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// Coverage is how much of a configuration is followed exactly.
type Coverage struct {
	// Directives is the number of directives that decide where requests go, Exact how
	// many of them are followed exactly.
	Directives, Exact int
	// Widened are the others.
	Widened []nginx.Pos
}

// Percent is the share that is exact, from 0 to 100; 100 only when all are.
func (c Coverage) Percent() int {
	if c.Directives == 0 {
		return 100
	}
	return c.Exact * 100 / c.Directives
}

// deciding are the directives that decide where requests go; those of Lua are found
// by their names.
var deciding = []string{
	"listen", "server_name", "location", "rewrite", "return", "if", "set", "break", "try_files", "error_page", "internal",
	"proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass", "allow", "deny", "satisfy",
	"auth_basic", "auth_request", "auth_jwt", "limit_except", "map", "geo", "split_clients", "alias", "root", "index",
	"proxy_intercept_errors", "recursive_error_pages", "merge_slashes", "ssl_reject_handshake", "ssl_verify_client",
	"set_real_ip_from", "upstream",
}

func (p *prover) coverage() {
	c := &p.proof.Coverage
	wide := map[string]bool{}
	for _, u := range p.proof.Undecided {
		if !u.Why.At.IsZero() {
			wide[lineOf(u.Why.At)] = true
		}
	}
	for _, h := range p.in.Config.HTTP {
		for x := range h.Directive.All() {
			if !slices.Contains(deciding, x.Name) && !strings.Contains(x.Name, "_by_lua") {
				continue
			}
			c.Directives++
			if wide[lineOf(x.Pos())] {
				c.Widened = append(c.Widened, x.Pos())
			} else {
				c.Exact++
			}
		}
	}
	// What concerns everything covers nothing.
	for _, u := range p.proof.Undecided {
		if u.Why.At.IsZero() || u.Location == "" && u.Server == "" {
			c.Exact = 0
		}
	}
}

// lineOf is a place without its column.
func lineOf(p nginx.Pos) string { p.Column = 0; return p.String() }
