// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// leaf is a set of requests all of which end in the same way, and one of them.
type leaf struct {
	region
	sample
	request.Request
	// ends are what becomes of it, in each of the models.
	ends []end
	// verdict is what the judge says of a forwarded request.
	verdict any
	// undecided are the reasons why requests of the region may end in other ways.
	undecided []request.Widening
}

// end is what one model says of a request.
type end struct {
	request.Outcome
	*request.Trace
}

// judge asks further questions about a request whose way is known.
type judge func([]end, *translator) (more []request.Decision, verdict any, err error)

// explorer finds all ways that requests can take. It follows one request, and where
// its way depended on the request it does the same for requests that take another
// turn there, until none is left.
type explorer struct {
	*space
	translate translator
	// models follow each request side by side.
	models []*request.Model
	// origin is the request whose fields are replaced by those of samples.
	origin origin
	judge  judge
	use    func(leaf)
	// left is how many requests may still be followed.
	left    int
	answers map[string][]automata.Bounds
	// undecided collects what could not be explored.
	undecided []request.Widening
}

func newExplorer(s *space, models []*request.Model, judge judge, ways int) *explorer {
	return &explorer{space: s, translate: translator{s.Algebra}, models: models, judge: judge, left: ways, answers: map[string][]automata.Bounds{}}
}

// decides reports whether where requests go may depend on one of the variables.
func (e *explorer) decides(variables ...string) bool {
	return slices.ContainsFunc(e.models, func(m *request.Model) bool { return m.Decides(variables...) })
}

// task is a part of the requests that no followed request was in yet.
type task struct {
	region
	sample
	// decided is the number of decisions that need no second look.
	decided int
}

// errTooMany is the reason for which an exploration ends early.
var errTooMany = errors.New("there are more ways through the configuration than are followed")

// start is all requests of the kind that is looked at, and one of them.
func (e *explorer) start() (region, sample) {
	a := e.Algebra
	g, x := region{fields: map[request.Field]automata.Lang{}}, sample{}
	if !e.origin.v6 {
		g = e.restrict(g, constraint{request.Client, a.Repeat(a.Any(), 4, 4)})
	}
	if e.origin.Version == "0.9" {
		g = e.restrict(g, constraint{request.Method, a.Literal("GET")})
	}
	special := e.protocols(e.origin)
	if e.origin.shape != usualHost {
		maps.Copy(special, e.hosts(e.origin.shape))
	}
	if e.origin.handshake != usualHost {
		special[request.SNI] = e.handshakes(e.origin.handshake)
	}
	// These are no part of the usual ones.
	g.fields = maps.Clone(g.fields)
	maps.Copy(g.fields, special)
	if e.origin.line {
		// Fewer bytes may stand in the host of a request line than in a header.
		name, tail := e.lineHosts(e.origin.shape)
		g = e.restrict(g, constraint{request.Host, name})
		g = e.restrict(g, constraint{request.HostTail, tail})
	}
	for f := range special {
		x[f], _, _ = e.member(f, g.fields[f])
	}
	return g, x
}

func (e *explorer) run(start region, first sample) error {
	todo := []task{{start, first, 0}}
	for len(todo) > 0 {
		if e.left--; e.left < 0 {
			return errTooMany
		}
		t := todo[len(todo)-1]
		more, err := e.follow(t)
		if err != nil {
			return err
		}
		todo = append(todo[:len(todo)-1], more...)
		// What is beyond the budget looks empty, and would be left out in silence.
		if err := e.Err(); err != nil {
			return err
		}
	}
	return nil
}

// follow sends the sample of a task through the model and returns the parts of its
// region that go another way.
func (e *explorer) follow(t task) (more []task, err error) {
	q, choices := e.build(t.sample)
	l := leaf{sample: t.sample, Request: q}
	var decisions []request.Decision
	for _, m := range e.models {
		out, trace := m.Trace(q, choices)
		l.ends = append(l.ends, end{out, trace})
		l.undecided = append(l.undecided, trace.Widened...)
		decisions = append(decisions, trace.Decisions...)
	}
	asked, verdict, err := e.judge(l.ends, &e.translate)
	if err != nil {
		return nil, err
	}
	l.verdict = verdict
	decisions = append(decisions, asked...)
	g, seen := t.region, realized{}
	for i, d := range decisions {
		if why := seen.unlike(d, e, t); why != "" {
			l.undecided = append(l.undecided, request.Widening{At: d.At, Why: why})
			break
		}
		next, others, why, err := e.decide(g, d, t.sample, i < t.decided, i)
		if err != nil {
			return nil, err
		}
		more = append(more, others...)
		for _, w := range why {
			l.undecided = append(l.undecided, request.Widening{At: d.At, Why: w})
		}
		g = next
	}
	l.region = g
	e.use(l)
	return more, nil
}

