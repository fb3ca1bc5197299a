// SPDX-License-Identifier: Apache-2.0

package request

import (
	"slices"
	"strings"
	"sync"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// carried says whether a request that an upstream's X-Accel-Redirect leads on may end
// unlike one for that location.
type carried struct {
	once sync.Once
	is   bool
}

// carries reports whether what a request brings along to a location that an upstream
// names may decide there: its target as it was sent, and what was set on the way.
func (m *Model) carries() bool {
	m.carried.once.Do(func() {
		c := &carrier{m: m, a: automata.New(0), brought: map[string]bool{}}
		paths := plainPaths(c.a)
		method := c.a.Set(automata.Range('A', 'Z'))
		c.plain = map[string]automata.Lang{
			"request_uri": paths,
			"request":     c.a.Concat(method, c.a.Star(method), c.a.Literal(" "), paths, c.a.Literal(" HTTP/1."), c.a.Set(automata.Bytes('0', '1'))),
		}
		for _, s := range m.cfg.Servers {
			for _, l := range s.Locations {
				c.sets(l.Directive, true)
			}
		}
		for _, s := range m.servers {
			s.root.each(c.takes)
		}
		for known := -1; known < len(c.brought); {
			known = len(c.brought)
			for _, s := range m.cfg.Servers {
				c.sets(s.Directive, false)
			}
			for name, g := range m.effects.maps {
				if c.makes(g) {
					c.brought[name] = true
				}
			}
		}
		m.carried.is = c.groups || slices.ContainsFunc(m.cfg.HTTP, func(h *nginx.Scope) bool { return c.asks(h.Directive) })
	})
	return m.carried.is
}

// carrier looks for directives that what is brought along decides.
type carrier struct {
	m *Model
	a *automata.Algebra
	// plain are the values of what tells of the target, for plain paths.
	plain map[string]automata.Lang
	// brought are the variables that hold it, groups says that a location uses those of
	// another one's pattern.
	brought map[string]bool
	groups  bool
}

// plainPaths are those that an upstream is supposed to name.
func plainPaths(a *automata.Algebra) automata.Lang {
	first := automata.Range('a', 'z').Or(automata.Range('A', 'Z')).Or(automata.Range('0', '9')).Or(automata.Bytes('_', '-', '~'))
	segment := a.Concat(a.Literal("/"), a.Set(first), a.Star(a.Set(first.Or(automata.Bytes('.')))))
	return a.Union(a.Literal("/"), a.Concat(segment, a.Star(segment), a.Optional(a.Literal("/"))))
}

// isPlain reports whether a path is one of them.
func isPlain(path string) bool {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return false
	}
	for segment := range strings.SplitSeq(strings.TrimSuffix(rest, "/"), "/") {
		if segment == "" && path != "/" || strings.HasPrefix(segment, ".") {
			return false
		}
		for i := range len(segment) {
			if c := segment[i]; !isLetter(c) && !isDigit(c) && strings.IndexByte("_-~.", c) < 0 {
				return false
			}
		}
	}
	return true
}

// sets notes the variables that are set: all of a location, and else those that are set to
// what is brought along, since a server sets its own again.
func (c *carrier) sets(d *nginx.Directive, all bool) {
	for x := range d.Children() {
		switch {
		case x.Name == "set" || x.Name == "auth_request_set":
			if all || slices.ContainsFunc(variablesIn(x.Arg(1)), c.tells) {
				c.brought[lower(strings.TrimPrefix(x.Arg(0), "$"))] = true
			}
		case x.Kind == nginx.Block:
			c.sets(x, all)
		}
	}
}

// takes notes what the pattern of a location takes, and a location without one that uses
// groups all the same.
func (c *carrier) takes(b *block) {
	switch {
	case b.loc == nil:
	case b.pattern != nil:
		for _, name := range b.pattern.Names {
			if name != "" {
				c.brought[lower(name)] = true
			}
		}
	default:
		for _, s := range b.scope.Own() {
			if s.Name == "rewrite" || slices.Contains(aside, s.Name) {
				continue
			}
			for _, text := range s.Args {
				c.groups = c.groups || slices.ContainsFunc(variablesIn(text), func(v string) bool { return isDigit(v[0]) })
			}
		}
	}
}

// makes reports whether a map keeps what is brought along. One that has the same value for
// the targets of all plain paths does not.
func (c *carrier) makes(g *mapping) bool {
	if plain, ok := c.plain[strings.TrimPrefix(g.source, "$")]; ok && g.kind == "map" && c.oneValue(g, plain) {
		return false
	}
	if !g.volatile && c.m.effects.changes(g, map[string]bool{}) {
		return true
	}
	return slices.ContainsFunc(g.texts(), func(text string) bool {
		return slices.ContainsFunc(variablesIn(text), func(v string) bool { return c.tells(v) })
	})
}

// oneValue reports whether a map has one value for all plain paths.
func (c *carrier) oneValue(g *mapping, plain automata.Lang) bool {
	byValue := map[string][]automata.Lang{}
	for i, b := range g.question().Answers(c.a) {
		value := ""
		if i < len(g.values) {
			value = g.values[i]
		} else {
			value = g.patterns[i-len(g.values)].value
		}
		if !strings.Contains(value, "$") {
			byValue[value] = append(byValue[value], b.Lower)
		}
	}
	for _, list := range byValue {
		if c.within(plain, c.a.Union(list...)) {
			return true
		}
	}
	return false
}

func (c *carrier) within(x, y automata.Lang) bool {
	is, _, err := c.a.Within(x, y)
	return is && err == nil
}

// tells reports whether a variable holds what is brought along.
func (c *carrier) tells(name string) bool {
	_, ok := c.plain[name]
	return ok || c.brought[name]
}

// asks reports whether a directive in a block depends on what is brought along.
func (c *carrier) asks(d *nginx.Directive) bool {
	for x := range d.Children() {
		if slices.Contains(aside, x.Name) || x.Name == "set" || x.Name == "auth_request_set" {
			continue // what is set counts where it is used
		}
		for _, text := range x.Values() {
			for _, v := range variablesIn(text) {
				if c.tells(v) && !(x.Name == "if" && !c.brought[v] && c.decided(x)) {
					return true
				}
			}
		}
		if x.Kind == nginx.Block && c.asks(x) {
			return true
		}
	}
	return false
}

// decided reports whether a condition has one answer for the targets of all plain paths.
func (c *carrier) decided(d *nginx.Directive) bool {
	words := d.Values()
	words[0] = strings.TrimPrefix(words[0], "(")
	words[len(words)-1] = strings.TrimSuffix(words[len(words)-1], ")")
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	var test condition
	if test.read(words, &Model{changeable: map[string]bool{}}) != "" {
		return false
	}
	plain, ok := c.plain[test.name]
	switch {
	case !ok:
		return false
	case test.pattern != nil:
		is := test.pattern.Language(c.a)
		return c.within(plain, is.Lower) || c.within(plain, c.a.Complement(is.Upper))
	case test.op == "=":
		return c.within(plain, c.a.Complement(c.a.Literal(words[2]))) && !strings.Contains(words[2], "$")
	}
	return test.op == ""
}
