// SPDX-License-Identifier: Apache-2.0

package automata

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// decoder replaces "+" by a slash and doubles "b".
type decoder struct{}

func (decoder) Name() string { return "decoder" }

func (decoder) Step(state int, c byte) (string, int, bool) {
	switch {
	case c == '!':
		return "", 0, false
	case state == 1:
		return string(c) + string(c), 0, true
	case c == '\\':
		return "", 1, true
	case c == '+':
		return "/", 0, true
	}
	return string(c), 0, true
}

func (decoder) Finish(state int) (string, bool) { return "", state == 0 }

func decoded(s string) (string, bool) {
	var b strings.Builder
	state := 0
	for i := range len(s) {
		out, next, ok := decoder{}.Step(state, s[i])
		if !ok {
			return "", false
		}
		state = next
		b.WriteString(out)
	}
	return b.String(), state == 0
}

func randomWord(r *rand.Rand, alphabet string, most int) string {
	b := make([]byte, r.IntN(most+1))
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func TestRelationsOfLanguagesAreThoseOfTheirMembers(t *testing.T) {
	patterns := []string{`^/a(b|/)*$`, `ab+/`, `^[^/]+/x?`, `(a|b/)*a.b`, `^(?!/a)/b`}
	r := rand.New(rand.NewPCG(5, 6))
	member := func(a *Algebra, l Lang, s string) bool {
		is, err := a.Contains(l, []byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	for _, text := range patterns {
		p, err := ParsePattern(text, false)
		if err != nil {
			t.Fatal(err)
		}
		a := New(0)
		l := p.Language(a).Upper
		for range 400 {
			head, tail := randomWord(r, "ab/x", 5), randomWord(r, "ab/x", 3)
			want := member(a, l, head+tail)
			if got := member(a, a.After(l, head), tail); got != want {
				t.Fatalf("%s: %q after %q: %v", text, tail, head, got)
			}
			if got := member(a, a.Before(l, tail), head); got != want {
				t.Fatalf("%s: %q before %q: %v", text, head, tail, got)
			}
			to := a.After(l, head)
			if !member(a, a.Between(l, to), head) {
				t.Fatalf("%s: %q does not lead where it leads", text, head)
			}
			if other := randomWord(r, "ab/x", 5); member(a, a.Between(l, to), other) != (a.After(l, other) == to) {
				t.Fatalf("%s: %q leads elsewhere than %q", text, other, head)
			}
			raw := randomWord(r, `ab/x+\!`, 6)
			made, ok := decoded(raw)
			if got, want := member(a, a.Preimage(decoder{}, l), raw), ok && member(a, l, made); got != want {
				t.Fatalf("%s: the preimage has %q: %v, it makes %q", text, raw, got, made)
			}
		}
	}
}

// The bounds of a captured group against the matcher, which pcre2test checks.
func TestBoundsOfAGroupHoldWhatTheMatcherCaptures(t *testing.T) {
	cases := []struct {
		pattern string
		group   int
		exact   bool
	}{
		{`^/a/(.*)$`, 1, true},
		{`^/([^/]+)/(.*)`, 1, true},
		{`^/([^/]+)/(.*)`, 2, true},
		{`^/a([^/]+)$`, 1, true},
		{`^/a/?(b[^/]*)$`, 1, true},
		{`/a(.*)b`, 1, false},
		{`^(a|ab)(b*)/`, 2, false},
		{`^/x(/b.*)?$`, 1, false},
		{`^((/)a*)/b$`, 1, true},
	}
	within := []string{`^$`, `b`, `^a`, `/$`, `^/?b*$`}
	r := rand.New(rand.NewPCG(7, 8))
	for _, c := range cases {
		p, err := ParsePattern(c.pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		decided, undecided := 0, 0
		for _, w := range within {
			q, err := ParsePattern(w, false)
			if err != nil {
				t.Fatal(err)
			}
			a := New(0)
			l := q.Language(a).Upper
			b := p.Capturing(a, c.group, l)
			for range 600 {
				s := []byte("/" + randomWord(r, "ab/x\n", 7))
				spans, ok, err := p.Match(s)
				if err != nil {
					t.Fatal(err)
				}
				holds := false
				if ok && spans[c.group].Start >= 0 {
					holds, _ = a.Contains(l, s[spans[c.group].Start:spans[c.group].End])
				}
				lower, _ := a.Contains(b.Lower, s)
				upper, err := a.Contains(b.Upper, s)
				if err != nil {
					t.Fatal(err)
				}
				if lower && !holds || holds && !upper {
					t.Fatalf("%s group %d within %s of %q: holds %v, bounds %v %v", c.pattern, c.group, w, s, holds, lower, upper)
				}
				if lower == upper {
					decided++
				} else {
					undecided++
				}
			}
		}
		if c.exact && undecided > 0 {
			t.Errorf("%s group %d: %d of %d subjects are not decided", c.pattern, c.group, undecided, decided+undecided)
		}
	}
}
