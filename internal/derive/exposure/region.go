// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"maps"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// region is a set of requests: each field is in its language, whatever the others
// are.
type region struct {
	fields map[request.Field]automata.Lang
	// same maps a field to the one that it is equal to, differ holds pairs that are
	// not equal.
	same   map[request.Field]request.Field
	differ [][2]request.Field
}

// anybody is the address 203.0.113.9, which is for documentation.
const anybody = "\xcb\x00\x71\x09"

// sample is a member of a region.
type sample map[request.Field]string

func (g region) clone() region {
	return region{maps.Clone(g.fields), maps.Clone(g.same), slices.Clip(g.differ)}
}

// space is the requests of one kind that are looked at, and what is known of their
// fields before anything is asked.
type space struct {
	*automata.Algebra
	base map[request.Field]automata.Lang
	// prefer are words that a reader understands at once, the best first.
	prefer map[request.Field][]string
	words  map[automata.Lang]found
	// begins are answers of forced.
	begins map[automata.Lang]string
	// merges says that nginx joins slashes.
	merges   bool
	searcher *searcher
}

type found struct {
	word string
	ok   bool
}

func newSpace(a *automata.Algebra, merges bool) *space {
	s := &space{Algebra: a, searcher: newSearcher(a, merges), base: map[request.Field]automata.Lang{}, prefer: map[request.Field][]string{}, words: map[automata.Lang]found{}, begins: map[automata.Lang]string{}, merges: merges}
	set := func(text string) automata.Set { return automata.Bytes([]byte(text)...) }
	visible := automata.Range(0x21, 0xff).And(set("\x7f").Not())
	slash, dot := a.Literal("/"), a.Literal(".")
	s.base[request.Path] = s.normalized()
	s.base[request.Arguments] = a.Star(a.Set(visible.And(set("#").Not())))
	s.base[request.Target] = a.Concat(slash, a.Star(a.Set(visible)))
	s.base[request.Method] = a.Difference(
		a.Repeat(a.Set(automata.Range('A', 'Z').Or(set("_-"))), 1, automata.Unbounded),
		a.Union(a.Literal("CONNECT"), a.Literal("TRACE")))
	name := a.Repeat(a.Set(visible.And(set("/:[]").Not())), 1, automata.Unbounded)
	twice := a.Concat(automata.All, dot, dot, automata.All)
	s.base[request.Host] = a.Difference(name, a.Union(twice, a.Concat(automata.All, dot)))
	s.base[request.HostHeader] = a.Concat(s.base[request.Host], a.Optional(dot), a.Optional(a.Concat(a.Literal(":"), a.Star(a.Set(automata.Range('0', '9'))))))
	s.base[request.HostTail] = a.Concat(a.Optional(dot), a.Optional(a.Concat(a.Literal(":"), a.Star(a.Set(automata.Range('0', '9'))))))
	letters := automata.Range('a', 'z').Or(automata.Range('0', '9')).Or(set(".-_"))
	s.base[request.SNI] = a.Difference(a.Star(a.Set(letters)), a.Union(twice, a.Concat(automata.All, dot), a.Concat(dot, automata.All)))
	s.base[request.Client] = a.Repeat(a.Any(), 4, 4)
	s.prefer[request.Path] = []string{"/"}
	s.prefer[request.Host] = []string{"unknown.example"}
	s.prefer[request.HostHeader] = []string{"unknown.example"}
	s.prefer[request.SNI] = []string{"unknown.example"}
	s.prefer[request.Method] = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND"}
	s.prefer[request.Client] = []string{anybody}
	return s
}

// normalized are the paths that nginx makes of targets: no dot segments, no null
// byte, and where it joins slashes no two in a row.
func (s *space) normalized() automata.Lang {
	a := s.Algebra
	slash, dot := a.Literal("/"), a.Literal(".")
	any := automata.Bytes('/', 0).Not()
	rest := a.Star(a.Set(any))
	undotted := a.Concat(a.Set(any.And(automata.Bytes('.').Not())), rest)
	segment := a.Union(undotted, a.Concat(dot, undotted), a.Concat(dot, dot, a.Repeat(a.Set(any), 1, automata.Unbounded)))
	if !s.merges {
		segment = a.Optional(segment)
	}
	return a.Concat(slash, a.Star(a.Concat(segment, slash)), a.Optional(segment))
}

