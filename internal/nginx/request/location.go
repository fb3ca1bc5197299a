// SPDX-License-Identifier: Apache-2.0

package request

import (
	"maps"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// server is a server block, prepared.
type server struct {
	root  *block
	named map[string]*block
	// forAnswers are the internal locations, to which an upstream's X-Accel-Redirect may
	// lead. Where a guard is asked is none of them: what stands there is a question.
	forAnswers []*block
	// unnamed are those of them, and the named locations, that nothing in the
	// configuration leads to: they are there for the answer of an upstream only.
	unnamed []*block
	// regexes are the locations by pattern, also those inside of others.
	regexes []*block
}

// block is one set of settings that can be in charge of a request: a server, a
// location, an if in a location or a limit_except.
type block struct {
	scope   *nginx.Scope
	loc     *nginx.Location // nil for a server; the location around an if
	path    string
	nested  []*block // locations by path
	byPath  pathIndex
	regexes []*block // locations by pattern, in order
	pattern *automata.Pattern
	code    []code
	// unmodelled are directives in effect that are not modelled.
	unmodelled []nginx.Setting
	// handler is the directive that produces the answer, nil for files. It is that
	// of this very block.
	handler *nginx.Directive
	limit   *block // limit_except
	allowed map[string]bool
	// nameless marks an if and a limit_except, which have no path of their own.
	nameless bool
	slash    bool // redirect the path without the final slash to the one with it
}

func (m *Model) newServer(s *nginx.Server) *server {
	out := &server{root: m.newBlock(s.Scope, nil), named: map[string]*block{}}
	for _, l := range s.Locations {
		m.addLocation(out.root, l, out)
	}
	asked := map[string]bool{}
	out.root.each(func(b *block) {
		out.regexes = append(out.regexes, slices.DeleteFunc(slices.Clone(b.regexes), func(x *block) bool { return x.pattern == nil })...)
		b.byPath = indexPaths(b.nested)
		path, _, _ := strings.Cut(first(b.scope, "auth_request").Arg(0), "?")
		asked[path] = true
	})
	out.root.each(func(b *block) {
		if b.loc != nil && len(b.scope.Get("internal")) > 0 && !asked[b.path] {
			out.forAnswers = append(out.forAnswers, b)
		}
	})
	for _, b := range slices.Concat(out.forAnswers, slices.Collect(maps.Values(out.named))) {
		if !slices.ContainsFunc(m.cfg.HTTP, func(h *nginx.Scope) bool { return leadsTo(h.Directive, b.path) }) {
			out.unnamed = append(out.unnamed, b)
		}
	}
	return out
}

// leadsTo reports whether a directive, such as error_page or rewrite, names a location.
func leadsTo(d *nginx.Directive, name string) bool {
	for c := range d.All() {
		if c.Name != "location" && slices.Contains(c.Values(), name) {
			return true
		}
	}
	return false
}

// pathIndex finds locations by path, as nginx does in a tree.
type pathIndex struct {
	of      map[string][]*block
	lengths []int  // those of paths, the longest first
	broken  *block // one that nobody can tell when it is chosen
}

func indexPaths(list []*block) pathIndex {
	out := pathIndex{of: map[string][]*block{}}
	for _, x := range list {
		if x.path == "" || x.loc.Broken {
			out.broken = x
		}
		out.of[x.path] = append(out.of[x.path], x)
		if !slices.Contains(out.lengths, len(x.path)) {
			out.lengths = append(out.lengths, len(x.path))
		}
	}
	slices.Sort(out.lengths)
	slices.Reverse(out.lengths)
	return out
}

// each visits a block and all locations in it.
func (b *block) each(visit func(*block)) {
	visit(b)
	for _, x := range b.nested {
		x.each(visit)
	}
	for _, x := range b.regexes {
		x.each(visit)
	}
}

// addLocation recurses as deep as blocks nest.
func (m *Model) addLocation(outer *block, l *nginx.Location, s *server) {
	b := m.newBlock(l.Scope, l)
	b.path = l.Path
	switch l.Modifier {
	case nginx.Named:
		s.named[l.Path] = b
	case nginx.Regex, nginx.RegexCaseless:
		if p, err := automata.ParsePattern(l.Path, l.Modifier == nginx.RegexCaseless); err == nil {
			b.pattern = p
			m.names(p)
		}
		outer.regexes = append(outer.regexes, b)
	default:
		outer.nested = append(outer.nested, b)
		b.slash = b.handler != nil && strings.HasSuffix(b.handler.Name, "_pass") && strings.HasSuffix(b.path, "/")
	}
	for _, lim := range l.Limits {
		b.limit, b.allowed = m.newBlock(lim.Scope, l), map[string]bool{}
		b.limit.nameless, b.limit.path = true, b.path
		if h := b.handler; b.limit.handler == nil && h != nil && strings.HasSuffix(h.Name, "_pass") && h.Name != "memcached_pass" {
			b.limit.handler = h // the only handlers that a limit_except takes over
		}
		for _, method := range lim.Methods {
			b.allowed[strings.ToUpper(method)] = true
		}
		if b.allowed["GET"] {
			b.allowed["HEAD"] = true
		}
	}
	for _, inner := range l.Locations {
		m.addLocation(b, inner, s)
	}
}

// newBlock prepares settings, the handler and the code of the rewrite phase.
func (m *Model) newBlock(sc *nginx.Scope, l *nginx.Location) *block {
	b := &block{scope: sc, loc: l, unmodelled: m.unmodelled(sc)}
	for _, s := range sc.Own() {
		if handlers[s.Name] {
			b.handler = s.Directive
		}
	}
	for _, s := range sc.Get("auth_request_set") {
		// What a guard answers is no part of the request, and known only where it was asked.
		name := lower(strings.TrimPrefix(s.Arg(0), "$"))
		if slices.ContainsFunc(variablesIn(s.Arg(1)), ofAnswer) {
			m.answered[name] = append(m.answered[name], s.Arg(1))
		} else {
			m.sets(name)
		}
	}
	if sc.Directive != nil && sc.Context != nginx.LimitExcept {
		b.code = m.compile(sc.Directive, sc, l)
	}
	return b
}

// enter puts settings in charge.
func (r *run) enter(b *block) {
	if b.limit != nil {
		allowed := b.allowed[r.method.S]
		r.ask(b.limit.scope.Pos, r.method, answer(allowed), func() Question { return oneOf(slices.Sorted(maps.Keys(b.allowed))...) })
		if !allowed {
			r.step(b.limit.scope.Pos, "limit_except concerns %s", r.method.S)
			b = b.limit
		}
	}
	r.block = b
	if b.handler != nil {
		r.handler = b.handler
	}
}

// found is how a search for a location ended.
type found uint8

const (
	nothing found = iota
	final         // an exact match, or a regex
	prefix        // a prefix, so that regexes may follow
	redirect
)

// search looks for the location of the path inside of b, and returns where it is.
func (r *run) search(b *block) (*block, found) {
	at, how := r.prefixOf(b)
	final0 := at.loc != nil && at != b && at.loc.Modifier == nginx.PrefixFinal && !r.m.faults["prefix_final"]
	if how == prefix {
		at, how = r.search(at)
	}
	if how == final || how == redirect || final0 {
		return at, how
	}
	for _, x := range b.regexes {
		if x.pattern == nil {
			r.unsure(x.scope.Pos, "the pattern of the location cannot be read")
		}
		c := r.try(x.pattern, r.uri, x.scope.Pos)
		if c == nil {
			continue
		}
		r.capture(c)
		at, _ := r.search(x)
		return at, final
	}
	return at, how
}

// prefixOf finds the exact location, the one with the slash that is missing, or
// the longest prefix.
func (r *run) prefixOf(b *block) (*block, found) {
	if x := b.byPath.broken; x != nil {
		r.unsure(x.scope.Pos, "this location is not modelled")
	}
	uri := r.uri.S
	for _, x := range b.byPath.of[uri] {
		if x.loc.Modifier == nginx.Exact {
			return x, final
		}
	}
	var best, slash *block
	missing := false
	for _, x := range b.byPath.of[uri+"/"] {
		// Where an exact location and a prefix share the path, one of them asks for the
		// redirect and the exact one is in charge of it.
		missing = missing || x.slash
		if slash == nil || x.loc.Modifier == nginx.Exact {
			slash = x
		}
	}
	for _, n := range b.byPath.lengths {
		if n > len(uri) {
			continue
		}
		i := slices.IndexFunc(b.byPath.of[uri[:n]], func(x *block) bool { return x.loc.Modifier != nginx.Exact })
		if i >= 0 {
			best = b.byPath.of[uri[:n]][i]
			break
		}
	}
	switch {
	case best != nil && best.path == uri:
		return best, prefix
	case missing && !r.m.faults["slash"]:
		return slash, redirect
	case best != nil:
		return best, prefix
	}
	return b, nothing
}

// locate is the phase that finds the location.
func (r *run) locate() phase {
	r.handler, r.changed, r.replaced = nil, false, false
	root := r.m.servers[r.server].root
	at, how := r.search(root)
	if r.trace != nil {
		p := r.partition(root)
		r.ask(r.server.Pos, r.uri, p.index(at, how), p.question)
		before := r.block
		r.block = root
		for _, x := range r.m.servers[r.server].regexes {
			// Which of them were tried does not matter much: few have a page for this error.
			if r.failsToMatch(x.pattern, r.uri, x.scope.Pos) {
				return r.afterGivingUp()
			}
		}
		r.block = before
	}
	if at.loc != nil {
		r.step(at.scope.Pos, "location %s", strings.TrimSpace(at.loc.Modifier.String()+" "+at.path))
	}
	if at.loc != nil && !r.internal && len(at.scope.Get("internal")) > 0 && !r.m.faults["internal"] {
		r.block = at
		r.step(at.scope.Get("internal")[0].From, "internal")
		return r.fail(404, "the location is internal")
	}
	if srv := r.m.servers[r.server]; r.sub && r.redirected && !slices.Contains(srv.unnamed, at) {
		return r.end(404, "a location that is not there for the answers of a guard")
	} else if r.redirected && !slices.Contains(srv.forAnswers, at) && (len(at.scope.Get("internal")) > 0 || !r.m.carries() || !r.plain()) {
		return r.end(200, "a location that is open to everybody")
	}
	r.enter(at)
	if r.tooLong() {
		r.step(r.setting("client_max_body_size").From, "a body of %d bytes", r.length)
		r.discarded, r.lost = true, true
		return r.fail(413, "the body is longer than client_max_body_size")
	}
	if how == redirect {
		return r.fail(301, "the path without the final slash")
	}
	return locationRewrite
}

// plain asks whether the path that an upstream names is one without anything odd.
func (r *run) plain() bool {
	is := isPlain(r.uri.S)
	r.ask(r.server.Pos, r.uri, answer(is), func() Question {
		return exact("plain", func(a *automata.Algebra) []automata.Lang { return []automata.Lang{plainPaths(a)} })
	})
	return is
}

// tooLong compares Content-Length with what is allowed.
func (r *run) tooLong() bool {
	s := r.setting("client_max_body_size")
	most, err := nginx.ParseOffset(s.Arg(0))
	if r.trace != nil && err == nil && most != 0 && !r.discarded && r.hasPage(413) {
		return r.choose(s.From, "the body", "fits", "is longer than client_max_body_size") != "fits"
	}
	return err == nil && most != 0 && r.length > most && !r.discarded
}
