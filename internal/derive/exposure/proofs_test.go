// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// oracle puts proofs to the real nginx.
type oracle struct {
	*testing.T
	*fresh
	bench *wiretest.Bench

	mu     sync.Mutex
	shown  map[uint64]bool
	all    []arrived
	counts map[string]int
}

// batch is how many configurations one nginx runs.
const batch = 60

// keptArrivals is how many requests are searched for planted defects.
const keptArrivals = 500

// A proof is worth what it says about the real nginx: every way that it names is open
// there, and nothing gets through there that it does not name.
func TestProofsHoldInNginx(t *testing.T) {
	o := &oracle{T: t, fresh: freshReader(t, oracleSurface), bench: wiretest.NewBench(t), shown: map[uint64]bool{}, counts: map[string]int{}}
	first, configs := uint64(bound("POSTERN_SEED", 1)), bound("POSTERN_CONFIGS", 30)
	for from := 0; from < configs; from += batch {
		o.run(first+uint64(from), min(batch, configs-from))
		if from%600 == 0 && from > 0 {
			t.Logf("%d configurations, %d wrong", from, len(o.shown))
		}
	}
	t.Logf("%v", o.counts)
	if n := o.counts["configurations"]; n >= 30 && (o.counts["proved with open ways"] < n/20 || o.counts["forwarded"] < 10*n || o.counts["counter-examples replayed"] < n) || n >= 300 && 100*o.counts["proved"] < 15*n {
		t.Error("too little was proved, forwarded or replayed")
	}
	if first == 1 {
		o.findPlanted()
	}
}

func (o *oracle) count(what string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.counts[what]++
}

// run proves some configurations and asks one nginx about all of them.
func (o *oracle) run(first uint64, configs int) {
	o.bench.Reuse()
	var trials []*trial
	var pieces []string
	for i := range configs {
		x := newTrial(o, o.bench, first+uint64(i), i)
		trials, pieces = append(trials, x), append(pieces, x.piece)
	}
	stop, refused := o.bench.Start(o, pieces)
	defer stop()
	trials = slices.DeleteFunc(trials, func(x *trial) bool { return refused[x.number] != "" })
	o.bench.SetAnswers(func(string) int { return 200 })
	forEach(trials, func(x *trial) {
		x.config = o.bench.Config(o, x.piece)
		x.proved = o.prove(x.config)
		o.tally(x)
		m := o.model(x, 200)
		for _, w := range x.proof.Ways {
			o.replay(x, m, w)
		}
	})
	defer func() {
		if len(o.all) == keptArrivals {
			for _, x := range trials {
				x.open = nil // regions need much memory
			}
		}
	}()
	for _, status := range []int{200, 401} {
		o.bench.SetAnswers(func(string) int { return status })
		forEach(trials, func(x *trial) {
			m := o.model(x, status)
			for range bound("POSTERN_REQUESTS", 80) / 2 {
				q := x.request()
				o.ask(x, m, q, status == 401)
			}
		})
	}
}

func (o *oracle) model(x *trial, status int) *request.Model {
	options := o.bench.Options()
	options.Answer = func(upstream, _ string) int {
		if numberOf(upstream) == guardNumber {
			return status
		}
		return 200
	}
	return request.New(x.config, options)
}

// tally counts what became of a proof.
func (o *oracle) tally(x *trial) {
	o.count("configurations")
	switch {
	case x.proof.Proved():
		o.count("proved")
		if slices.ContainsFunc(x.proof.Ways, func(w Way) bool { return numberOf(w.Upstream) >= 0 }) {
			o.count("proved with open ways")
		}
	case slices.ContainsFunc(x.proof.Ways, Way.Counterexample):
		o.count("with counter-examples")
	}
	if len(x.proof.Undecided) > 0 {
		o.count("undecided")
	}
}

