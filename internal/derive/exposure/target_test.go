// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// What is sought among targets is compared with a look at every short one.
func TestTargetsAreFoundWhereThereAreAny(t *testing.T) {
	raws := []string{`^/a`, `^/[^%]*$`, `\.\./`, `^(?!.*/\.\.)`, `%2[eE]`, `^/a/\.\./`, `^/[a.]{2,4}$`, `//`, `^[^.]*$`, `%2f`, `^/(\.\.?/)+`, `a\.$`, `^/a(/|%2F)b`, `\?`, `^/%61$`, `/\.\.$`, `/\.$`, `#`, `a#$`, `\?[^#]*#a`}
	paths := []string{`^/$`, `^/a$`, `^/b`, `^/a/$`, `^/a/b$`, `\.\.a`, `^/[^a]*$`, `^/b/a$`, `^//a$`, `a/`}
	alphabet := []string{"/", ".", "a", "b", "%2e", "%2E", "%2F", "%2f", "%61", "?a", "#"}
	r := rand.New(rand.NewPCG(3, 4))
	var targets []string
	level := []string{"/"}
	for range 4 {
		targets = append(targets, level...)
		var next []string
		for _, w := range level {
			for _, x := range alphabet {
				next = append(next, w+x)
			}
		}
		level = next
	}
	for range 60_000 { // some longer ones
		w := "/"
		for range 5 + r.IntN(5) {
			w += alphabet[r.IntN(len(alphabet))]
		}
		targets = append(targets, w)
	}
	found, none := 0, 0
	for _, merges := range []bool{true, false} {
		for _, raw := range raws {
			for _, path := range paths {
				a := automata.New(0)
				s := newSpace(a, merges)
				g := region{}
				g = s.restrict(g, constraint{request.Target, language(t, a, raw)})
				g = s.restrict(g, constraint{request.Path, language(t, a, path)})
				target, got, _, ok, err := s.target(g)
				if err != nil && !errors.Is(err, automata.ErrBudget) {
					t.Fatal(err)
				}
				if ok {
					found++
					inRaw, _ := a.Contains(s.of(g, request.Target), []byte(target))
					inPath, _ := a.Contains(s.of(g, request.Path), []byte(got))
					if !inRaw || !inPath {
						t.Errorf("%s %s: %q is read as %q", raw, path, target, got)
					}
					continue
				}
				none++
				if err != nil {
					t.Errorf("%s %s: %v", raw, path, err)
					continue
				}
				for _, w := range targets {
					p, args, good := request.Normalize(w, merges)
					if !good {
						continue
					}
					inRaw, _ := a.Contains(s.of(g, request.Target), []byte(w))
					inPath, _ := a.Contains(s.of(g, request.Path), []byte(p))
					inArgs, _ := a.Contains(s.of(g, request.Arguments), []byte(args))
					if inRaw && inPath && inArgs {
						t.Errorf("%s %s, merging %v: none was found, but %q is read as %q", raw, path, merges, w, p)
						break
					}
				}
			}
		}
	}
	t.Logf("%d found, %d times there is none", found, none)
	if found < 100 || none < 30 {
		t.Error("the cases are too few")
	}
}

func language(t *testing.T, a *automata.Algebra, pattern string) automata.Lang {
	t.Helper()
	p, err := automata.ParsePattern(pattern, false)
	if err != nil {
		t.Fatal(err)
	}
	return p.Language(a).Upper
}
