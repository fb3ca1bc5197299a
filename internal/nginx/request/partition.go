// SPDX-License-Identifier: Apache-2.0

package request

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// partition says which paths lead to which location of a server. It is the search
// for a location, told about all paths at once.
type partition struct {
	root  *block
	cells []cell
}

// cell is one way a search may end.
type cell struct {
	at  *block
	how found
}

// partitions are those of a model, made when they are asked for.
type partitions struct {
	lock sync.Mutex
	of   map[*block]*partition
}

func (r *run) partition(root *block) *partition {
	p := &r.m.partitions
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.of == nil {
		p.of = map[*block]*partition{}
	}
	if p.of[root] == nil {
		s := &partition{root: root}
		s.list(root)
		p.of[root] = s
	}
	return p.of[root]
}

// list names all ways that a search inside of b may end.
func (p *partition) list(b *block) {
	p.cells = append(p.cells, cell{b, nothing}, cell{b, final})
	if strings.HasSuffix(b.path, "/") {
		p.cells = append(p.cells, cell{b, redirect})
	}
	for _, x := range b.nested {
		p.list(x)
	}
	for _, x := range b.regexes {
		p.list(x)
	}
}

func (p *partition) index(at *block, how found) int {
	return slices.Index(p.cells, cell{at, how})
}

func (p *partition) question() Question {
	return Question{fmt.Sprintf("location %p", p), func(a *automata.Algebra) []automata.Bounds {
		s := &searcher{a: a, found: map[cell][]automata.Lang{}}
		s.search(p.root, automata.All, func(c cell, l automata.Lang) { s.found[c] = append(s.found[c], l) })
		all := make([]automata.Bounds, len(p.cells))
		for i, c := range p.cells {
			l := a.Union(s.found[c]...)
			all[i] = automata.Bounds{Lower: l, Upper: l}
		}
		return s.bounds(all)
	}}
}

// searcher divides paths among locations.
type searcher struct {
	a     *automata.Algebra
	found map[cell][]automata.Lang
	// widened are the reasons why the pattern of some location is not exact. Then no
	// answer of the partition is.
	widened []string
}

func (s *searcher) bounds(all []automata.Bounds) []automata.Bounds {
	if len(s.widened) == 0 {
		return all
	}
	for i := range all {
		all[i] = automata.Bounds{Lower: automata.None, Upper: automata.All, Widened: s.widened}
	}
	return all
}

// search follows (*run).search for the paths of a language.
func (s *searcher) search(b *block, paths automata.Lang, end func(cell, automata.Lang)) {
	a := s.a
	if paths == automata.None {
		return
	}
	// later is what regexes may still take.
	type part struct {
		cell
		paths automata.Lang
	}
	var later []part
	var ended []automata.Lang
	done := func(c cell, l automata.Lang) {
		ended = append(ended, l)
		end(c, l)
	}
	s.prefixes(b, paths, func(c cell, l automata.Lang) {
		switch {
		case c.how == final || c.how == redirect:
			done(c, l)
		case c.how == nothing:
			later = append(later, part{c, l})
		default:
			s.search(c.at, l, func(inner cell, l automata.Lang) {
				if inner.how != nothing || c.at.loc.Modifier == nginx.PrefixFinal {
					done(inner, l)
				} else {
					later = append(later, part{inner, l})
				}
			})
		}
	})
	// All that is left for regexes is one language for them, however many prefixes have
	// a part of it.
	var left automata.Lang
	if len(b.regexes) > 0 {
		left = a.Difference(paths, a.Union(ended...))
	}
	var taken []automata.Lang
	for _, x := range b.regexes {
		if x.pattern == nil {
			s.widened = append(s.widened, "a pattern that cannot be read")
			continue
		}
		bounds := x.pattern.Language(a)
		s.widened = append(s.widened, bounds.Widened...)
		mine := a.Difference(bounds.Upper, a.Union(taken...))
		taken = append(taken, bounds.Upper)
		s.search(x, a.Intersect(left, mine), func(inner cell, l automata.Lang) { end(cell{inner.at, final}, l) })
	}
	rest := a.Complement(a.Union(taken...))
	for _, l := range later {
		if left := a.Intersect(l.paths, rest); left != automata.None {
			end(l.cell, left)
		}
	}
}

// prefixes follows (*run).prefixOf.
func (s *searcher) prefixes(b *block, paths automata.Lang, end func(cell, automata.Lang)) {
	a := s.a
	exact := map[string]*block{}
	byPath := map[string]*block{}
	for _, x := range b.nested {
		if x.path == "" || x.loc.Broken {
			s.widened = append(s.widened, "a location that is not modelled")
			continue
		}
		if x.loc.Modifier == nginx.Exact {
			if exact[x.path] == nil {
				exact[x.path] = x
			}
		} else if byPath[x.path] == nil {
			byPath[x.path] = x
		}
	}
	single := map[string]automata.Lang{}
	one := func(path string, c cell) {
		if _, done := single[path]; done {
			return
		}
		l := a.Literal(path)
		single[path] = l
		if l = a.Intersect(paths, l); l != automata.None {
			end(c, l)
		}
	}
	for path, x := range exact {
		one(path, cell{x, final})
	}
	// The path without the final slash, where no location has it as its own.
	for path := range union(exact, byPath) {
		short, ok := strings.CutSuffix(path, "/")
		if !ok || short == "" || byPath[short] != nil || exact[short] != nil {
			continue
		}
		e, p := exact[path], byPath[path]
		if e != nil && e.slash || p != nil && p.slash {
			at := e
			if at == nil {
				at = p
			}
			one(short, cell{at, redirect})
		}
	}
	names := make([]string, 0, len(byPath))
	for path := range byPath {
		names = append(names, path)
	}
	sort.Strings(names)
	starts := func(path string) automata.Lang { return a.Concat(a.Literal(path), automata.All) }
	singles := make([]string, 0, len(single))
	for path := range single {
		singles = append(singles, path)
	}
	sort.Strings(singles)
	// below are the nearest longer prefixes, and the single paths that begin so.
	below := func(path string) []automata.Lang {
		var out []automata.Lang
		i := sort.SearchStrings(names, path)
		last := ""
		for _, longer := range names[i:] {
			if !strings.HasPrefix(longer, path) {
				break
			}
			if longer == path || last != "" && strings.HasPrefix(longer, last) {
				continue
			}
			last = longer
			out = append(out, starts(longer))
		}
		for _, p := range singles[sort.SearchStrings(singles, path):] {
			if !strings.HasPrefix(p, path) {
				break
			}
			out = append(out, single[p])
		}
		return out
	}
	for _, path := range names {
		l := a.Difference(starts(path), a.Union(below(path)...))
		end(cell{byPath[path], prefix}, a.Intersect(paths, l))
	}
	end(cell{b, nothing}, a.Difference(paths, a.Union(below("")...)))
}

func union(x, y map[string]*block) map[string]bool {
	out := map[string]bool{}
	for k := range x {
		out[k] = true
	}
	for k := range y {
		out[k] = true
	}
	return out
}
