// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// Comparison is what a comparison of two configurations is about.
type Comparison struct {
	Old, New *nginx.Config
	// OldScript and NewScript say what a Lua directive does; nil when nothing is known.
	OldScript, NewScript func(nginx.Setting) request.Script
	// Ways and Terms are bounds, as in Input.
	Ways, Terms int
}

// Difference is what requests can do in one configuration and not in the other.
type Difference struct {
	Changes   []Change
	Undecided []Undecided
	Followed  int
}

// ChangeKind says what became of requests.
type ChangeKind string

// The kinds of change, the worst first.
const (
	Opened    ChangeKind = "opened"    // an upstream gets them now
	Unguarded ChangeKind = "unguarded" // fewer guards are asked
	Reguarded ChangeKind = "reguarded" // another guard is asked, which may say something else
	Moved     ChangeKind = "moved"     // another upstream gets them, or by another path
	Guarded   ChangeKind = "guarded"   // more guards are asked
	Shut      ChangeKind = "closed"    // no upstream gets them any more
)

var changeKinds = []ChangeKind{Opened, Unguarded, Reguarded, Moved, Guarded, Shut}

// Change is a kind of request that ends differently, with one of them.
type Change struct {
	Kind     ChangeKind
	Socket   string
	Old, New Side
	Witness  request.Request
	Suppose  []string
}

// Side is what one configuration does with a request.
type Side struct {
	request.Outcome
	Guards []request.Guard
}

// Newly reports whether requests reach something that they did not reach before, or
// past guards that did not let them.
func (c Change) Newly() bool { return c.Kind != Guarded && c.Kind != Shut }

