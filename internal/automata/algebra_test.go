// SPDX-License-Identifier: Apache-2.0

package automata_test

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/automata"
)

func TestTheAlgebraKeepsItsLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		a := automata.New(0)
		x, y, z := randomLang(r, a, 3), randomLang(r, a, 3), randomLang(r, a, 3)
		same := func(law string, l, m automata.Lang) {
			t.Helper()
			if ok, word, err := a.Within(l, m); !ok || err != nil {
				t.Errorf("%s: %q is on the left only (%v)", law, word, err)
			}
			if ok, word, err := a.Within(m, l); !ok || err != nil {
				t.Errorf("%s: %q is on the right only (%v)", law, word, err)
			}
		}
		same("x & (y | z) = x & y | x & z", a.Intersect(x, a.Union(y, z)), a.Union(a.Intersect(x, y), a.Intersect(x, z)))
		same("!(x | y) = !x & !y", a.Complement(a.Union(x, y)), a.Intersect(a.Complement(x), a.Complement(y)))
		same("x \\ y = x & !y", a.Difference(x, y), a.Intersect(x, a.Complement(y)))
		same("x(y | z) = xy | xz", a.Concat(x, a.Union(y, z)), a.Union(a.Concat(x, y), a.Concat(x, z)))
		same("x{1,3} = x | xx | xxx", a.Repeat(x, 1, 3), a.Union(x, a.Concat(x, x), a.Concat(x, x, x)))
		same("x* = () | xx*", a.Star(x), a.Union(automata.Empty, a.Concat(x, a.Star(x))))
	}
}

func randomLang(r *rand.Rand, a *automata.Algebra, depth int) automata.Lang {
	if depth == 0 {
		return a.Set(automata.Bytes("abc"[r.IntN(3)], "abc"[r.IntN(3)]))
	}
	sub := func() automata.Lang { return randomLang(r, a, depth-1) }
	switch r.IntN(7) {
	case 0:
		return a.Union(sub(), sub())
	case 1:
		return a.Intersect(sub(), a.Complement(sub()))
	case 2:
		return a.Star(sub())
	case 3:
		return a.Optional(sub())
	case 4:
		return a.Literal("ab")
	}
	return a.Concat(sub(), sub())
}

func TestTheShortestMemberIsShortest(t *testing.T) {
	for pattern, want := range map[string]string{
		`^(aaa|bb)+c$`: "bbc", `^[^/]*/admin$`: "/admin", `^x{3,}$`: "xxx", `^[\x00-\x20~]$`: "~", `^/(?!a|b|c)[a-z]$`: "/d",
	} {
		p, err := automata.ParsePattern(pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		a := automata.New(0)
		word, found, err := a.Shortest(p.Language(a).Upper)
		if err != nil || !found || string(word) != want {
			t.Errorf("%s: shortest is %q, %v, %v; want %q", pattern, word, found, err, want)
		}
	}
}

func TestAnAutomatonThatExplodesIsAnError(t *testing.T) {
	p, err := automata.ParsePattern(`^[ab]*a[ab]{40}$`, false)
	if err != nil {
		t.Fatal(err)
	}
	a := automata.New(20_000)
	l := p.Language(a).Upper
	if _, _, err := a.Shortest(a.Complement(a.Union(l, a.Complement(a.Star(a.Set(automata.Bytes('a', 'b'))))))); err != nil {
		t.Errorf("an easy question about it: %v", err)
	}
	q, err := automata.ParsePattern(`^[ab]*b[ab]{40}$`, false)
	if err != nil {
		t.Fatal(err)
	}
	long := a.Repeat(a.Set(automata.Bytes('a', 'b')), 60, 60)
	if _, _, err := a.Within(long, a.Union(l, q.Language(a).Upper)); err == nil {
		return // it is decided within the budget after all
	} else if !errors.Is(err, automata.ErrBudget) {
		t.Errorf("error %v", err)
	}
}

func TestTheBudgetIsAskedForEveryAnswer(t *testing.T) {
	a := automata.New(10)
	l := a.Literal("a string that is longer than ten bytes")
	if _, _, err := a.Shortest(l); !errors.Is(err, automata.ErrBudget) {
		t.Errorf("shortest: %v", err)
	}
	if _, err := a.Contains(l, []byte("a")); !errors.Is(err, automata.ErrBudget) {
		t.Errorf("contains: %v", err)
	}
	if _, err := a.IsNone(l); !errors.Is(err, automata.ErrBudget) {
		t.Errorf("none: %v", err)
	}
}

// BenchmarkInclusion compares a proof over all strings with what the regexp package
// of the standard library takes to look at ten thousand of them.
func BenchmarkInclusion(b *testing.B) {
	const allowed, open = `^/(desktop|finesse/api/(User|Queue|Team)/[^/]+|3rdpartygadget/files/.*)(/.*)?$`, `^/finesse/api/(User|Team)/[0-9]+(/Dialogs)?$`
	b.Run("proof", func(b *testing.B) {
		for b.Loop() {
			a := automata.New(0)
			p, _ := automata.ParsePattern(open, false)
			q, _ := automata.ParsePattern(allowed, false)
			if ok, _, err := a.Within(p.Language(a).Upper, q.Language(a).Lower); !ok || err != nil {
				b.Fatal(ok, err)
			}
		}
	})
	b.Run("ten_thousand_strings", func(b *testing.B) {
		p, q := regexp.MustCompile(open), regexp.MustCompile(allowed)
		word := "/finesse/api/User/" + strings.Repeat("7", 12)
		for b.Loop() {
			for range 10_000 {
				if p.MatchString(word) && !q.MatchString(word) {
					b.Fatal("not allowed")
				}
			}
		}
	})
}
