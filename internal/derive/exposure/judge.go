// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/surface"
)

// Class is what the surface says of a request that an upstream gets.
type Class string

// The classes.
const (
	// Allowed is in the surface.
	Allowed Class = "allowed"
	// Closed is named by the surface as closed.
	Closed Class = "closed"
	// Outside is in no template.
	Outside Class = "outside"
	// Ambiguous has a path that upstreams read in more than one way, so that what they
	// serve may lie elsewhere.
	Ambiguous Class = "ambiguous"
	// MethodOpen is a path of the surface with a method that it does not list.
	MethodOpen Class = "method"
	// Unassigned goes to an upstream for which the surface has no component.
	Unassigned Class = "unassigned"
	// Chosen goes to an upstream that the client names.
	Chosen Class = "chosen"
)

// Values lists the members of the enumeration.
func (Class) Values() []string {
	return []string{string(Allowed), string(Closed), string(Outside), string(Ambiguous), string(MethodOpen), string(Unassigned), string(Chosen)}
}

// verdict is what is said of one forwarded request, and of all in its region.
type verdict struct {
	Class
	component *surface.Component
	// paths are the allowed templates that hold the path, closed the closed one.
	paths  []*surface.Path
	closed *surface.Closed
	// escaped says that the file of an answer lies outside of its folder.
	escaped bool
	// why says what is ambiguous.
	why string
	// credentials says that the client is to be authenticated, unnamed that the Host is
	// none of the names of the gate.
	credentials, unnamed bool
}

// reading divides what a component reads by what the surface says of it.
type reading struct {
	cells  []automata.Lang
	says   []verdict
	asWire []automata.Lang
}

// surfaceJudge asks what the surface says.
type surfaceJudge struct {
	surface *surface.Surface
	// component finds the component behind an upstream, nil for none.
	component func(request.Outcome) *surface.Component
	names     []string
	readings  map[*surface.Component]*reading
}

// judge is the judge of a proof.
func (j *surfaceJudge) judge(ends []end, t *translator) ([]request.Decision, any, error) {
	out, trace := ends[0].Outcome, ends[0].Trace
	if out.Kind == request.Answered && !trace.File.Constant() {
		more, v := escapes(t, trace.File)
		return more, v, nil
	}
	if out.Kind != request.Forwarded {
		return nil, nil, nil
	}
	more, v, err := j.path(out, trace, t)
	if err != nil {
		return nil, nil, err
	}
	if v.Class != Allowed {
		return more, v, nil
	}
	named := slices.Contains(j.names, trace.Host.S)
	v.unnamed = !named
	if !trace.Host.Constant() {
		d := request.Decision{Of: trace.Host, Question: exactly("names", []automata.Lang{t.Union(literals(t, j.names)...), t.Complement(t.Union(literals(t, j.names)...))})}
		if !named {
			d.Answer = 1
		}
		more = append(more, d)
	}
	return more, v, nil
}

// escapes asks whether the name of a file leaves a folder that it entered.
func escapes(t *translator, file request.Text) ([]request.Decision, *verdict) {
	up := t.Concat(automata.All, t.Literal("/.."), t.Optional(t.Concat(t.Literal("/"), automata.All)))
	d := request.Decision{Of: file, Question: exactly("climbs", []automata.Lang{up, t.Complement(up)})}
	if !strings.Contains(file.S+"/", "/../") {
		d.Answer = 1
	}
	return []request.Decision{d}, &verdict{escaped: d.Answer == 0}
}

func literals(t *translator, words []string) []automata.Lang {
	out := make([]automata.Lang, len(words))
	for i, w := range words {
		out[i] = t.Literal(w)
	}
	return out
}

