// SPDX-License-Identifier: Apache-2.0

package request

import (
	"net/netip"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// mapping is a map or a geo, prepared.
type mapping struct {
	at       nginx.Pos
	name     string
	kind     string
	source   string
	fallback string
	exact    map[string]string
	leading  map[string]string
	trailing map[string]string
	patterns []mapPattern
	networks []network
	hosts    bool
	volatile bool
	bad      string // why it cannot be followed
}

type mapPattern struct {
	*automata.Pattern
	value string
}

type network struct {
	netip.Prefix
	value string
}

// readMaps goes through the blocks themselves: a key with a backslash before its
// tilde is no pattern.
func (m *Model) readMaps() {
	for _, h := range m.cfg.HTTP {
		for d := range h.Directive.Children() {
			if d.Kind != nginx.Block {
				continue
			}
			switch d.Name {
			case "map", "geo", "split_clients":
				g := m.readMap(d)
				m.maps[g.name] = g
			}
		}
	}
}

func (m *Model) readMap(d *nginx.Directive) *mapping {
	g := &mapping{
		at: d.Pos(), kind: d.Name, name: strings.TrimPrefix(d.Arg(len(d.Args)-1), "$"),
		exact: map[string]string{}, leading: map[string]string{}, trailing: map[string]string{},
	}
	if len(d.Args) == 2 {
		g.source = d.Arg(0)
	}
	for e := range d.Children() {
		if d.Name == "map" {
			g.mapEntry(e, m)
		} else {
			g.geoEntry(e)
		}
	}
	if d.Name == "split_clients" {
		g.bad = "split_clients is not modelled"
	}
	return g
}

func (g *mapping) mapEntry(e *nginx.Directive, m *Model) {
	key, value := e.Name, e.Arg(0)
	switch {
	case key == "hostnames" && len(e.Args) == 0:
		g.hosts = true
	case key == "volatile" && len(e.Args) == 0:
		g.volatile = true
	case len(e.Args) != 1:
		g.bad = "an entry of the map is not understood"
	case key == "default":
		g.fallback = value
	case strings.HasPrefix(key, "~"):
		text, fold := strings.CutPrefix(key[1:], "*")
		p, err := automata.ParsePattern(text, fold)
		if err != nil {
			g.bad = err.Error()
			return
		}
		m.names(p)
		g.patterns = append(g.patterns, mapPattern{p, value})
	default:
		key = lower(strings.TrimPrefix(key, `\`))
		switch {
		case g.hosts && strings.HasPrefix(key, "*."):
			g.leading[key[1:]] = value
		case g.hosts && strings.HasPrefix(key, "."):
			g.leading[key], g.exact[key[1:]] = value, value
		case g.hosts && strings.HasSuffix(key, ".*"):
			g.trailing[strings.TrimSuffix(key, "*")] = value
		default:
			g.exact[key] = value
		}
	}
}

func (g *mapping) geoEntry(e *nginx.Directive) {
	switch e.Name {
	case "default":
		g.fallback = e.Arg(0)
		return
	case "delete", "proxy", "proxy_recursive", "ranges":
		g.bad = "geo with " + e.Name + " is not modelled"
		return
	}
	p, ok := parseNetwork(e.Name)
	if !ok {
		g.bad = "an entry of geo is not understood"
	}
	g.networks = append(g.networks, network{p, e.Arg(0)})
}

func parseNetwork(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	ip, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(ip, ip.BitLen()), true
}

// lookup is the value of a mapped variable. nginx keeps the first one that it
// finds, even where the source changes.
func (r *run) lookup(g *mapping, at nginx.Pos) string {
	if g.bad != "" {
		r.unsure(g.at, "%s", g.bad)
	}
	var value string
	if g.kind == "geo" {
		value = r.inNetwork(g, at)
	} else {
		value = r.text(r.find(g, r.text(g.source, g.at)), g.at)
	}
	if !g.volatile || r.m.faults["volatile"] {
		r.vars[g.name] = value
	}
	r.step(g.at, "$%s is %q", g.name, value)
	return value
}

// find is the value as written.
func (r *run) find(g *mapping, subject string) string {
	key := lower(subject)
	if g.hosts {
		key = strings.TrimSuffix(key, ".")
		subject = strings.TrimSuffix(subject, ".")
	}
	if v, ok := g.exact[key]; ok {
		return v
	}
	for i := range len(key) {
		if v, ok := g.leading[key[i:]]; ok && key[i] == '.' {
			return v
		}
	}
	for i := len(key) - 1; i > 0; i-- {
		if v, ok := g.trailing[key[:i+1]]; ok && key[i] == '.' {
			return v
		}
	}
	for _, p := range g.patterns {
		if c := r.match(p.Pattern, subject, g.at); c != nil {
			r.capture(c)
			r.mapped++
			return p.value
		}
	}
	return g.fallback
}

// inNetwork finds the smallest network with the client in it.
func (r *run) inNetwork(g *mapping, at nginx.Pos) string {
	var client netip.Addr
	if g.source == "" {
		client = r.client(at)
	} else if ip, err := netip.ParseAddr(r.text(g.source, g.at)); err == nil {
		client = ip
	} else {
		r.unsure(g.at, "geo looks up what is no address")
	}
	value, bits := g.fallback, -1
	for _, n := range g.networks {
		if n.Contains(client.Unmap()) && n.Bits() > bits {
			value, bits = n.value, n.Bits()
		}
	}
	return value
}
