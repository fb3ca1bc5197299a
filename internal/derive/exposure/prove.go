// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/surface"
)

// Input is what a proof is about.
type Input struct {
	Config *nginx.Config
	// Surface is what may get through.
	Surface *surface.Surface
	// Component finds the component that the addresses behind an upstream belong to,
	// nil where the surface has none.
	Component func(upstream string, peers []string) *surface.Component
	// Names are the names of hosts that clients are to use; none means the names that the
	// configuration gives to servers in full.
	Names []string
	// Script says what a Lua directive does; nil when nothing is known.
	Script func(nginx.Setting) request.Script
	// Ways is how many ways through the configuration are followed for one socket; 0
	// means DefaultWays. Terms bounds the automata, as automata.New says.
	Ways, Terms int
}

// DefaultWays is more than any gate that was seen needs.
const DefaultWays = 50_000

// Proof is what was found.
type Proof struct {
	// Ways are the kinds of request that an upstream gets, each with one of them.
	Ways []Way
	// Escapes are the kinds of request for which a file outside of its folder is
	// answered.
	Escapes []Way
	// Unreachable are allowed paths of components behind this configuration that no
	// request reaches.
	Unreachable []Unreachable
	// Undecided is what may let other requests through.
	Undecided []Undecided
	Coverage  Coverage
	// Followed is the number of requests that were followed.
	Followed int
}

// Proved reports whether nothing but the surface gets through, with certainty.
func (p *Proof) Proved() bool {
	return len(p.Undecided) == 0 && len(p.Escapes) == 0 && !slices.ContainsFunc(p.Ways, Way.Counterexample)
}

// Way is a kind of request that gets somewhere.
type Way struct {
	Socket string
	// Server and Location are those in charge at the end.
	Server, Location string
	Upstream         string
	Component        string
	Class            Class
	// Template is the allowed or closed path; Why says why it is closed, or what is
	// ambiguous.
	Template, Why string
	// Credentials says that the surface wants the client authenticated.
	Credentials bool
	// Guards let the request in.
	Guards []request.Guard
	// Limited says that only some client addresses get through.
	Limited bool
	// Unnamed says that the Host is none that clients are to use.
	Unnamed bool
	// Witness is one request, Sent the path that the upstream gets for it, Reading what
	// it understands by that, File the file of an escape.
	Witness             request.Request
	Sent, Reading, File string
	// Suppose is what the witness supposes: whether a file is there, what a guard says.
	Suppose []string
}

// Counterexample reports whether the way is one that no gate should have: to what is
// not in the surface, by a name that is not its own, or without the credentials that
// the surface wants.
func (w Way) Counterexample() bool {
	return w.Class != Allowed || w.Unnamed || w.Credentials && !w.Authenticated()
}

// Authenticated reports whether a guard asked who the client is.
func (w Way) Authenticated() bool {
	return slices.ContainsFunc(w.Guards, func(g request.Guard) bool { return g.Authenticates })
}

// Unreachable is an allowed path that nobody can use.
type Unreachable struct {
	Component string
	Template  string
	Methods   []string
	At        surface.Place
}

// Undecided is a part of the requests for which the outcome is not certain.
type Undecided struct {
	Socket, Server, Location string
	Why                      request.Widening
	// Witness is one of the requests; the zero value where the reason concerns all.
	Witness request.Request
}

// prover collects what the leaves of the exploration say.
type prover struct {
	in       Input
	proof    *Proof
	ways     map[string]*Way
	escapes  map[string]*Way
	unsure   map[string]bool
	reached  map[*surface.Path]map[string]bool
	behind   map[*surface.Component]bool
	socket   string
	explorer *explorer
	// watch sees every leaf; nil outside of tests.
	watch func(*explorer, leaf)
}

// Prove explores a configuration. It never fails: what could not be decided stands in
// the proof.
func Prove(in Input) *Proof { return prove(in, nil) }

