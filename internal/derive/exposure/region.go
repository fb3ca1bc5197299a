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
	// same holds fields that are made of another one, differ those that are not what is
	// made of it.
	same   map[request.Field]image
	differ []difference
}

// image is a field, or what is made of it: by is nil for what it is.
type image struct {
	of request.Field
	by automata.Transducer
}

type difference struct {
	field request.Field
	image
}

// anybody is the address 203.0.113.9, and anybodyV6 is 2001:db8::9: both are for
// documentation. What begins with mappedV4 is an IPv4 address in another form.
const (
	anybody   = "\xcb\x00\x71\x09"
	anybodyV6 = "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x09"
	mappedV4  = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff"
)

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
	// likely are words for fields that are not empty.
	likely map[request.Field]string
	words  map[automata.Lang]found
	// begins are answers of forced.
	begins map[automata.Lang]string
	// merges says that nginx joins slashes.
	merges bool
	// spaced says that headers may come with spaces around their values, as in HTTP/2.
	spaced   bool
	searcher *searcher
}

type found struct {
	word string
	ok   bool
}

func newSpace(a *automata.Algebra, merges bool) *space {
	s := &space{Algebra: a, searcher: newSearcher(a, merges), base: map[request.Field]automata.Lang{}, prefer: map[request.Field][]string{}, likely: map[request.Field]string{request.HeaderField("upgrade"): "websocket"}, words: map[automata.Lang]found{}, begins: map[automata.Lang]string{}, merges: merges}
	set := func(text string) automata.Set { return automata.Bytes([]byte(text)...) }
	visible := automata.Range(0x21, 0xff).And(set("\x7f").Not())
	slash := a.Literal("/")
	s.base[request.Path] = s.normalized()
	s.base[request.Arguments] = a.Star(a.Set(visible.And(set("#").Not())))
	s.base[request.Target] = a.Concat(slash, a.Star(a.Set(visible)))
	s.base[request.Method] = a.Difference(
		a.Repeat(a.Set(automata.Range('A', 'Z').Or(set("_-"))), 1, automata.Unbounded),
		a.Union(a.Literal("CONNECT"), a.Literal("TRACE")))
	for f, l := range s.hosts(usualHost) {
		s.base[f] = l
	}
	s.base[request.HostHeader] = s.hostHeader()
	s.lines(a.Star(a.Set(visible)))
	s.base[request.SNI] = s.handshakes(usualHost)
	v6 := a.Difference(a.Repeat(a.Any(), 16, 16), a.Concat(a.Literal(mappedV4), automata.All))
	s.base[request.Client] = a.Union(a.Repeat(a.Any(), 4, 4), v6)
	s.prefer[request.Path] = []string{"/"}
	s.prefer[request.Host] = []string{"unknown.example"}
	s.prefer[request.HostHeader] = []string{"unknown.example"}
	s.prefer[request.SNI] = []string{"unknown.example"}
	s.prefer[request.Method] = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND"}
	s.prefer[request.Client] = []string{anybody, anybodyV6}
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
	word, _ := s.Begin(l)
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
	indented := a.Concat(a.Literal(" "), automata.All)
	l := text
	if !s.spaced {
		l = s.trimmed(text)
	}
	if _, cookie := f.Name("cookie"); cookie {
		l = a.Difference(text, a.Union(indented, a.Concat(automata.All, a.Literal(";"), automata.All)))
	}
	switch {
	case strings.HasPrefix(string(f), "choice "):
		l = automata.All
	case strings.HasPrefix(string(f), string(request.AnswerPath)):
		l = s.base[request.Path]
	case strings.HasPrefix(string(f), "answer "):
		l = s.base[request.Arguments]
	}
	s.base[f] = l
	return l
}

// trimmed are the texts of a language without spaces around.
func (s *space) trimmed(l automata.Lang) automata.Lang {
	a := s.Algebra
	return a.Difference(l, a.Union(a.Concat(a.Literal(" "), automata.All), a.Concat(automata.All, a.Literal(" "))))
}

// restrict returns the region with a field limited further.
func (s *space) restrict(g region, c constraint) region {
	out := g.clone()
	c = s.redirect(g, c)
	if out.fields == nil {
		out.fields = map[request.Field]automata.Lang{}
	}
	out.fields[c.field] = s.Intersect(s.of(g, c.field), c.lang)
	return out
}

// redirect turns a limit of a field into one of the field that it is made of.
func (s *space) redirect(g region, c constraint) constraint {
	if from, ok := g.same[c.field]; ok {
		return constraint{from.of, s.before(from.by, c.lang)}
	}
	return c
}

// before are the texts of which one of a language is made.
func (s *space) before(by automata.Transducer, l automata.Lang) automata.Lang {
	if by == nil {
		return l
	}
	return s.Preimage(by, l)
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
	if w, ok := s.likely[f]; ok {
		is, err := s.Contains(l, []byte(w))
		if err != nil {
			return "", false, err
		}
		if empty, err := s.Contains(l, nil); err != nil || is && !empty {
			return w, true, err
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
	if from, ok := g.same[changed]; ok {
		changed = from.of
	}
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
		l := s.of(g, changed)
		if _, header := changed.Name("header"); header && s.spaced {
			l = s.trimmed(l)
		}
		word, ok, err := s.member(changed, l)
		if err != nil || !ok {
			return nil, false, err
		}
		out[changed] = word
	}
	for f, from := range g.same {
		out[f] = s.image(out, from)
	}
	for _, d := range g.differ {
		if ok, err := s.part(g, out, d); err != nil || !ok {
			return nil, false, err
		}
	}
	return out, true, nil
}

func isTarget(f request.Field) bool {
	return f == request.Target || f == request.Path || f == request.Arguments
}

// part makes a field of a sample differ from an image.
func (s *space) part(g region, x sample, d difference) (ok bool, err error) {
	theirs := s.image(x, d.image)
	if s.value(x, d.field) != theirs {
		return true, nil
	}
	for _, c := range []constraint{{d.field, s.Literal(theirs)}, {d.of, s.before(d.by, s.Literal(theirs))}} {
		word, ok, err := s.member(c.field, s.Difference(s.of(g, c.field), c.lang))
		if err != nil {
			return false, err
		}
		if ok {
			x[c.field] = word
			return true, nil
		}
	}
	return false, nil
}

// image is what is made of a field of a sample.
func (s *space) image(x sample, from image) string {
	value := s.value(x, from.of)
	if from.by == nil {
		return value
	}
	var out strings.Builder
	state := 0
	for i := range len(value) {
		text, next, ok := from.by.Step(state, value[i])
		if !ok {
			return ""
		}
		out.WriteString(text)
		state = next
	}
	text, _ := from.by.Finish(state)
	return out.String() + text
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

// equal returns the region in which a field is made of another one.
func (s *space) equal(g region, f request.Field, from image) region {
	out := s.restrict(g, constraint{from.of, s.before(from.by, s.of(g, f))})
	out.same = maps.Clone(out.same)
	if out.same == nil {
		out.same = map[request.Field]image{}
	}
	out.same[f] = from
	return out
}
