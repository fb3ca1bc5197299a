// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
	"github.com/postern-audit/postern/internal/surface"
)

// oracleSurface has a component for each kind of upstream of the bench.
const oracleSurface = `schema: postern.surface/v1
name: oracle
components:
  - name: wide
    paths: [{path: /**, methods: [GET, HEAD, POST], auth: public}]
    closed: [{path: /A}, {path: /x.php}, {path: /b/x/**}]
  - name: narrow
    paths:
      - {path: /a/**, methods: [GET, HEAD], auth: public}
      - {path: /p/**, methods: [GET, HEAD, POST], auth: public}
      - {path: /ab, methods: [GET, HEAD], auth: auth}
      - {path: "/b/{id}", methods: [GET, POST], auth: public}
    closed: [{path: /a/b/x.php}]
  - name: guarded
    paths: [{path: /**, methods: [GET, HEAD, POST, OPTIONS], auth: auth}]
  - name: guard
    paths: [{path: /**, methods: [GET, HEAD, POST], auth: public}]
`

// behind are the components of the upstreams of the bench, in their order.
var behind = []string{"wide", "narrow", "guarded", "guard", "wide", "narrow", "guarded", "wide"}

// ownNames are those that clients are to use.
var ownNames = []string{"h.example", "b", "w.h.example", "www.h.example"}

var ownUpstream = regexp.MustCompile(`^(?:[a-z]+://)?u([0-7])$`)

