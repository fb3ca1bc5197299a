// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"maps"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// methodLimit converts a limit_except block.
func (r *reader) methodLimit(l *nginx.Limit) evidence.NginxMethodLimit {
	out := evidence.NginxMethodLimit{Source: r.at(l.Pos, evidence.Explicit)}
	for _, m := range l.Methods {
		m = strings.ToUpper(m)
		out.Methods = append(out.Methods, m)
		if m == "GET" {
			out.Methods = append(out.Methods, "HEAD")
		}
	}
	slices.Sort(out.Methods)
	out.Methods = slices.Compact(out.Methods)
	for _, s := range l.Own() {
		out.Settings = append(out.Settings, r.setting(s))
	}
	// allow and deny are asked for together, which keeps their order.
	inherited := [][]string{{"allow", "deny"}}
	for _, name := range slices.Sorted(maps.Keys(carried)) {
		if name != "allow" && name != "deny" {
			inherited = append(inherited, []string{name})
		}
	}
	for _, names := range inherited {
		for _, s := range l.Get(names...) {
			if s.Origin == nginx.Inherited {
				out.Settings = append(out.Settings, r.setting(s))
			}
		}
	}
	return out
}