// forced is what every member of a language begins with.
func (s *space) forced(l automata.Lang) string {
	if known, ok := s.begins[l]; ok {
		return known
	}
	var word []byte
	for at := l; ; {
		c, to, only := s.Only(at)
		if !only {
			break
		}
		word, at = append(word, c), to
	}
	s.begins[l] = string(word)
	return string(word)
}

// of is the language of a field in a region.
func (s *space) of(g region, f request.Field) automata.Lang {
	if l, ok := g.fields[f]; ok {
		return l
	}
	if l, ok := s.base[f]; ok {
		return l
	}
	a := s.Algebra
	text := a.Star(a.Set(automata.Bytes(0, '\r', '\n').Not()))
	padded := a.Union(a.Concat(a.Literal(" "), automata.All), a.Concat(automata.All, a.Literal(" ")))
	l := a.Difference(text, padded)
	if _, cookie := f.Name("cookie"); cookie {
		l = a.Difference(l, a.Concat(automata.All, a.Literal(";"), automata.All))
	}
	switch {
	case strings.HasPrefix(string(f), "choice "):
		l = automata.All
	case strings.HasPrefix(string(f), "answer "):
		l = s.base[request.Path]
	}
	s.base[f] = l
	return l
}

// restrict returns the region with a field limited further.
func (s *space) restrict(g region, c constraint) region {
	out := g.clone()
	f := s.field(g, c.field)
	if out.fields == nil {
		out.fields = map[request.Field]automata.Lang{}
	}
	out.fields[f] = s.Intersect(s.of(g, f), c.lang)
	return out
}

// field is the one that stands for a field in a region.
func (s *space) field(g region, f request.Field) request.Field {
	if to, ok := g.same[f]; ok {
		return to
	}
	return f
}

// member returns the word of a language that reads best, and false for none.
func (s *space) member(f request.Field, l automata.Lang) (string, bool, error) {
	for _, w := range s.prefer[f] {
		is, err := s.Contains(l, []byte(w))
		if err != nil {
			return "", false, err
		}
		if is {
			return w, true, nil
		}
	}
	if w, known := s.words[l]; known {
		return w.word, w.ok, nil
	}
	word, ok, err := s.Shortest(l)
	if err != nil {
		return "", false, err
	}
	s.words[l] = found{string(word), ok}
	return string(word), ok, nil
}

// solve changes a sample, which is a member of g but for one field, so that it is
// one; ok is false when g has no member.
func (s *space) solve(g region, old sample, changed request.Field) (out sample, ok bool, err error) {
	changed = s.field(g, changed)
	out = maps.Clone(old)
	if _, limited := g.fields[request.Target]; limited && isTarget(changed) {
		if empty, err := s.IsNone(s.of(g, request.Path)); err != nil || empty {
			return nil, false, err
		}
		raw, path, args, ok, err := s.target(g)
		if err != nil || !ok {
			return nil, false, err
		}
		out[request.Target], out[request.Path], out[request.Arguments] = raw, path, args
	} else {
		word, ok, err := s.member(changed, s.of(g, changed))
		if err != nil || !ok {
			return nil, false, err
		}
		out[changed] = word
	}
	for f, to := range g.same {
		out[f] = s.value(out, to)
	}
	for _, pair := range g.differ {
		if ok, err := s.part(g, out, pair); err != nil || !ok {
			return nil, false, err
		}
	}
	return out, true, nil
}

func isTarget(f request.Field) bool {
	return f == request.Target || f == request.Path || f == request.Arguments
}

// part makes two fields of a sample different.
func (s *space) part(g region, x sample, pair [2]request.Field) (ok bool, err error) {
	if s.value(x, pair[0]) != s.value(x, pair[1]) {
		return true, nil
	}
	for _, f := range pair {
		word, ok, err := s.member(f, s.Difference(s.of(g, f), s.Literal(s.value(x, f))))
		if err != nil {
			return false, err
		}
		if ok {
			x[f] = word
			return true, nil
		}
	}
	return false, nil
}

// value is that of a field which may not have been asked for yet.
func (s *space) value(x sample, f request.Field) string {
	if v, ok := x[f]; ok {
		return v
	}
	if words := s.prefer[f]; len(words) > 0 {
		return words[0]
	}
	return ""
}

// equal returns the region in which two fields are the same.
func (s *space) equal(g region, x, y request.Field) region {
	out := s.restrict(g, constraint{y, s.of(g, x)})
	out.same = maps.Clone(out.same)
	if out.same == nil {
		out.same = map[request.Field]request.Field{}
	}
	out.same[x] = y
	return out
}
