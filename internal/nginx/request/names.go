// SPDX-License-Identifier: Apache-2.0

package request

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// answer is the number of a server among the answers to the question of a socket.
func (k *socket) answer(s *nginx.Server) int {
	if i := slices.Index(k.Servers, s); i >= 0 {
		return i
	}
	return len(k.Servers)
}

// question asks which server has a name; its last answer is that none has.
func (k *socket) question() Question {
	return Question{fmt.Sprintf("server %p", k), func(a *automata.Algebra) []automata.Bounds {
		d := newDivision(a, len(k.Servers)+1)
		for name, s := range k.exact {
			d.take(k.answer(s), a.Literal(name))
		}
		d.step()
		names := func(table map[string]*nginx.Server, lang func(string) automata.Lang) {
			for _, n := range longestFirst(table) {
				d.take(k.answer(table[n]), lang(n))
				d.step()
			}
		}
		// At the first dot that has an entry, which is that of the longest one.
		names(k.leading, func(n string) automata.Lang { return a.Concat(automata.All, a.Literal(n)) })
		names(k.trailing, func(n string) automata.Lang { return a.Concat(a.Literal(n), automata.All) })
		for _, p := range k.patterns {
			if p.Pattern == nil {
				d.widen("a pattern of server_name that cannot be read")
				continue
			}
			d.pattern(k.answer(p.server), p.Pattern)
		}
		if len(k.disputed) > 0 {
			d.widen("two servers claim one name")
		}
		return d.answers(len(k.Servers))
	}}
}

// way is the number of a value among the answers to the question of a map.
func (g *mapping) way(value string) int {
	if i := slices.Index(g.values, value); i >= 0 {
		return i
	}
	g.values = append(g.values, value)
	return len(g.values) - 1
}

// question asks for the value of a map: one answer for each value, and behind them
// one for each pattern, whose value may hold what the pattern took.
func (g *mapping) question() Question {
	return Question{fmt.Sprintf("map %p", g), func(a *automata.Algebra) []automata.Bounds {
		d := newDivision(a, len(g.values)+len(g.patterns))
		subject := func(l automata.Lang) automata.Lang {
			if g.hosts {
				l = a.Concat(l, a.Optional(a.Literal(".")))
			}
			return a.Preimage(lowered{}, l)
		}
		byWay := make([][]automata.Lang, len(g.values))
		for key, v := range g.exact {
			byWay[g.way(v)] = append(byWay[g.way(v)], a.Literal(key))
		}
		for way, list := range byWay {
			l := subject(a.Union(list...))
			d.take(way, l)
		}
		d.step()
		for _, n := range longestFirst(g.leading) {
			d.take(g.way(g.leading[n]), subject(a.Concat(automata.All, a.Literal(n))))
			d.step()
		}
		for _, n := range longestFirst(g.trailing) {
			d.take(g.way(g.trailing[n]), subject(a.Concat(a.Literal(n), automata.All)))
			d.step()
		}
		d.take(g.way(g.fallback), subject(automata.Empty)) // which no pattern is tried on
		d.step()
		for i, p := range g.patterns {
			if g.hosts {
				d.widen("a pattern in a map of host names")
			}
			d.pattern(len(g.values)+i, p.Pattern)
		}
		return d.answers(g.way(g.fallback))
	}}
}

// question asks for the value of a geo.
func (g *mapping) networkQuestion() Question {
	return Question{fmt.Sprintf("geo %p", g), func(a *automata.Algebra) []automata.Bounds {
		d := newDivision(a, len(g.values))
		list := slices.Clone(g.networks)
		slices.SortStableFunc(list, func(x, y network) int { return y.Bits() - x.Bits() })
		for _, n := range list {
			d.take(g.way(n.value), networkLang(a, n.Prefix))
			d.step()
		}
		return d.answers(g.way(g.fallback))
	}}
}

// client says which network an address is in; the zero prefix is none.
func (g *mapping) client(ip netip.Addr) (value string) {
	value, bits := g.fallback, -1
	for _, n := range g.networks {
		if n.Contains(ip.Unmap()) && n.Bits() > bits {
			value, bits = n.value, n.Bits()
		}
	}
	return value
}

func longestFirst[T any](table map[string]T) []string {
	out := make([]string, 0, len(table))
	for k := range table {
		out = append(out, k)
	}
	slices.SortFunc(out, func(x, y string) int {
		if len(x) != len(y) {
			return len(y) - len(x)
		}
		return strings.Compare(x, y)
	})
	return out
}

// division gives texts to answers, each to the first that takes it.
type division struct {
	a     *automata.Algebra
	mine  [][]automata.Bounds
	taken []automata.Bounds // by earlier steps
	now   []automata.Bounds
	why   []string
}

func newDivision(a *automata.Algebra, answers int) *division {
	return &division{a: a, mine: make([][]automata.Bounds, answers)}
}

// take gives what nobody took in an earlier step.
func (d *division) take(answer int, l automata.Lang) {
	d.give(answer, automata.Bounds{Lower: l, Upper: l})
}

func (d *division) give(answer int, b automata.Bounds) {
	upper, lower := []automata.Lang{}, []automata.Lang{}
	for _, t := range d.taken {
		upper, lower = append(upper, t.Upper), append(lower, t.Lower)
	}
	d.mine[answer] = append(d.mine[answer], automata.Bounds{
		Lower: d.a.Difference(b.Lower, d.a.Union(upper...)), Upper: d.a.Difference(b.Upper, d.a.Union(lower...)),
	})
	d.now = append(d.now, b)
}

// step ends a step: what was given so far is taken.
func (d *division) step() { d.taken, d.now = append(d.taken, d.now...), nil }

func (d *division) pattern(answer int, p *automata.Pattern) {
	b := p.Language(d.a)
	for _, why := range b.Widened {
		d.widen(why)
	}
	d.give(answer, b)
	d.step()
}

func (d *division) widen(why string) {
	if !slices.Contains(d.why, why) {
		d.why = append(d.why, why)
	}
}

// answers gives the rest to one answer and returns all.
func (d *division) answers(rest int) []automata.Bounds {
	d.step()
	d.take(rest, automata.All)
	out := make([]automata.Bounds, len(d.mine))
	for i, list := range d.mine {
		var lower, upper []automata.Lang
		for _, b := range list {
			lower, upper = append(lower, b.Lower), append(upper, b.Upper)
		}
		out[i] = automata.Bounds{Lower: d.a.Union(lower...), Upper: d.a.Union(upper...), Widened: d.why}
	}
	return out
}
