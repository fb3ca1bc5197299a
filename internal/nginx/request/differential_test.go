// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// bound is a number of configurations or requests, which the environment may raise.
func bound(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return usual
}

// plantedBound is how many exchanges are searched for planted defects.
const plantedBound = 10000

// exchange is a request with what the model and nginx made of it.
type exchange struct {
	seed  uint64
	piece string
	request.Request
	request.Outcome
	wiretest.Observed
}

// batchSize is how many configurations one nginx runs.
const batchSize = 60

// clients is how many requests are on their way at once: some answers are silence.
const clients = 12

// exchanges runs random configurations; each is named by its seed.
func exchanges(t testing.TB, b *wiretest.Bench, first uint64, configs, requests int, use func(exchange)) (refused int) {
	for from := 0; from < configs; from += batchSize {
		b.Reuse()
		var pieces []string
		var grammars []*wiretest.Grammar
		for i := from; i < min(from+batchSize, configs); i++ {
			g := wiretest.NewGrammar(first+uint64(i), i-from, b.Port(t))
			grammars, pieces = append(grammars, g), append(pieces, g.Piece())
		}
		stop, bad := b.Start(t, pieces)
		refused += len(bad)
		for _, text := range bad {
			if os.Getenv("POSTERN_VERBOSE") != "" {
				t.Log(text)
			}
		}
		var wait sync.WaitGroup
		var lock sync.Mutex
		work := make(chan int)
		for range clients {
			wait.Go(func() {
				for i := range work {
					m := b.Model(t, pieces[i])
					for range requests {
						q := grammars[i].Request()
						e := exchange{first + uint64(from+i), pieces[i], q, m.Handle(q), b.Send(t, q)}
						if e.Kind != request.Unknown && e.Observed.Status == 0 && e.Observed.Upstream == "" && !e.Agrees(e.Outcome, q) {
							e.Observed = b.SendAgain(t, q)
						}
						lock.Lock()
						use(e)
						lock.Unlock()
					}
				}
			})
		}
		for i := range pieces {
			if _, skip := bad[i]; !skip {
				work <- i
			}
		}
		close(work)
		wait.Wait()
		stop()
	}
	return refused
}

func TestRandomRequestsEndAsInNginx(t *testing.T) {
	b := wiretest.NewBench(t)
	configs, requests := bound("POSTERN_CONFIGS", 100), bound("POSTERN_REQUESTS", 100)
	kinds, reasons := map[request.Kind]int{}, map[string]int{}
	total, wrong, silent, crashed := 0, 0, 0, 0
	first := uint64(bound("POSTERN_SEED", 1))
	counts, prefix, seen := newCensus(), b.Prefix(), map[uint64]bool{}
	shown := map[uint64]int{} // disagreements of a configuration
	var agreed []exchange
	refused := exchanges(t, b, first, configs, requests, func(e exchange) {
		if !seen[e.seed] {
			if seen[e.seed] = true; len(seen)%1000 == 0 {
				t.Logf("%d configurations, %d disagreements, %d unknown", len(seen), wrong, kinds[request.Unknown])
			}
			counts.has(e.piece)
		}
		total++
		kinds[e.Kind]++
		counts.add(prefix, e)
		switch {
		case e.Kind == request.Unknown:
			reason, _, _ := strings.Cut(e.Reason, " (")
			reasons[reason]++
		case e.Observed.Crashed:
			crashed++
			fallthrough
		case !e.Agrees(e.Outcome, e.Request):
			wrong++
			if shown[e.seed]++; shown[e.seed] == 1 && len(shown) <= 10 {
				t.Errorf("seed %d: %+v\n%q\nnginx: %s\nmodel: %s %d %v %q (%s)\n%s\n%s", e.seed, e.Request, e.Raw(), e.Observed, e.Kind, e.Outcome.Status, e.Peers, e.Outcome.Path, e.Reason, trace(e.Steps), e.piece)
			}
		case e.Mute(e.Outcome, e.Request):
			silent++
		case len(agreed) < plantedBound:
			agreed = append(agreed, e)
		}
	})
	t.Logf("%d configurations from seed %d (%d refused by nginx), %d requests, %d disagreements, %d answers that tell nothing, %d crashes of nginx", configs, first, refused, total, wrong, silent, crashed)
	if 20*silent > total {
		t.Errorf("%d of %d answers tell nothing", silent, total)
	}
	for _, k := range []request.Kind{request.Forwarded, request.Refused, request.Answered, request.Unknown} {
		t.Logf("%s: %.2f %%", k, 100*float64(kinds[k])/float64(total))
	}
	names := make([]string, 0, len(reasons))
	for n := range reasons {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool { return reasons[names[i]] > reasons[names[j]] })
	for _, n := range names[:min(10, len(names))] {
		t.Logf("unknown %d times: %s", reasons[n], n)
	}
	counts.report(t)
	if configs >= 1000 && (50*kinds[request.Unknown] > total || 5*kinds[request.Forwarded] < total || 5*kinds[request.Refused] < total) {
		t.Error("at most 2 % may be unknown, and a fifth is to be forwarded and a fifth refused")
	}
	if first == 1 {
		findPlanted(t, b, agreed)
	}
}

func trace(steps []request.Step) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteString("  " + s.Pos.String() + " " + s.Text + "\n")
	}
	return b.String()
}