// replay sends the witness of a way that supposes nothing.
func (o *oracle) replay(x *trial, m *request.Model, w Way) {
	n := numberOf(w.Upstream)
	if len(w.Suppose) > 0 || n < 0 {
		o.count("ways that suppose something")
		return
	}
	q := here(w.Witness)
	q.Headers = append(slices.Clone(q.Headers), [2]string{"Connection", "close"})
	// The clients of witnesses are nobody's, so that one of this machine has to ask.
	// The clients of witnesses are nobody's, so that one of this machine has to ask.
	var out request.Outcome
	gone := slices.ContainsFunc([]string{"127.0.0.1", "127.0.0.9", "127.1.2.3"}, func(client string) bool {
		q.Client = client
		out = m.Handle(q)
		return out.Upstream == w.Upstream && out.Path == w.Sent
	})
	secret := slices.ContainsFunc(w.Guards, func(g request.Guard) bool { return g.Name == "auth_basic" || g.Name == "ssl_verify_client" })
	if !gone && (secret || w.Limited) {
		o.count("ways of clients that are not here")
		return // nobody has a password or a certificate, and no network but one is here
	}
	seen := o.bench.Send(o, q)
	if seen.Status == 0 && seen.Upstream == "" {
		seen = o.bench.SendAgain(o, q) // another request may have ended the worker
	}
	o.count("ways replayed")
	if w.Counterexample() {
		o.count("counter-examples replayed")
	}
	if seen.Upstream == "" || o.bench.Number(seen.Upstream) != n || seen.Path != w.Sent {
		o.wrong(x, q, "the witness is to reach %s as %q (%s); nginx: %s; the model: %s %q %s", w.Upstream, w.Sent, w.Class, seen, out.Kind, out.Path, out.Reason)
	}
}

// here is a request for an address of this machine: where every one will do, for one that
// no configuration names.
func here(q request.Request) request.Request {
	if q.Address == "" {
		q.Address = "127.0.0.3"
	}
	return q
}

// ask sends any request, and demands that the proof knows the way that it takes.
func (o *oracle) ask(x *trial, m *request.Model, q request.Request, refusing bool) {
	seen := o.bench.Send(o, q)
	o.count("requests")
	if seen.Upstream == "" {
		return
	}
	o.count("forwarded")
	a := arrived{x, q, seen, o.bench.Number(seen.Upstream), m.Handle(q), refusing}
	if a.model.Kind == request.Unknown {
		o.count("forwarded, and not known to the model")
		if !x.proof.Proved() {
			return
		}
	} else if !seen.Agrees(a.model, q) {
		o.wrong(x, q, "nginx: %s; the model: %s %q", seen, a.model.Kind, a.model.Path)
		return
	}
	why, undecided := a.contradiction(o.fresh, x.proved)
	switch {
	case undecided:
		o.count("forwarded, and left open by the proof")
	case why != "":
		o.wrong(x, q, "nginx: %s %s at %s: %s", seen.Method, seen, a.model.Location, why)
	default:
		o.count("forwarded as the proof says")
		o.mu.Lock()
		defer o.mu.Unlock()
		if len(o.all) < keptArrivals {
			o.all = append(o.all, a)
		}
	}
}

// wrong reports the first disagreement of a configuration.
func (o *oracle) wrong(x *trial, q request.Request, format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.shown[x.seed] {
		return
	}
	o.shown[x.seed] = true
	o.Errorf("seed %d: %q from %s, TLS %v %q\n%s", x.seed, q.Raw(), q.Client, q.TLS, q.SNI, fmt.Sprintf(format, args...))
	if len(o.shown) <= bound("POSTERN_SHOWN", 5) {
		o.Logf("%s\n%s", show(x.proof), x.piece)
	}
}

// request is any, or one that is near a way of the proof.
func (x *trial) request() request.Request {
	q := x.grammar.Request()
	if n := len(x.proof.Ways); n > 0 && x.IntN(2) == 0 {
		client := q.Client
		q = here(x.proof.Ways[x.IntN(n)].Witness)
		q.Headers = append(slices.Clone(q.Headers), [2]string{"Connection", "close"})
		q.Client = client
		if x.IntN(4) == 0 {
			return q
		}
	} else if x.IntN(3) > 0 {
		return q
	}
	x.odd(&q)
	return q
}

