// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/surface"
)

// reading divides what a component reads by what the surface says of it.
type reading struct {
	cells  []automata.Lang
	says   []verdict
	asWire []automata.Lang
}

// newReading compiles the surface of a component. A parameter stands for any one
// segment: what the edge lets through there is for the upstream to understand.
//
// The cells are kept small: a template is told apart from those only that it has
// paths in common with.
func newReading(a *automata.Algebra, s *surface.Surface, c *surface.Component) *reading {
	r := &reading{}
	give := func(l automata.Lang, v verdict) {
		r.cells, r.says = append(r.cells, l), append(r.says, v)
	}
	var odd, all []automata.Lang
	for _, m := range ambiguities(a) {
		give(a.Difference(m.paths, a.Union(odd...)), verdict{Class: Ambiguous, why: m.why})
		odd = append(odd, m.paths)
	}
	clear := a.Complement(a.Union(odd...))
	// A servlet container reads a path without the parameters of its segments.
	read := func(l automata.Lang) automata.Lang { return a.Intersect(clear, a.Preimage(container{}, l)) }
	var closed []surface.Template
	for _, list := range [][]surface.Closed{c.Closed, s.Closed} {
		for i := range list {
			t := list[i].Template
			give(read(a.Difference(template(a, t), overlapping(a, t, closed))), verdict{Class: Closed, closed: &list[i]})
			closed, all = append(closed, t), append(all, template(a, t))
		}
	}
	for _, p := range parts(a, c.Paths) {
		open := a.Difference(p.lang, overlapping(a, p.paths[0].Template, closed))
		give(read(open), verdict{Class: Allowed, paths: p.paths})
	}
	for i := range c.Paths {
		all = append(all, template(a, c.Paths[i].Template))
	}
	give(read(a.Complement(a.Union(all...))), verdict{Class: Outside})
	return r
}

// overlapping are the paths of those templates that have paths in common with one.
func overlapping(a *automata.Algebra, t surface.Template, others []surface.Template) automata.Lang {
	var list []automata.Lang
	for _, o := range others {
		if overlap(t, o) {
			list = append(list, template(a, o))
		}
	}
	return a.Union(list...)
}

// overlap reports whether two templates may have a path in common.
func overlap(x, y surface.Template) bool {
	if len(x.Segments) > len(y.Segments) {
		x, y = y, x
	}
	if len(x.Segments) < len(y.Segments) && !x.Rest {
		return false
	}
	for i, s := range x.Segments {
		if o := y.Segments[i]; !s.Any && !o.Any && s.Literal != o.Literal {
			return false
		}
	}
	return true
}

// allowedPart is the paths that a set of allowed templates has to itself.
type allowedPart struct {
	lang  automata.Lang
	paths []*surface.Path
}

// parts divides the allowed paths by the templates that hold them.
func parts(a *automata.Algebra, list []surface.Path) (out []allowedPart) {
	var before []surface.Template
	for i := range list {
		path := &list[i]
		l := template(a, path.Template)
		var next []allowedPart
		for _, p := range out {
			if !slices.ContainsFunc(p.paths, func(q *surface.Path) bool { return overlap(q.Template, path.Template) }) {
				next = append(next, p)
				continue
			}
			both := a.Intersect(p.lang, l)
			if empty, err := a.IsNone(both); err != nil || empty {
				next = append(next, p)
				continue
			}
			next = append(next, allowedPart{both, append(slices.Clip(p.paths), path)})
			if apart := a.Difference(p.lang, l); apart != automata.None {
				next = append(next, allowedPart{apart, p.paths})
			}
		}
		alone := a.Difference(l, overlapping(a, path.Template, before))
		before = append(before, path.Template)
		out = append(next, allowedPart{alone, []*surface.Path{path}})
	}
	return out
}

// wire are the cells for paths as they are sent, with one more: a space ends what some
// upstreams read of a path, and a line feed the request.
func (r *reading) wire(a *automata.Algebra) []automata.Lang {
	if r.asWire == nil {
		ending := a.Set(automata.Range(0, 0x20).Or(automata.Bytes(0x7f)))
		cut := a.Concat(a.Star(a.Set(automata.Bytes('?', '#').Not())), ending, automata.All)
		for _, l := range r.cells {
			r.asWire = append(r.asWire, a.Difference(a.Preimage(unescape{}, l), cut))
		}
		r.asWire = append(r.asWire, cut)
		r.says = append(r.says, verdict{Class: Ambiguous, why: "a space or a control character that is sent as it is, where the path may end"})
	}
	return r.asWire
}

// detours are targets, as they are sent, that climb behind a segment which upstreams and
// nginx count in different ways: where one of them sees no segment, the other one has one
// more to climb out of.
func (s *space) detours() automata.Lang {
	a := s.Algebra
	slash := a.Literal("/")
	bare := a.Concat(automata.All, slash, a.Literal(";"), automata.All)
	uncounted := []automata.Lang{bare}
	if !s.merges {
		uncounted = append(uncounted, a.Concat(automata.All, slash, slash, automata.All))
	}
	for _, m := range ambiguities(a) {
		if !m.resolved {
			uncounted = append(uncounted, m.paths)
		}
	}
	climbs := a.Concat(automata.All, a.Literal("/.."), a.Optional(a.Concat(slash, automata.All)))
	return a.Preimage(unescape{}, a.Intersect(climbs, a.Union(uncounted...)))
}