// Compare finds all kinds of request that end differently in two configurations.
func Compare(in Comparison) *Difference {
	if in.Ways == 0 {
		in.Ways = DefaultWays
	}
	d := &Difference{Undecided: unfollowed(in)}
	models := []*request.Model{
		request.New(in.Old, request.Options{Script: in.OldScript}),
		request.New(in.New, request.Options{Script: in.NewScript}),
	}
	changes, unsure := map[string]*Change{}, map[string]bool{}
	for _, s := range bothSockets(in) {
		a := automata.New(in.Terms)
		space := newSpace(a, s.Default == nil || !off(s.Default.Scope, "merge_slashes"))
		space.spaced = s.HTTP2
		space.name(s, append(fullNames(in.New), fullNames(in.Old)...))
		undecided := func(u Undecided) {
			u.Socket = s.Key()
			if key := u.Socket + u.Location + u.Why.String(); !unsure[key] {
				unsure[key] = true
				d.Undecided = append(d.Undecided, u)
			}
		}
		e := newExplorer(space, models, samePath, in.Ways)
		e.use = func(l leaf) {
			for _, why := range l.undecided {
				undecided(Undecided{Server: l.ends[1].Server, Location: l.ends[1].Location, Why: why, Witness: l.Request})
			}
			if c, ok := changeOf(l); ok {
				c.Socket = s.Key()
				if old := changes[c.key()]; old == nil || cost(c.Witness, c.Suppose) < cost(old.Witness, old.Suppose) {
					changes[c.key()] = &c
				}
			}
		}
		if e.versionsDiffer(s) {
			undecided(Undecided{Why: request.Widening{At: s.Pos, Why: "requests of HTTP/2, which a configuration may tell from others, are not modelled"}})
		}
		if at, differ := mergesDiffer(s); differ {
			undecided(Undecided{Why: request.Widening{At: at, Why: "merge_slashes is not the same for all names of the handshake"}})
		}
		for _, e.origin = range e.origins(s, in.Old, in.New) {
			e.origin.Address = someAddress(s)
			before := e.left
			if err := e.run(e.start()); err != nil {
				undecided(Undecided{Why: request.Widening{At: s.Pos, Why: reason(err)}})
			}
			d.Followed += before - max(e.left, 0)
		}
		for _, why := range e.undecided {
			undecided(Undecided{Why: why})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(changes)) {
		d.Changes = append(d.Changes, *changes[k])
	}
	slices.SortStableFunc(d.Changes, func(x, y Change) int {
		return cmp.Compare(slices.Index(changeKinds, x.Kind), slices.Index(changeKinds, y.Kind))
	})
	return d
}

// someAddress is one that a socket has and no other of its port does. For a wildcard
// it is one for documentation, so that a listener of a single address is not taken for
// one of all addresses.
func someAddress(s *nginx.Socket) string {
	switch s.Address {
	case "*":
		return "192.0.2.80"
	case "[::]":
		return "2001:db8::80"
	}
	return strings.Trim(s.Address, "[]")
}

// unfollowed is what differs beside the requests that can be followed.
func unfollowed(in Comparison) (list []Undecided) {
	open := func(at nginx.Pos, why string) {
		list = append(list, Undecided{Why: request.Widening{At: at, Why: why}})
	}
	if len(in.Old.Sockets) == 0 || len(in.New.Sockets) == 0 {
		open(nginx.Pos{}, "no server listens in one of the two")
	}
	old := map[string]*nginx.Socket{}
	for _, s := range in.Old.Sockets {
		old[s.Key()] = s
	}
	for _, s := range in.New.Sockets {
		if s.UDP {
			open(s.Pos, "HTTP/3 is not modelled")
		}
		if o := old[s.Key()]; o != nil && off(o.Default.Scope, "merge_slashes") != off(s.Default.Scope, "merge_slashes") {
			open(s.Pos, "merge_slashes differs")
		}
	}
	for _, cfg := range []*nginx.Config{in.Old, in.New} {
		for _, n := range cfg.Notes {
			open(n.Pos, n.Message)
		}
	}
	for _, s := range in.New.Streams {
		open(s.Pos, "a stream server passes bytes on, whatever they ask for")
	}
	return list
}

// bothSockets are the sockets of both configurations, each once. One that speaks TLS
// in either is asked with TLS and without.
func bothSockets(in Comparison) (list []*nginx.Socket) {
	seen := map[string]*nginx.Socket{}
	for _, cfg := range []*nginx.Config{in.New, in.Old} {
		for _, s := range cfg.Sockets {
			if s.UDP {
				continue
			}
			if first := seen[s.Key()]; first != nil {
				first.SSL = first.SSL || s.SSL
				continue
			}
			both := *s
			seen[s.Key()] = &both
			list = append(list, &both)
		}
	}
	return list
}

// samePath is the judge of a comparison: it asks whether both upstreams read the same.
func samePath(ends []end, t *translator) ([]request.Decision, any, error) {
	x, y := ends[0], ends[1]
	if x.Kind != request.Forwarded || y.Kind != request.Forwarded || x.Decoded != y.Decoded || signature(x.Reading) == signature(y.Reading) {
		return nil, nil, nil
	}
	if x.Reading.Constant() {
		x, y = y, x
	}
	if x.Reading.Constant() {
		return nil, nil, nil
	}
	d := request.Decision{Of: x.Reading, Other: y.Reading}
	if y.Reading.Constant() {
		word := t.Literal(y.Reading.S)
		d.Other, d.Question = request.Text{}, exactly("path "+y.Reading.S, []automata.Lang{word, t.Complement(word)})
	}
	if x.Reading.S != y.Reading.S {
		d.Answer = 1
	}
	return []request.Decision{d}, nil, nil
}

// signature is the same for texts that are made in the same way.
func signature(x request.Text) string {
	var b strings.Builder
	for _, p := range x.Pieces {
		o := p.From
		if o == nil {
			b.WriteString("=" + p.S + ";")
			continue
		}
		b.WriteString(string(o.Field) + o.Argument + strings.Repeat("<", o.Cut) + strings.Repeat("(", o.Group))
		if o.By != nil {
			b.WriteString(o.By.Name())
		}
		if o.Pattern != nil {
			b.WriteString(o.Pattern.Text)
		}
		if o.Opaque != "" {
			b.WriteString("opaque " + p.S)
		}
		if o.Of != nil {
			b.WriteString("{" + signature(*o.Of) + "}")
		}
		b.WriteString(";")
	}
	if len(x.Pieces) == 0 {
		return "=" + x.S + ";"
	}
	return b.String()
}

// changeOf says how a request ends differently.
func changeOf(l leaf) (Change, bool) {
	x, y := l.ends[0], l.ends[1]
	c := Change{Old: Side{x.Outcome, x.Guards}, New: Side{y.Outcome, y.Guards}, Witness: l.Request, Suppose: suppositions(l.ends)}
	was, is := x.Kind == request.Forwarded, y.Kind == request.Forwarded
	switch {
	case x.Kind == request.Unknown || y.Kind == request.Unknown || !was && !is || l.sample[request.AnswerPath] != "":
		return c, false
	case !was:
		c.Kind = Opened
	case !is:
		c.Kind = Shut
	case len(y.Guards) < len(x.Guards):
		c.Kind = Unguarded
	case !allOf(x.Guards, y.Guards):
		c.Kind = Reguarded
	case x.Upstream != y.Upstream || !slices.Equal(x.Peers, y.Peers) || x.Path != y.Path:
		c.Kind = Moved
	case len(y.Guards) > len(x.Guards):
		c.Kind = Guarded
	default:
		return c, false
	}
	return c, true
}

// allOf reports whether each of the guards is among others, whatever its place.
func allOf(guards, others []request.Guard) bool {
	return !slices.ContainsFunc(guards, func(g request.Guard) bool {
		return !slices.ContainsFunc(others, func(o request.Guard) bool {
			return o.Name == g.Name && o.Authenticates == g.Authenticates && o.Asks == g.Asks && o.Detail == g.Detail
		})
	})
}

func (c Change) key() string {
	return strings.Join([]string{
		string(c.Kind), c.Socket, c.Old.Server, c.Old.Location, c.Old.Upstream, c.New.Server, c.New.Location, c.New.Upstream,
	}, "\x00")
}