// path asks about the path, and the method where it matters.
func (j *surfaceJudge) path(out request.Outcome, trace *request.Trace, t *translator) ([]request.Decision, *verdict, error) {
	if !trace.Authority.Constant() {
		return nil, &verdict{Class: Chosen}, nil
	}
	c := j.component(out)
	if c == nil {
		return nil, &verdict{Class: Unassigned}, nil
	}
	r := j.readings[c]
	if r == nil {
		r = newReading(t.Algebra, j.surface, c)
		j.readings[c] = r
	}
	cells, key := r.cells, "reading "
	if !trace.Decoded {
		cells, key = r.wire(t.Algebra), "wire "
	}
	read := trace.Reading
	if !trace.Decoded {
		read = read.Until("?")
	}
	answer := -1
	for i, l := range cells {
		is, err := t.Contains(l, []byte(read.S))
		if err != nil {
			return nil, nil, err
		}
		if is {
			answer = i
			break
		}
	}
	if answer < 0 {
		return nil, &verdict{Class: Ambiguous, component: c}, nil
	}
	var more []request.Decision
	if !read.Constant() {
		more = append(more, request.Decision{Of: read, Answer: answer, Question: exactly(key+c.Name, cells)})
	}
	says := r.says[answer]
	says.component = c
	if says.Class != Allowed {
		return more, &says, nil
	}
	asked, verdicts := methods(t.Algebra, says)
	for i, l := range asked {
		is, err := t.Contains(l, []byte(trace.Method.S))
		if err != nil {
			return nil, nil, err
		}
		if !is {
			continue
		}
		if !trace.Method.Constant() {
			more = append(more, request.Decision{Of: trace.Method, Answer: i, Question: exactly("method "+methodKey(says), asked)})
		}
		return more, &verdicts[i], nil
	}
	return more, &says, nil
}

func exactly(key string, cells []automata.Lang) request.Question {
	return request.Question{Key: key, Answers: func(*automata.Algebra) []automata.Bounds {
		out := make([]automata.Bounds, len(cells))
		for i, l := range cells {
			out[i] = automata.Bounds{Lower: l, Upper: l}
		}
		return out
	}}
}

func methodKey(v verdict) string {
	var b strings.Builder
	for _, p := range v.paths {
		b.WriteString(string(p.Auth) + " " + strings.Join(p.Methods, ",") + ";")
	}
	return b.String()
}

// methods divides methods by what an allowed path says of them.
func methods(a *automata.Algebra, v verdict) ([]automata.Lang, []verdict) {
	var open, guarded []automata.Lang
	seen := map[string]bool{}
	for _, p := range v.paths {
		for _, m := range p.Methods {
			if seen[m] {
				continue
			}
			seen[m] = true
			if p.WantsCredentials(m) {
				guarded = append(guarded, a.Literal(m))
			} else {
				open = append(open, a.Literal(m))
			}
		}
	}
	langs := []automata.Lang{a.Union(guarded...), a.Union(open...)}
	langs = append(langs, a.Complement(a.Union(langs...)))
	want, other := v, v
	want.credentials = true
	other.Class = MethodOpen
	return langs, []verdict{want, v, other}
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

// wire are the cells for paths as they are sent.
func (r *reading) wire(a *automata.Algebra) []automata.Lang {
	if r.asWire == nil {
		for _, l := range r.cells {
			r.asWire = append(r.asWire, a.Preimage(unescape{}, l))
		}
	}
	return r.asWire
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
	backslash := a.Set(automata.Bytes('\\'))
	segment := func(slash, dots, parameter automata.Lang) automata.Lang {
		return a.Concat(automata.All, slash, dots, parameter, a.Optional(a.Concat(slash, automata.All)))
	}
	parameter := a.Concat(a.Literal(";"), a.Star(a.Set(automata.Bytes('/').Not())))
	has := func(l automata.Lang) automata.Lang { return a.Concat(automata.All, l, automata.All) }
	twiceDot := a.Union(dot, fold("%2e"))
	dots := a.Concat(dot, a.Optional(dot))
	return []ambiguity{
		{"two dots with path parameters, which servlet containers cut off before they climb", segment(slash, a.Concat(dot, dot), parameter)},
		{"a dot with path parameters, which servlet containers cut off before they leave the segment out", segment(slash, dot, parameter)},
		{"dot segments, which the upstream takes out of the path", segment(slash, dots, automata.Empty)},
		{"a slash, a dot or a semicolon that is escaped twice, for who decodes twice", a.Union(
			has(a.Union(fold("%2f"), fold("%5c"), fold("%00"), fold("%0a"), fold("%0d"))),
			segment(slash, a.Concat(twiceDot, a.Optional(twiceDot)), a.Optional(a.Concat(a.Union(a.Literal(";"), fold("%3b")), a.Star(a.Set(automata.Bytes('/').Not()))))))},
		{"a backslash, which some servers take for a slash", has(backslash)},
		{"control characters, which break lines and logs", has(a.Set(automata.Range(0, 0x1f).Or(automata.Bytes(0x7f))))},
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

// unescape decodes a path as it is sent, up to its arguments.
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
	case state == inPath && b == '?':
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