func prove(in Input, watch func(*explorer, leaf)) *Proof {
	if in.Ways == 0 {
		in.Ways = DefaultWays
	}
	p := &prover{
		in: in, watch: watch, proof: &Proof{}, ways: map[string]*Way{}, escapes: map[string]*Way{}, unsure: map[string]bool{},
		reached: map[*surface.Path]map[string]bool{}, behind: map[*surface.Component]bool{},
	}
	model := request.New(in.Config, request.Options{Script: in.Script})
	if len(in.Config.Sockets) == 0 {
		p.undecided(Undecided{Why: request.Widening{Why: "no server listens, so that there is nothing to prove"}})
	}
	for _, s := range in.Config.Sockets {
		if s.UDP {
			p.undecided(Undecided{Socket: s.Key(), Why: request.Widening{At: s.Pos, Why: "HTTP/3 is not modelled"}})
			continue
		}
		p.explore(model, s)
	}
	for _, n := range in.Config.Notes {
		p.undecided(Undecided{Why: request.Widening{At: n.Pos, Why: n.Message}})
	}
	for _, s := range in.Config.Streams {
		p.undecided(Undecided{Why: request.Widening{At: s.Pos, Why: "a stream server passes bytes on, whatever they ask for"}})
	}
	p.proof.Ways = sorted(p.ways)
	p.proof.Escapes = sorted(p.escapes)
	p.unreachable()
	p.coverage()
	return p.proof
}

// explore follows the requests to one socket.
func (p *prover) explore(model *request.Model, s *nginx.Socket) {
	a := automata.New(p.in.Terms)
	merges := s.Default == nil || !off(s.Default.Scope, "merge_slashes")
	judge := &surfaceJudge{
		surface: p.in.Surface, readings: map[*surface.Component]*reading{},
		component: func(out request.Outcome) *surface.Component { return p.in.Component(out.Upstream, out.Peers) },
	}
	space := newSpace(a, merges)
	space.spaced = s.HTTP2
	judge.detours = space.detours()
	judge.names = p.in.Names
	if len(judge.names) == 0 {
		judge.names = fullNames(p.in.Config)
	}
	space.name(s, judge.names)
	e := newExplorer(space, []*request.Model{model}, judge.judge, p.in.Ways)
	e.use = p.leaf
	p.socket, p.explorer = s.Key(), e
	if at, differ := mergesDiffer(s); differ {
		p.undecided(Undecided{Socket: p.socket, Why: request.Widening{At: at, Why: "merge_slashes is not the same for all names of the handshake"}})
	}
	if e.versionsDiffer(s) {
		p.undecided(Undecided{Socket: p.socket, Why: request.Widening{At: s.Pos, Why: "requests of HTTP/2, which the configuration may tell from others, are not modelled"}})
	}
	for _, e.origin = range e.origins(s, p.in.Config) {
		before := e.left
		if err := e.run(e.start()); err != nil {
			p.undecided(Undecided{Socket: p.socket, Why: request.Widening{At: s.Pos, Why: reason(err)}})
		}
		p.proof.Followed += before - max(e.left, 0)
	}
	for _, why := range e.undecided {
		p.undecided(Undecided{Socket: p.socket, Why: why})
	}
}

func reason(err error) string {
	if errors.Is(err, automata.ErrBudget) {
		return "the automata for this configuration exceed their budget"
	}
	return err.Error()
}

func off(sc *nginx.Scope, name string) bool {
	list := sc.Get(name)
	return len(list) > 0 && list[0].Arg(0) == "off"
}

// leaf looks at one way to the end.
func (p *prover) leaf(l leaf) {
	if p.watch != nil {
		p.watch(p.explorer, l)
	}
	out := l.ends[0].Outcome
	for _, why := range l.undecided {
		p.undecided(Undecided{Socket: p.socket, Server: out.Server, Location: out.Location, Why: why, Witness: l.Request})
	}
	v, ok := l.verdict.(*verdict)
	switch {
	case !ok:
	case len(l.ends[0].GivenUp) > 0:
		p.givenUp(l, *v)
	case v.escaped:
		p.way(p.escapes, l, *v)
	case out.Kind == request.Forwarded:
		if v.component != nil {
			p.behind[v.component] = true
		}
		if v.Class == Allowed {
			p.reach(l, v)
		}
		p.way(p.ways, l, *v)
	}
}

// reach notes which methods of which allowed paths get through.
func (p *prover) reach(l leaf, v *verdict) {
	for _, path := range v.paths {
		if p.reached[path] == nil {
			p.reached[path] = map[string]bool{}
		}
		for _, m := range path.Methods {
			if p.reached[path][m] {
				continue
			}
			if method := l.ends[0].Method; method.Constant() {
				p.reached[path][m] = method.S == m
				continue
			}
			is, err := p.explorer.Contains(p.explorer.of(l.region, request.Method), []byte(m))
			p.reached[path][m] = is || err != nil
		}
	}
}

// givenUp looks at what gets through when PCRE gives up. Which texts are long enough is not
// worked out, so that this is no counter-example.
func (p *prover) givenUp(l leaf, v verdict) {
	if !v.escaped && !p.newWay(l, v).Counterexample() {
		return
	}
	for _, why := range l.ends[0].GivenUp {
		p.undecided(Undecided{Socket: p.socket, Server: l.ends[0].Server, Location: l.ends[0].Location, Why: why, Witness: l.Request})
	}
}