// template compiles a template.
func template(a *automata.Algebra, t surface.Template) automata.Lang {
	slash := a.Literal("/")
	out := automata.Empty
	for _, s := range t.Segments {
		word := a.Literal(s.Literal)
		if s.Any {
			word = a.Repeat(a.Set(automata.Bytes('/').Not()), 1, automata.Unbounded)
		}
		out = a.Concat(out, slash, word)
	}
	switch {
	case t.Rest && len(t.Segments) == 0:
		return a.Concat(slash, automata.All)
	case t.Rest:
		return a.Concat(out, a.Optional(a.Concat(slash, automata.All)))
	}
	return out
}

// ambiguity is a kind of decoded path that some reader takes for another one.
type ambiguity struct {
	why   string
	paths automata.Lang
	// resolved says that nginx takes it out of a path by itself.
	resolved bool
}

func ambiguities(a *automata.Algebra) []ambiguity {
	fold := func(s string) automata.Lang {
		out := automata.Empty
		for i := len(s) - 1; i >= 0; i-- {
			out = a.Concat(a.Set(automata.Bytes(s[i]).Fold()), out)
		}
		return out
	}
	slash, dot := a.Literal("/"), a.Literal(".")
	// The longer forms of ASCII characters.
	tail := func(lo byte) automata.Lang { return a.Set(automata.Range(lo, lo|0x0f)) }
	overlong := a.Union(a.Set(automata.Bytes(0xc0, 0xc1)), a.Concat(a.Literal("\xe0"), a.Union(tail(0x80), tail(0x90))), a.Concat(a.Literal("\xf0"), tail(0x80)))
	backslash := a.Set(automata.Bytes('\\'))
	segment := func(slash, dots, parameter automata.Lang) automata.Lang {
		return a.Concat(automata.All, slash, dots, parameter, a.Optional(a.Concat(slash, automata.All)))
	}
	parameter := a.Concat(a.Literal(";"), a.Star(a.Set(automata.Bytes('/').Not())))
	has := func(l automata.Lang) automata.Lang { return a.Concat(automata.All, l, automata.All) }
	twiceDot := a.Union(dot, fold("%2e"))
	hex := a.Set(automata.Range('0', '9').Or(automata.Range('a', 'f')).Or(automata.Range('A', 'F')))
	dots := a.Concat(dot, a.Optional(dot))
	return []ambiguity{
		{"two dots with path parameters, which servlet containers cut off before they climb", segment(slash, a.Concat(dot, dot), parameter), false},
		{"a dot with path parameters, which servlet containers cut off before they leave the segment out", segment(slash, dot, parameter), false},
		{"dot segments, which the upstream takes out of the path", segment(slash, dots, automata.Empty), true},
		{"a byte that is escaped twice, for who decodes twice", a.Union(
			has(a.Concat(a.Literal("%"), hex, hex)),
			segment(slash, a.Concat(twiceDot, a.Optional(twiceDot)), a.Optional(a.Concat(a.Union(a.Literal(";"), fold("%3b")), a.Star(a.Set(automata.Bytes('/').Not())))))), false},
		{"bytes that are no UTF-8 and that lenient readers take for a dot or a slash", has(overlong), false},
		{"a backslash, which some servers take for a slash", has(backslash), false},
		{"control characters, which break lines and logs", has(a.Set(automata.Range(0, 0x1f).Or(automata.Bytes(0x7f)))), false},
	}
}

// container reads a decoded path as servlet containers do.
type container struct{}

// The states of container.
const (
	plainByte = iota
	afterSlash
	parameters
)

func (container) Name() string { return "servlet container" }

func (container) Step(state int, b byte) (string, int, bool) {
	switch {
	case b == '/' && state == afterSlash:
		return "", afterSlash, true
	case b == '/':
		return "/", afterSlash, true
	case state == parameters || b == ';':
		return "", parameters, true
	}
	return string([]byte{b}), plainByte, true
}

func (container) Finish(int) (string, bool) { return "", true }

// unescape decodes a path as it is sent, up to its arguments or a fragment.
type unescape struct{}

// The states of unescape: reading bytes, behind a percent sign, and from digits on
// behind the first digit.
const (
	inPath = iota
	behindPercent
	inArguments
	digits
)

func (unescape) Name() string { return "unescape" }

func (unescape) Step(state int, b byte) (string, int, bool) {
	switch {
	case state == inArguments:
		return "", inArguments, true
	case state == inPath && (b == '?' || b == '#'):
		return "", inArguments, true
	case state == inPath && b == '%':
		return "", behindPercent, true
	case state == inPath:
		return string([]byte{b}), inPath, true
	}
	d := strings.IndexByte("0123456789abcdef", b|0x20)
	if b >= '0' && b <= '9' {
		d = int(b - '0')
	}
	switch {
	case d < 0 && state == behindPercent: // no escape after all
		return "%" + string([]byte{b}), inPath, true
	case d < 0:
		return "%" + string("0123456789abcdef"[state-digits]) + string([]byte{b}), inPath, true
	case state == behindPercent:
		return "", digits + d, true
	}
	return string([]byte{byte((state-digits)<<4 | d)}), inPath, true
}

func (unescape) Finish(state int) (string, bool) {
	switch {
	case state == behindPercent:
		return "%", true
	case state >= digits:
		return "%" + string("0123456789abcdef"[state-digits]), true
	}
	return "", true
}