// numberOf is that of an upstream as a configuration names it, -1 for others.
func numberOf(upstream string) int {
	m := ownUpstream.FindStringSubmatch(upstream)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

func bound(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return usual
}

// trial is one random configuration with its proof.
type trial struct {
	seed    uint64
	number  int // in its batch
	piece   string
	grammar *wiretest.Grammar
	config  *nginx.Config
	*proved
	*rand.Rand
}

// proved is a proof with the regions that it found open.
type proved struct {
	proof *Proof
	open  []opening
}

// opening is a region of which all requests are forwarded.
type opening struct {
	*explorer
	leaf
}

// newTrial writes a configuration: three of four are gates that might be proved.
func newTrial(t testing.TB, b *wiretest.Bench, seed uint64, number int) *trial {
	x := &trial{seed: seed, number: number, grammar: wiretest.NewGrammar(seed, number, b.Port(t)), Rand: rand.New(rand.NewPCG(seed, 2))}
	if seed%4 == 0 {
		x.piece = x.grammar.Piece()
	} else {
		x.piece = x.grammar.Gate()
	}
	return x
}

// prove gives a proof of a configuration of the bench.
func (f *fresh) prove(cfg *nginx.Config) *proved {
	out := &proved{}
	out.proof = prove(Input{
		Config: cfg, Surface: f.surface, Names: ownNames, Ways: 600, Terms: 60_000,
		Component: func(upstream string, _ []string) *surface.Component {
			if n := numberOf(upstream); n >= 0 {
				return f.surface.Named(behind[n])
			}
			return nil
		},
	}, func(e *explorer, l leaf) {
		if l.ends[0].Kind == request.Forwarded {
			out.open = append(out.open, opening{e, l})
		}
	})
	return out
}

// holds reports whether a region has a request, as far as the way of the request tells
// what is in its fields.
func (o opening) holds(q request.Request) bool {
	_, trace := o.models[0].Trace(q, nil)
	known := sample{}
	for _, d := range trace.Decisions {
		for _, x := range []request.Text{d.Of, d.Other} {
			if from, ok := imaged(x); ok && from.by == nil {
				known[from.of] = x.S
			}
		}
	}
	for f, v := range known {
		if _, supposed := f.Supposed(); supposed {
			continue
		}
		if f == request.Method && (v == "CONNECT" || v == "TRACE") {
			continue // that nginx never takes them is supposed of any method
		}
		if is, err := o.Contains(o.of(o.region, f), []byte(v)); err != nil || !is {
			return false
		}
	}
	return true
}

// arrived is a request that the real nginx forwarded.
type arrived struct {
	*trial
	request.Request
	wiretest.Observed
	upstream int
	// model says which server and location took the request.
	model request.Outcome
	// refusing says that the upstream that guards ask lets nobody in.
	refusing bool
}

// contradiction says why a proof does not allow that this request arrived; empty when it
// does, and undecided when the proof leaves it open.
func (a arrived) contradiction(f *fresh, from *proved) (why string, undecided bool) {
	p := from.proof
	decoded := a.upstream >= 4 && a.upstream <= 6
	methods := []string{a.Observed.Method}
	if methods[0] == "" { // not told by the protocol; a page for an error is fetched with GET
		methods = []string{a.Request.Method, "GET"}
	}
	port := ":" + strconv.Itoa(a.Port)
	for _, u := range p.Undecided {
		if u.Socket == "" || strings.HasSuffix(u.Socket, port) {
			return "", true
		}
	}
	for _, m := range methods {
		s := f.of(behind[a.upstream], m, a.Observed.Path, decoded)
		named := slices.Contains(ownNames, hostOf(a.Request))
		if slices.ContainsFunc(p.Ways, func(w Way) bool { return strings.HasSuffix(w.Socket, port) && a.by(w, s, named) }) {
			if slices.ContainsFunc(from.open, a.in) {
				return "", false
			}
			return "no region that is open holds it", false
		}
		why = fmt.Sprintf("%s %v, credentials %v, named %v: no way leads there", s.Class, s.templates, s.credentials, named)
	}
	if p.Proved() {
		why += " and all is said to be PROVED"
	}
	return why, false
}

// by reports whether a request went a way.
func (a arrived) by(w Way, s said, named bool) bool {
	if w.Server != a.model.Server {
		return false
	}
	if w.Class == Chosen {
		return w.Location == a.model.Location
	}
	if numberOf(w.Upstream) != a.upstream {
		return false
	}
	if w.Class == Ambiguous && s.dotted {
		return w.Location == a.model.Location
	}
	if w.Class != s.Class {
		return false
	}
	if s.Class == Allowed && !named {
		return w.Unnamed
	}
	if w.Location != a.model.Location || w.Unnamed {
		return false
	}
	switch s.Class {
	case Closed:
		return slices.Contains(s.templates, w.Template)
	case Allowed:
		if a.refusing && slices.ContainsFunc(w.Guards, func(g request.Guard) bool { return g.Authenticates && numberOf(g.Asks) == guardNumber }) {
			return false // the guard let nobody in
		}
		return w.Credentials == s.credentials && slices.Contains(s.templates, w.Template)
	}
	return true
}

// in reports whether a region that is open holds the request.
func (a arrived) in(o opening) bool {
	out := o.ends[0]
	if n := numberOf(out.Upstream); n != a.upstream && out.Authority.Constant() {
		return false
	}
	return out.Server == a.model.Server && out.Location == a.model.Location && o.holds(a.Request)
}

// guardNumber is the upstream that guards ask.
const guardNumber = 3

var absolute = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)`)

// hostOf is the name that a request is for.
func hostOf(q request.Request) string {
	host := ""
	if q.Version != "0.9" {
		for _, h := range q.Headers {
			if strings.EqualFold(h[0], "Host") {
				host = h[1]
			}
		}
		if q.Host != nil {
			host = *q.Host
		}
	}
	host = strings.Trim(host, " \t")
	if m := absolute.FindStringSubmatch(q.Target); m != nil {
		host = m[1]
	}
	host, _, _ = strings.Cut(host, ":")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// forEach works on trials side by side.
func forEach(trials []*trial, work func(*trial)) {
	var wait sync.WaitGroup
	todo := make(chan *trial)
	for range 8 {
		wait.Go(func() {
			for x := range todo {
				work(x)
			}
		})
	}
	for _, x := range trials {
		todo <- x
	}
	close(todo)
	wait.Wait()
}
