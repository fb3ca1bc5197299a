// SPDX-License-Identifier: Apache-2.0

package request

import (
	"maps"
	"slices"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// run is one request on its way.
type run struct {
	m      *Model
	req    *Request
	socket *socket
	server *nginx.Server
	block  *block // whose settings are in charge
	out    Outcome

	method   Text
	version  int
	greeter  *nginx.Server // of the handshake
	sni      string        // name of the handshake, when it chose a server
	host     Text
	fields   []field
	length   int64 // Content-Length
	uri      Text
	args     Text
	unparsed Text
	decoded  string // the path that nginx makes of the target
	line     string // the request line
	lineHost string // the host in it, without port

	// asSent says that the target can go upstream as it came.
	asSent       bool
	quoted, plus bool
	// captures are those of the last pattern that matched.
	captures *captures
	handler  *nginx.Directive

	internal  bool
	changed   bool // the path was rewritten, so that a location is looked for again
	displaced bool // the path was rewritten and the location kept
	appended  bool // the path follows the alias of a pattern, since try_files found it
	silent    bool // the request ends without an answer
	discarded bool // the body is not counted any more
	taken     bool // the body was read, or thrown away
	lost      bool // the body, or a part of it, is not there for another upstream
	gaveUp    bool // PCRE is supposed to have given up just now
	cycles    int  // searches done again; see maxCycles
	// reported says that an error page was used already, status is the one that it
	// keeps for the answer.
	reported bool
	status   int
	// redirected says that an upstream is supposed to have answered X-Accel-Redirect,
	// replaced that try_files has put another path in place of the one that the location
	// was found for.
	redirected, replaced bool
	// sub marks the subrequest of auth_request, asked is the method of its request, elsewhere
	// says that an error or an upstream has led on from where it was sent.
	sub       bool
	elsewhere bool
	asked     Text
	*shared
}

// shared belongs to a request and its subrequests.
type shared struct {
	vars  map[string]Text
	trace *Trace // nil when nobody asks
	steps []Step
	// head is the request line.
	head requestLine
	// depth is how many variables are made of others just now.
	depth int
	// mapped counts the patterns of maps that matched, which replace captures.
	mapped int
	// limited are the limits that have counted the request.
	limited map[string]bool
}

// captures are what the groups of a pattern took.
type captures struct {
	pattern *automata.Pattern
	subject Text
	spans   []automata.Span
}

// group is the n-th group, empty when it took no part.
func (c *captures) group(n int) Text {
	if c == nil || n >= len(c.spans) {
		return Text{}
	}
	s := ""
	if c.spans[n].Start >= 0 {
		s = c.subject.S[c.spans[n].Start:c.spans[n].End]
	}
	return c.subject.made(s, Origin{Pattern: c.pattern, Group: n})
}

// match is nil when p does not match, or PCRE gives up.
func (r *run) match(p *automata.Pattern, subject Text, at nginx.Pos) *captures {
	if r.failsToMatch(p, subject, at) {
		return nil
	}
	c := r.try(p, subject, at)
	r.ask(at, subject, answer(c != nil), func() Question { return matches(p) })
	return c
}

// try is match for a question that is recorded by who asks.
func (r *run) try(p *automata.Pattern, subject Text, at nginx.Pos) *captures {
	spans, ok, err := p.Match([]byte(subject.S))
	if err != nil {
		r.unsure(at, "pattern %q: %v", p.Text, err)
	}
	if !ok {
		return nil
	}
	return &captures{p, subject, spans}
}

// capture keeps what a pattern took, for $1 and for its names.
func (r *run) capture(c *captures) {
	if c == nil {
		return
	}
	r.captures = c
	for _, i := range byName(c.pattern.Names) {
		r.vars[lower(c.pattern.Names[i])] = c.group(i)
	}
}

// setting is the directive in effect, zero when there is none.
func (r *run) setting(name string) nginx.Setting {
	key := settingKey{r.block.scope, name}
	if s, known := r.m.settings.Load(key); known {
		return s.(nginx.Setting)
	}
	s := first(r.block.scope, name)
	r.m.settings.Store(key, s)
	return s
}

// settingKey is a directive in a block.
type settingKey struct {
	scope *nginx.Scope
	name  string
}

func first(sc *nginx.Scope, name string) nginx.Setting {
	if list := sc.Get(name); len(list) > 0 {
		return list[0]
	}
	return nginx.Setting{}
}

func (r *run) flag(name string) bool { return r.setting(name).Arg(0) == "on" }

// phase is what nginx does next.
type phase uint8

const (
	done phase = iota
	serverRewrite
	findLocation
	locationRewrite
	access
	tryFiles
	content
)

// maxCycles is how often a location is searched again, for rewrites and internal
// redirects together, before nginx gives up with 500.
const maxCycles = 10

func (r *run) phases(next phase) {
	for next != done {
		switch next {
		case serverRewrite:
			r.unsupported()
			next = r.rewrite(r.m.servers[r.server].root.code, findLocation)
		case findLocation:
			next = r.locate()
		case locationRewrite:
			next = r.rewriteLocation()
		case access:
			next = r.access()
		case tryFiles:
			next = r.tryFiles()
		case content:
			next = r.content()
		}
	}
}

// rewriteLocation runs the code of the location, and the search again where it
// changed the path.
func (r *run) rewriteLocation() phase {
	r.unsupported()
	if r.early("rewrite_by_lua") {
		if status := r.lua("rewrite_by_lua"); status != 0 && status != 200 {
			return r.fail(status, "rewrite_by_lua")
		}
	}
	next := access
	if r.block.loc != nil {
		next = r.rewrite(r.block.code, access)
	}
	if next != access {
		return next
	}
	if !r.changed {
		if !r.early("rewrite_by_lua") {
			if status := r.lua("rewrite_by_lua"); status != 0 && status != 200 {
				return r.fail(status, "rewrite_by_lua")
			}
		}
		r.unsupported() // an if may have put other settings in charge
		return access
	}
	if r.cycles++; r.cycles > r.limit() {
		return r.fail(500, "the rewrites do not end")
	}
	r.block = r.m.servers[r.server].root
	return findLocation
}

func (r *run) limit() int {
	if r.m.faults["cycles"] {
		return maxCycles - 1
	}
	return maxCycles
}

// early reports whether a script runs before what else is done in its phase.
func (r *run) early(name string) bool { return r.flag(name + "_no_postpone") }

// lua asks a script: it says 200 to let the request in, or the status of a refusal, and 0
// where there is none.
// Without a trace the run ends here.
func (r *run) lua(name string) (status int) {
	for _, suffix := range []string{"", "_block", "_file"} {
		s := r.setting(name + suffix)
		switch {
		case s.Name == "":
			continue
		case r.trace == nil:
			r.unsure(s.From, "%s is a guard of unknown effect", s.Name)
		}
		is := Script{Why: "the script is not read"}
		if r.m.options.Script != nil {
			is = r.m.options.Script(s)
		}
		if !is.OnlyRefuses {
			r.widen(s.From, "%s: %s", s.Name, is.Why)
		}
		r.scriptReads(s, is.Reads)
		if r.sub {
			r.widen(s.From, "%s may answer in the place of the guard that is asked", s.Name)
		}
		if len(is.Exempt) > 0 {
			exempt := slices.Contains(is.Exempt, r.method.S)
			r.ask(s.From, r.method, answer(exempt), func() Question { return oneOf(is.Exempt...) })
			if exempt {
				r.step(s.From, "%s does not ask who sends %s", s.Name, r.method.S)
				return 200 // no guard had a say, and an upstream may get another method
			}
		}
		return r.guarded(Guard{At: s.From, Name: s.Name, Authenticates: is.Authenticates, Detail: is.Digest})
	}
	return 0
}

// redirectTo is an internal redirect to a path.
func (r *run) redirectTo(path, args Text) phase {
	if r.cycles++; r.cycles > r.limit() {
		return r.fail(500, "the internal redirects do not end")
	}
	r.step(nginx.Pos{}, "internal redirect to %q", path.S)
	r.uri, r.args = path, args
	r.enter(r.m.servers[r.server].root)
	r.replaced = false
	r.internal, r.asSent, r.displaced, r.appended = true, false, false, false
	return serverRewrite
}

// redirectNamed hands over to a named location.
func (r *run) redirectNamed(text Text, at nginx.Pos) phase {
	if r.cycles++; r.cycles > r.limit() {
		return r.fail(500, "the internal redirects do not end")
	}
	name, known := text.S, r.m.servers[r.server].named
	if !text.Constant() && r.trace != nil {
		names := slices.Sorted(maps.Keys(known))
		i := slices.Index(names, name)
		if i < 0 {
			i = len(names)
		}
		r.ask(at, text, i, func() Question { return words(names) })
	}
	b := known[name]
	if r.uri.S == "" || b == nil {
		return r.fail(500, "there is no location "+name)
	}
	r.step(b.scope.Pos, "named location %s", name)
	r.internal, r.handler, r.changed = true, nil, false
	r.enter(b)
	return locationRewrite
}

// splitArgs cuts a path at its question mark.
func (r *run) splitArgs(t Text, at nginx.Pos) (path, args Text) {
	path, args, found := t.split("?")
	if r.trace != nil && !found {
		r.ask(at, t, answer(found), func() Question { return holds('?') })
	}
	if found {
		args = args.from(1)
	}
	return path, args
}
