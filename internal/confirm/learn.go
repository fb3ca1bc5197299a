// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// learn collects what conditions and maps tell apart.
func (g *generator) learn() {
	for _, m := range g.cfg.Maps {
		for _, e := range m.Entries {
			if e.Special {
				continue
			}
			if m.Kind == "geo" {
				g.client(e.Key)
			} else if pattern, ok := strings.CutPrefix(e.Key, "~*"); ok {
				g.value(m.Source, "~*", pattern)
			} else if pattern, ok := strings.CutPrefix(e.Key, "~"); ok {
				g.value(m.Source, "~", pattern)
			} else {
				g.value(m.Source, "=", e.Key)
			}
		}
	}
	for _, h := range g.cfg.HTTP {
		g.scope(h, nil)
	}
	for _, s := range g.cfg.Servers {
		g.scope(s.Scope, s.Ifs)
		for l := range s.All() {
			g.scope(l.Scope, l.Ifs)
			for _, lim := range l.Limits {
				g.scope(lim.Scope, nil)
			}
		}
	}
}

func (g *generator) scope(sc *nginx.Scope, ifs []*nginx.If) {
	for _, s := range sc.Own() {
		switch s.Name {
		case "allow", "deny":
			g.client(s.Arg(0))
		case "auth_request":
			g.guarded = true
		}
	}
	for _, f := range ifs {
		if c := f.Condition; len(c) == 3 {
			g.value(c[0], strings.TrimPrefix(c[1], "!"), c[2])
		}
	}
}

func (g *generator) value(variable, operator, text string) {
	name, ok := strings.CutPrefix(variable, "$http_")
	if !ok || name == "host" || strings.Contains(text, "$") && operator == "=" {
		return
	}
	if operator != "=" {
		if text, ok = g.sample(text, operator == "~*"); !ok {
			return
		}
	}
	if strings.HasSuffix(text, " ") {
		text += "x" // nginx drops spaces at the end of a value
	}
	name = strings.ReplaceAll(name, "_", "-")
	if g.headers[name] == nil && len(g.headers) == maxHeaders {
		return
	}
	if strings.ContainsAny(text, "\r\n\x00") || slices.Contains(g.headers[name], text) || len(g.headers[name]) == maxLearned {
		return
	}
	g.headers[name] = append(g.headers[name], text)
}

func (g *generator) client(text string) {
	network, _, _ := strings.Cut(text, "/")
	// The first address of a network may be no address of a host.
	if i := strings.LastIndexByte(network, '.'); i >= 0 && strings.HasSuffix(network, ".0") {
		network = network[:i] + ".1"
	}
	if strings.Count(network, ".") == 3 && isAddress(network) && !strings.HasPrefix(network, "0.") && !slices.Contains(g.clients, network) && len(g.clients) < maxLearned {
		g.clients = append(g.clients, network)
	}
}
