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
	// values are those of entries that are no patterns, each once.
	values []string
	bad    string // why it cannot be followed
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
		at: d.Pos(), kind: d.Name, name: lower(strings.TrimPrefix(d.Arg(len(d.Args)-1), "$")),
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
	g.number()
	if d.Name == "split_clients" {
		g.bad = "split_clients is not modelled"
	}
	return g
}

// number makes the list of values.
func (g *mapping) number() {
	g.way(g.fallback)
	for _, table := range []map[string]string{g.exact, g.leading, g.trailing} {
		for _, key := range longestFirst(table) {
			g.way(table[key])
		}
	}
	for _, n := range g.networks {
		g.way(n.value)
	}
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
func (r *run) lookup(g *mapping, at nginx.Pos) Text {
	if g.bad != "" {
		r.unsure(g.at, "%s", g.bad)
	}
	var value Text
	if g.kind == "geo" {
		value = constant(r.inNetwork(g, at))
	} else {
		value = r.text(r.find(g, r.text(g.source, g.at)), g.at)
	}
	if !g.volatile || r.m.faults["volatile"] {
		r.vars[g.name] = value
	}
	r.step(g.at, "$%s is %q", g.name, value.S)
	return value
}

// find is the value as written.
func (r *run) find(g *mapping, subject Text) string {
	value, way := r.entry(g, subject)
	r.ask(g.at, subject, way, g.question)
	for i := 0; i <= way-len(g.values) && value != g.fallback; i++ {
		if r.givesUp(g.patterns[i].Pattern, subject, g.at) {
			return g.fallback
		}
	}
	return value
}

// entry is the value, and which of the answers to the question of the map it is.
func (r *run) entry(g *mapping, subject Text) (string, int) {
	key := lower(subject.S)
	if g.hosts {
		key = strings.TrimSuffix(key, ".")
		subject = subject.withoutDot()
	}
	if v, ok := g.exact[key]; ok {
		return v, g.way(v)
	}
	for i := range len(key) {
		if v, ok := g.leading[key[i:]]; ok && key[i] == '.' {
			return v, g.way(v)
		}
	}
	for i := len(key) - 1; i > 0; i-- {
		if v, ok := g.trailing[key[:i+1]]; ok && key[i] == '.' {
			return v, g.way(v)
		}
	}
	if key == "" {
		return g.fallback, g.way(g.fallback) // for patterns there has to be something
	}
	for i, p := range g.patterns {
		if c := r.try(p.Pattern, subject, g.at); c != nil {
			r.capture(c)
			r.mapped++
			return p.value, len(g.values) + i
		}
	}
	return g.fallback, g.way(g.fallback)
}

// inNetwork finds the smallest network with the client in it.
func (r *run) inNetwork(g *mapping, at nginx.Pos) string {
	var client netip.Addr
	var bytes Text
	if g.source == "" {
		client, bytes = r.client(at)
	} else if t := r.text(g.source, g.at); t.Constant() || r.trace == nil {
		ip, err := netip.ParseAddr(t.S)
		if err != nil {
			r.unsure(g.at, "geo looks up what is no address")
		}
		client = ip
	} else {
		// Who sends the value sends one of any network.
		return r.choose(g.at, "$"+g.name+" is", g.values...)
	}
	value := g.client(client)
	r.ask(g.at, bytes, g.way(value), g.networkQuestion)
	return value
}