func (p *prover) way(list map[string]*Way, l leaf, v verdict) {
	w := p.newWay(l, v)
	key := w.key()
	if old := list[key]; old == nil || cost(w.Witness, w.Suppose) < cost(old.Witness, old.Suppose) {
		list[key] = &w
	}
}

func (p *prover) newWay(l leaf, v verdict) Way {
	is := l.ends[0]
	w := Way{
		Socket: p.socket, Server: is.Server, Location: is.Location, Upstream: is.Upstream, Class: v.Class,
		Credentials: v.credentials, Guards: is.Guards, Unnamed: v.unnamed,
		Witness: l.Request, Sent: is.Path, Reading: is.Reading.S, File: is.File.S,
	}
	if v.component != nil {
		w.Component = v.component.Name
	}
	for _, path := range v.paths {
		if w.Template == "" {
			w.Template = path.Template.String()
		}
	}
	w.Why = v.why
	if v.closed != nil {
		w.Template, w.Why = v.closed.Template.String(), v.closed.Why
	}
	// Beyond the budget nobody knows whether anybody may.
	all, err := p.explorer.Contains(p.explorer.of(l.region, request.Client), []byte(anybody))
	w.Limited = err != nil || !all
	w.Suppose = suppositions(l.ends)
	return w
}

// suppositions are what a request supposes of files and upstreams. What everybody
// expects is not named.
func suppositions(ends []end) (list []string) {
	for _, e := range ends {
		for _, d := range e.Decisions {
			from, _ := imaged(d.Of)
			what, ok := from.of.Supposed()
			if !ok || slices.Contains([]string{"lets in", "as usual", "fits"}, d.Of.S) {
				continue
			}
			if what += " " + d.Of.S; !d.At.IsZero() {
				what += " (" + d.At.String() + ")"
			}
			if !slices.Contains(list, what) {
				list = append(list, what)
			}
		}
	}
	return list
}

// key is the same for ways that need one witness.
func (w Way) key() string {
	parts := []string{w.Socket, w.Server, w.Upstream, w.Component, string(w.Class)}
	if w.Unnamed {
		return strings.Join(parts, "\x00")
	}
	parts = append(parts, w.Location, w.Template, w.Why)
	for _, g := range w.Guards {
		parts = append(parts, g.At.String(), strconv.FormatBool(g.Authenticates))
	}
	for _, flag := range []bool{w.Credentials, w.Limited} {
		parts = append(parts, strconv.FormatBool(flag))
	}
	return strings.Join(parts, "\x00")
}

// cost is how far a witness is from what anybody can send and read.
func cost(q request.Request, suppose []string) int {
	n := len(q.Target) + 40*len(suppose)
	for _, h := range q.Headers {
		n += 20 + len(h[0]) + len(h[1])
	}
	if q.Method != "GET" {
		n += 10
	}
	if q.Host == nil {
		n += 30
	}
	return n
}

func (p *prover) undecided(u Undecided) {
	key := u.Socket + "\x00" + u.Server + "\x00" + u.Location + "\x00" + u.Why.String()
	if !p.unsure[key] {
		p.unsure[key] = true
		p.proof.Undecided = append(p.proof.Undecided, u)
	}
}

func (p *prover) unreachable() {
	for i := range p.in.Surface.Components {
		c := &p.in.Surface.Components[i]
		if !p.behind[c] {
			continue
		}
		for k := range c.Paths {
			var missing []string
			for _, m := range c.Paths[k].Methods {
				if !p.reached[&c.Paths[k]][m] {
					missing = append(missing, m)
				}
			}
			if len(missing) > 0 {
				p.proof.Unreachable = append(p.proof.Unreachable, Unreachable{c.Name, c.Paths[k].Template.String(), missing, c.Paths[k].At})
			}
		}
	}
}

func sorted(ways map[string]*Way) []Way {
	out := make([]Way, 0, len(ways))
	for _, k := range slices.Sorted(maps.Keys(ways)) {
		out = append(out, *ways[k])
	}
	slices.SortStableFunc(out, func(x, y Way) int { return cmp.Compare(rank(x.Class), rank(y.Class)) })
	return out
}

// rank puts what matters most first.
func rank(c Class) int {
	return slices.Index([]Class{Closed, Chosen, Ambiguous, Outside, Tunnel, MethodOpen, Unassigned, Allowed}, c)
}
