// SPDX-License-Identifier: Apache-2.0

package request_test

import (
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/nginx/request/wiretest"
)

// tracedModel reads a piece of configuration without any file system.
func tracedModel(t testing.TB, piece string) *request.Model {
	t.Helper()
	text := "http {\nlarge_client_header_buffers 2 2k;\nupstream u0 { server 127.0.0.1:9000; }\nupstream u1 { server 127.0.0.1:9001; }\nupstream u2 { server 127.0.0.1:9002; }\nupstream u3 { server 127.0.0.1:9003; }\n" + piece + "\n}\n"
	tree := nginx.Parse("c.conf", text)
	return request.New(nginx.Effective(tree, wiretest.Modelled), request.Options{})
}

// A decision that is recorded with a wrong answer would let a proof divide requests
// in a way that nginx does not.
func TestEveryDecisionOfATraceHoldsForItsRequest(t *testing.T) {
	decisions, several := 0, 0
	for seed := range uint64(bound("POSTERN_CONFIGS", 150)) {
		g := wiretest.NewGrammar(seed+1, 0, 8445)
		piece := g.Piece()
		m := tracedModel(t, piece)
		a := automata.New(0)
		answers := map[string][]automata.Bounds{}
		for range 40 {
			q := g.Request()
			out, found := m.Trace(q, nil)
			for _, d := range found.Decisions {
				decisions++
				consistent(t, d.Of)
				if d.Question.Answers == nil {
					if (d.Of.S == d.Other.S) != (d.Answer == 0) {
						t.Fatalf("seed %d: a comparison is wrong", seed)
					}
					continue
				}
				bounds, known := answers[d.Question.Key]
				if !known {
					bounds = d.Question.Answers(a)
					answers[d.Question.Key] = bounds
				}
				if d.Answer < 0 || d.Answer >= len(bounds) {
					t.Fatalf("seed %d: %s: answer %d of %d", seed, d.Question.Key, d.Answer, len(bounds))
				}
				if len(bounds) > 2 {
					several++
				}
				for i, b := range bounds {
					upper, err1 := a.Contains(b.Upper, []byte(d.Of.S))
					lower, err2 := a.Contains(b.Lower, []byte(d.Of.S))
					if err1 != nil || err2 != nil {
						t.Fatal(err1, err2)
					}
					if i == d.Answer && !upper || i != d.Answer && lower {
						t.Fatalf("seed %d: %s of %q at %s: answer %d, but %d says %v to %v\n%q\n%s\n%s", seed, d.Question.Key, d.Of.S, d.At, d.Answer, i, lower, upper, q.Raw(), trace(out.Steps), piece)
					}
				}
			}
		}
	}
	t.Logf("%d decisions, %d with more than two answers", decisions, several)
	if decisions < 10_000 || several < 1000 {
		t.Error("too few decisions were looked at")
	}
}

// consistent demands that the pieces of a text make it up.
func consistent(t *testing.T, x request.Text) {
	t.Helper()
	var b strings.Builder
	for _, p := range x.Pieces {
		b.WriteString(p.S)
	}
	if x.Pieces != nil && b.String() != x.S {
		t.Fatalf("the pieces of %q are %q", x.S, b.String())
	}
}