// odd makes a request that a proof may have left out.
func (x *trial) odd(q *request.Request) {
	pick := func(list ...string) string { return list[x.IntN(len(list))] }
	host := pick("h.example", "b", "w.h.example", "other")
	if q.Host != nil && x.IntN(2) == 0 {
		host = *q.Host
	}
	with := func(s string) { q.Host = &s }
	switch x.IntN(12) {
	case 0:
		with(host + pick(":80.", ":.", ":8445", ":", ":a", ":80:80", "."))
	case 1:
		with(pick("[::1]", "[::1]:80", "[h.example]", "[", "[]", "[::1].", "[::1]h.example"))
	case 2:
		q.Host = nil
		q.Version = pick("1.0", "1.0", "1.1")
	case 3:
		q.Target = pick("http://", "HTTP://", "x://") + host + pick("", ":80", ".", ":x") + q.Target
		with(pick("h.example", "other", "b", ""))
	case 4:
		q.Headers = append(q.Headers, [2]string{"Host", host})
	case 5:
		q.Version = "1.0"
	case 6:
		q.Version = "0.9"
	case 7:
		q.Method = pick("PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "TRACE", "CONNECT", "get", "GETX", "XGET", "A_B", "POST", "HEAD")
	case 8:
		with(strings.ToUpper(host))
	case 9:
		if q.TLS {
			q.SNI = pick("", "other", "H.EXAMPLE", "b", "h.example", "x.y.z")
		}
	case 10:
		q.Target = strings.Replace(q.Target, pick("/", "a", "b"), pick("//", "/./", "/x/../", "%61", "%2f", "/;x/", "a;x=1", "%62", "/%2e/", "//../", "/;/../", "/x/;/../"), 1)
	case 11:
		q.Target += pick(";", "/", "%20", ";/x", "/.", "/..", "%3f", "?", "#", "%00", "%0a", "%5c", "/%252e%252e/", "~", "//", "%c3%a9", "/;/../x", "//../x", "#/../x", "/x;/../;y")
	}
}

// defects are what a proof with a defect makes of a configuration.
var defects = []struct {
	name, instead string
	of            *regexp.Regexp
}{
	{"an upstream is not looked at", "", regexp.MustCompile(`(?m)^proxy_pass http://u1.*$`)},
	{"a pattern of methods is narrower", "^GET$$", regexp.MustCompile(`\^\(GET\|HEAD.*\)\$`)},
	{"a pattern of targets is wider", "$0/b|/p|", regexp.MustCompile(`(?m)^if \(\$request_uri ~ "`)},
	{"exact locations lie elsewhere", "$0/elsewhere", regexp.MustCompile(`(?m)^location = "?`)},
}

// findPlanted proves configurations that were changed, and demands that requests which
// nginx forwards as they were contradict it; and likewise when regions get lost.
func (o *oracle) findPlanted() {
	for _, d := range defects {
		o.lookFor(d.name, func(x *trial) *proved {
			if !d.of.MatchString(x.piece) {
				return nil
			}
			return o.prove(o.bench.Config(o, d.of.ReplaceAllString(x.piece, d.instead)))
		})
	}
	o.lookFor("every third region is lost", func(x *trial) *proved {
		out := &proved{proof: x.proof}
		for i, r := range x.open {
			if i%3 > 0 {
				out.open = append(out.open, r)
			}
		}
		return out
	})
}

func (o *oracle) lookFor(name string, with func(*trial) *proved) {
	o.Run("the planted defect is found: "+name, func(t *testing.T) {
		proofs := map[*trial]*proved{}
		for _, a := range o.all {
			p, known := proofs[a.trial]
			if !known {
				p = with(a.trial)
				proofs[a.trial] = p
			}
			if p == nil {
				continue
			}
			if why, _ := a.contradiction(o.fresh, p); why != "" {
				return
			}
		}
		t.Error("nothing contradicts it")
	})
}