// decide returns the part of a region that goes the way of the sample at a decision,
// and unless that was done before, tasks for the others.
func (e *explorer) decide(g region, d request.Decision, x sample, done bool, i int) (next region, others []task, why []string, err error) {
	if d.Question.Answers == nil {
		return e.relate(g, d, x, done, i)
	}
	if from, _ := imaged(d.Of); from.of == request.Client && strings.HasPrefix(e.origin.Address, "unix:") {
		return g, nil, []string{"a client on a UNIX socket has no address, which is asked for"}, nil
	}
	bounds, known := e.answers[d.Question.Key]
	if !known {
		bounds = d.Question.Answers(e.Algebra)
		e.answers[d.Question.Key] = bounds
	}
	list, why := e.translate.within(d.Of, bounds[d.Answer])
	if !done && len(why) == 0 {
		if ways, ok := e.ways(d.Of, bounds, d.Answer); ok {
			for _, c := range ways {
				if at := e.redirect(g, c); e.After(at.lang, e.forced(e.of(g, at.field))) == automata.None {
					continue // most answers are ruled out by how the field begins
				}
				if err := e.add(&others, e.restrict(g, c), x, c.field, i+1); err != nil {
					return g, nil, nil, err
				}
			}
			done = true
		}
	}
	for _, c := range list {
		if !done {
			rest := constraint{c.field, e.Complement(c.lang)}
			if c.lang != automata.All {
				if err := e.add(&others, e.restrict(g, rest), x, c.field, i); err != nil {
					return g, nil, nil, err
				}
			}
		}
		g = e.restrict(g, c)
	}
	return g, others, why, nil
}

// ways are the limits of the one field that a decision is about, for each other
// answer; ok is false where it is about several, or where bounds are not exact.
func (e *explorer) ways(x request.Text, bounds []automata.Bounds, answer int) (list []constraint, ok bool) {
	for j, b := range bounds {
		if !b.Exact() {
			return nil, false
		}
		c, exact, ok := e.translate.sole(x, b.Upper)
		if !ok || !exact {
			return nil, false
		}
		choice := strings.HasPrefix(string(c.field), "choice ")
		if j == answer || b.Upper == automata.None || choice && j == len(bounds)-1 {
			continue
		}
		list = append(list, c)
	}
	return list, true
}

func (e *explorer) add(tasks *[]task, g region, x sample, changed request.Field, decided int) error {
	if e.of(g, changed) == automata.None {
		return nil
	}
	y, ok, err := e.solve(g, x, changed)
	if err != nil {
		if !isTarget(changed) || !errors.Is(err, automata.ErrBudget) {
			return err
		}
		e.undecided = append(e.undecided, request.Widening{Why: "no target was found that is sent in one way and read in another, and not all were tried"})
		return nil
	}
	switch _, header := changed.Name("header"); {
	case ok:
		*tasks = append(*tasks, task{g, y, decided})
	case header && e.spaced:
		if none, err := e.IsNone(e.of(g, changed)); err != nil || none {
			return err
		}
		e.undecided = append(e.undecided, request.Widening{Why: "requests of HTTP/2 may have spaces around the value of a " + string(changed) + ", which is looked at and is not followed"})
	}
	return nil
}

// relate is decide for two texts that are compared.
func (e *explorer) relate(g region, d request.Decision, x sample, done bool, i int) (next region, others []task, why []string, err error) {
	f, from, ok := relation(d.Of, d.Other)
	switch {
	case ok && f == from.of && from.by == nil:
		return g, nil, nil, nil // one value under two names
	case !ok || f == from.of:
		return g, nil, []string{"two values of the request are compared"}, nil
	case from.by == nil && (f == request.Target && from.of == request.Path || f == request.Path && from.of == request.Target):
		target := d.Of
		if f != request.Target {
			target = d.Other
		}
		return e.decide(g, request.Decision{At: d.At, Of: target, Question: e.plain(), Answer: d.Answer}, x, done, i)
	case isTarget(f) && isTarget(from.of):
		return g, nil, []string{"two parts of the target are compared"}, nil
	case f == request.SNI && d.Of.Pieces[0].From.By != nil && d.Other.Pieces[0].From.By != nil:
		// Names in small letters stand for the others, as long as nobody sees those.
		a := e.Algebra
		g = e.restrict(g, constraint{f, a.Star(a.Set(automata.Range('A', 'Z').Not()))})
		if e.decides("ssl_server_name") {
			why = append(why, "the name of the handshake is compared in small letters here and as it is sent elsewhere")
		}
	}
	if answer, ok := g.relates(f, from); ok {
		switch {
		case answer < 0:
			why = append(why, "more than two values of the request are compared")
		case answer != d.Answer:
			why = append(why, "no request was found in which two values are as alike as was meant")
		}
		return g, nil, why, nil
	}
	same := e.equal(g, f, from)
	apart := g.clone()
	apart.differ = append(apart.differ, difference{f, from})
	mine, other := same, apart
	if d.Answer != 0 {
		mine, other = apart, same
	}
	if !done {
		if err := e.add(&others, other, x, from.of, i+1); err != nil {
			return g, nil, nil, err
		}
	}
	return mine, others, why, nil
}

