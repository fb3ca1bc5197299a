// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/surface"
)

const fixtures = "../../../fixtures/exposure"

// expected is the list of fixtures.
type expected struct {
	Names     []string
	Upstreams []struct{ Name, Component string }
	Classes   []struct{ Class, Breaks string }
	Faulty    []struct {
		Name, Class, File, Unknown string
		Reaches                    struct{ Upstream, Path, File string }
	}
	Proved []struct{ Name, File, Unknown string }
}

func readExpected(t testing.TB) expected {
	t.Helper()
	text, err := os.ReadFile(fixtures + "/expected.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var e expected
	if err := yaml.Unmarshal(text, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

var nginx122 = nginx.Version{Major: 1, Minor: 22, Patch: 1}

// input is a proof of one fixture.
func (e expected) input(t testing.TB, name string) Input {
	t.Helper()
	var tree *nginx.Tree
	if filepath.Base(name) == "nginx.conf" {
		tree = nginx.Load(os.DirFS(filepath.Dir(name)), "", "/nginx.conf")
	} else {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tree = nginx.Parse(filepath.Base(name), string(text))
	}
	s, err := surface.Shipped(os.DirFS("../../../policies"), "finesse-12.6.1")
	if err != nil {
		t.Fatal(err)
	}
	return Input{
		Config: nginx.Effective(tree, nginx122), Surface: s, Names: e.Names,
		Component: func(upstream string, _ []string) *surface.Component {
			_, authority, _ := strings.Cut(upstream, "://")
			for _, u := range e.Upstreams {
				if u.Name == authority {
					return s.Named(u.Component)
				}
			}
			return nil
		},
	}
}

func TestEveryFaultyGateHasACounterexample(t *testing.T) {
	e := readExpected(t)
	breaks := map[string]string{}
	for _, c := range e.Classes {
		breaks[c.Class] = c.Breaks
	}
	for _, f := range e.Faulty {
		t.Run(f.Name, func(t *testing.T) {
			p := Prove(e.input(t, fixtures+"/faulty/"+f.File))
			if p.Proved() {
				t.Fatal("it is said to be proved")
			}
			for _, w := range p.Ways {
				if !strings.Contains(w.Upstream, f.Reaches.Upstream) && w.Class != Chosen {
					continue
				}
				switch breaks[f.Class] {
				case "surface":
					if w.Class != Allowed {
						return
					}
				case "guard":
					if w.Credentials && !w.Authenticated() {
						return
					}
				case "host":
					if w.Unnamed {
						return
					}
				}
			}
			if f.Reaches.File != "" && len(p.Escapes) > 0 || f.Unknown != "" && len(p.Undecided) > 0 {
				return
			}
			t.Errorf("no way of the class %s (%s):\n%s", f.Class, breaks[f.Class], show(p))
		})
	}
}

func TestEveryCorrectGateIsProved(t *testing.T) {
	e := readExpected(t)
	for _, f := range e.Proved {
		t.Run(f.Name, func(t *testing.T) {
			p := Prove(e.input(t, fixtures+"/proved/"+f.File))
			if f.Unknown != "" {
				if p.Proved() || len(p.Undecided) == 0 {
					t.Errorf("what a script does is not known:\n%s", show(p))
				}
				return
			}
			if !p.Proved() || p.Coverage.Percent() != 100 || len(p.Ways) == 0 {
				t.Errorf("coverage %d %%\n%s", p.Coverage.Percent(), show(p))
			}
		})
	}
}

// show writes a proof for people who mend it.
func show(p *Proof) string {
	var b strings.Builder
	for _, w := range slices.Concat(p.Ways, p.Escapes) {
		fmt.Fprintf(&b, "%s %s %q -> %s %q%s at %s, guards %d, limited %v, unnamed %v, credentials %v, %v %v\n", w.Class, w.Template, line(w.Witness), w.Upstream, w.Sent, w.File, w.Location, len(w.Guards), w.Limited, w.Unnamed, w.Credentials, w.Witness.Headers, w.Suppose)
	}
	for _, u := range p.Undecided {
		fmt.Fprintf(&b, "undecided: %s at %s (%q)\n", u.Why, u.Location, line(u.Witness))
	}
	return b.String()
}

func line(q request.Request) string {
	host := "no host"
	if q.Host != nil {
		host = *q.Host
	}
	return q.Method + " " + q.Target + " " + host
}

// A witness that does not do what is said of it would be worth nothing, and neither
// would a region in which some requests end in another way than its sample.
func TestRequestsOfARegionEndAsItsSample(t *testing.T) {
	e := readExpected(t)
	r := rand.New(rand.NewPCG(1, 2))
	var files []string
	for _, f := range e.Faulty {
		files = append(files, fixtures+"/faulty/"+f.File)
	}
	for _, f := range e.Proved {
		files = append(files, fixtures+"/proved/"+f.File)
	}
	tried := 0
	for i, name := range files {
		if i%4 != 0 && os.Getenv("POSTERN_LONG") == "" {
			continue // a quarter of them, unless somebody has time
		}
		in := e.input(t, name)
		leaves := 0
		prove(in, func(x *explorer, l leaf) {
			if leaves++; len(l.undecided) > 0 || leaves > 60 {
				return
			}
			for range 4 {
				y, ok := x.random(t, r, l)
				if !ok {
					continue
				}
				q, choices := x.build(y)
				out, _ := x.models[0].Trace(q, choices)
				tried++
				want := l.ends[0].Outcome
				if out.Kind != want.Kind || out.Status != want.Status || out.Server != want.Server || out.Location != want.Location || out.Upstream != want.Upstream {
					t.Errorf("%s: %s ends %s %d at %s %s, its sample %s ends %s %d at %s %s", filepath.Base(name), line(q), out.Kind, out.Status, out.Location, out.Reason, line(l.Request), want.Kind, want.Status, want.Location, want.Reason)
				}
			}
		})
	}
	t.Logf("%d requests", tried)
	if tried < 1500 {
		t.Error("too few requests were tried")
	}
}

// random is a member of a region.
func (e *explorer) random(t *testing.T, r *rand.Rand, l leaf) (sample, bool) {
	out := sample{}
	for f, v := range l.sample {
		out[f] = v
	}
	_, limited := l.fields[request.Target]
	for f := range l.fields {
		if limited && isTarget(f) {
			continue
		}
		word, ok := e.randomWord(t, r, e.of(l.region, f))
		if !ok {
			return nil, false
		}
		out[f] = word
	}
	for f, from := range l.same {
		out[f] = e.image(out, from)
	}
	for _, d := range l.differ {
		if e.value(out, d.field) == e.image(out, d.image) {
			return nil, false
		}
	}
	return out, true
}

// randomWord goes on at random for a while and then the shortest way to the end.
func (e *explorer) randomWord(t *testing.T, r *rand.Rand, l automata.Lang) (string, bool) {
	var word []byte
	for range r.IntN(12) {
		classes := e.Classes(l)
		c := classes[r.IntN(len(classes))]
		if other := byte(r.IntN(256)); e.Step(l, other) == e.Step(l, c) {
			c = other
		}
		next := e.Step(l, c)
		if _, ok, err := e.Shortest(next); err != nil || !ok {
			continue
		}
		word, l = append(word, c), next
	}
	rest, ok, err := e.Shortest(l)
	if err != nil {
		t.Fatal(err)
	}
	return string(word) + string(rest), ok
}