// relates reports whether one of the fields of a relation is in one already. The answer
// is what is known of this very relation, 0 for alike and 1 for not, and -1 where the one
// that is known is another.
func (g region) relates(f request.Field, from image) (answer int, ok bool) {
	look := func(field request.Field, to image, is int) {
		switch {
		case field == f && to == from:
			answer, ok = is, true
		case !ok && (field == f || field == from.of || to.of == f || to.of == from.of):
			answer, ok = -1, true
		}
	}
	for field, to := range g.same {
		look(field, to, 0)
	}
	for _, d := range g.differ {
		look(d.field, d.image, 1)
	}
	return answer, ok
}

// plain asks whether a target is written as the path that nginx makes of it.
func (s *space) plain() request.Question {
	a := s.Algebra
	l := a.Intersect(s.normalized(), a.Star(a.Set(automata.Bytes('%', '?', '#').Not())))
	return exactly("plain target", []automata.Lang{l, a.Complement(l)})
}

// relation says of two texts which is a field as it is, and of what the other is made.
func relation(x, y request.Text) (f request.Field, from image, ok bool) {
	a, ok1 := imaged(x)
	b, ok2 := imaged(y)
	switch {
	case !ok1 || !ok2:
		return "", image{}, false
	case a.by == nil:
		return a.of, b, true
	case b.by == nil:
		return b.of, a, true
	case a.by == b.by && a.of == request.SNI:
		return a.of, b, true
	case a.by == b.by && b.of == request.SNI:
		return b.of, a, true
	}
	return "", image{}, false
}

// imaged says of what a text is made, if that is one field.
func imaged(x request.Text) (image, bool) {
	if len(x.Pieces) != 1 || x.Pieces[0].From == nil {
		return image{}, false
	}
	o := x.Pieces[0].From
	if o.Field != "" {
		return image{of: o.Field}, true
	}
	if o.By == nil || o.Of == nil {
		return image{}, false
	}
	inner, ok := imaged(*o.Of)
	if !ok || inner.by != nil {
		return image{}, false
	}
	return image{inner.of, o.By}, true
}

// build makes a request of a sample.
func (e *explorer) build(x sample) (request.Request, map[request.Field]string) {
	q := e.origin.Request
	choices := map[request.Field]string{}
	q.Method = e.value(x, request.Method)
	q.Target = x[request.Target]
	if q.Target == "" {
		q.Target = encode(e.value(x, request.Path))
		if args := x[request.Arguments]; args != "" {
			q.Target += "?" + args
		}
	}
	switch {
	case e.origin.noTarget:
		q.Target = ""
	case e.origin.noPath:
		q.Target = "?" + x[request.Arguments] + x[request.Fragment]
	}
	host := e.value(x, request.Host) + x[request.HostTail]
	if e.origin.line {
		q.Target = e.value(x, request.Scheme) + "://" + host + q.Target
		host = e.value(x, request.HostHeader)
	}
	if q.Host != nil {
		q.Host = &host
	}
	e.spell(&q, x)
	if q.TLS {
		q.SNI = e.value(x, request.SNI)
	}
	ip, _ := netip.AddrFromSlice([]byte(e.value(x, request.Client)))
	q.Client = ip.String()
	q.Headers = nil
	var cookies []string
	for _, f := range slices.Sorted(maps.Keys(x)) {
		v := x[f]
		if name, ok := f.Name("header"); ok && v != "" {
			q.Headers = append(q.Headers, [2]string{strings.ReplaceAll(name, "_", "-"), v})
		}
		if name, ok := f.Name("cookie"); ok && v != "" {
			cookies = append(cookies, name+"="+v)
		}
		if _, ok := f.Supposed(); ok {
			choices[f] = v
		}
	}
	if _, whole := x[request.HeaderField("cookie")]; len(cookies) > 0 && !whole {
		header := strings.Join(cookies, "; ")
		if strings.HasSuffix(header, " ") {
			header += ";" // else the spaces would be none of the value
		}
		q.Headers = append(q.Headers, [2]string{"cookie", header})
	}
	return q, choices
}
