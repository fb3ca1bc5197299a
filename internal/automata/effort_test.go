// SPDX-License-Identifier: Apache-2.0

package automata_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/automata"
)

func TestEffortOfPatterns(t *testing.T) {
	for pattern, want := range map[string]automata.Effort{
		`^/desktop/`:        automata.Linear,
		`/finesse/api/User`: automata.Linear,
		`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?([?][A-Za-z0-9._~!*,:@/?&=%+-]*)?$`: automata.Linear,
		`^/finesse/api/User/[^/]+(/[A-Za-z]+)*$`:                                  automata.Linear,
		`\.(js|css|png)$`:                                                         automata.Linear,
		`^[A-Z]+ (/[a-z]*)+/?(\?|\x20HTTP)`:                                       automata.Linear,
		`^/a{3}b{0,2}c*$`:                                                         automata.Linear,
		`^(?!.*cfadmin)/desktop/[a-z]*$`:                                          automata.Linear,
		`^(?!.*/(urls|ResourceURLs)/)/[a-z]`:                                      automata.Linear,
		`^.*$`:                                                                    automata.Linear,
		`^[0-9]{1,64}$`:                                                           automata.Linear,

		`/finesse/.*/foo`:          automata.Polynomial,
		`^.*a.*b$`:                 automata.Polynomial,
		`^a*a*$`:                   automata.Polynomial,
		`a*$`:                      automata.Polynomial,
		`^[a-z]*(x|y)?[a-z]+[0-9]`: automata.Polynomial,
		`(?=.*x)y`:                 automata.Polynomial,
		`(.+)\.(.+)\.example$`:     automata.Polynomial,
		`^[a-z]{1,64}[a-z]*$`:      automata.Polynomial,

		`^/(.*/)*(urls|ResourceURLs)(/|$)`: automata.Exponential,
		`^(a+)+$`:                          automata.Exponential,
		`^(a|a)*$`:                         automata.Exponential,
		`^(a|ab|b)*c`:                      automata.Exponential,
		`^(a*)*$`:                          automata.Exponential,
		`^(/[a-z]+/?)+$`:                   automata.Linear,
		`^(/?[a-z]+/?)+$`:                  automata.Exponential,
		`^(.+)/\1$`:                        automata.Exponential,
		`^(a(?1)?b)*$`:                     automata.Exponential,

		// What takes too long to tell is not told.
		strings.Repeat("(", 60) + strings.Repeat("){8}", 60):                           automata.Exponential,
		strings.Repeat("(", 60) + strings.Repeat("a|", 200) + strings.Repeat(")*", 60): automata.Exponential,
	} {
		p, err := automata.ParsePattern(pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := p.Effort(); got != want {
			t.Errorf("%s: effort %d, want %d", pattern, got, want)
		}
	}
	for pattern, want := range map[string]bool{`^(/[a-z]+)+$`: true, `^[a-z]+/[a-z]*$`: false, `^(a|b){0,7}$`: false} {
		p, err := automata.ParsePattern(pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		if _, groups := p.Effort(); groups != want {
			t.Errorf("%s: repeats groups: %v", pattern, groups)
		}
	}
}

// TestPCRENeverGivesUpOnLinearPatterns tries long periodic subjects, for which patterns
// need most work, with a limit that the square of their length exceeds.
func TestPCRENeverGivesUpOnLinearPatterns(t *testing.T) {
	if _, err := exec.LookPath("pcre2test"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pcre2test is not installed")
		}
		t.Skip("pcre2test is not installed")
	}
	const length, limit = 1200, 120_000
	r := rand.New(rand.NewPCG(20261122, 7))
	var patterns []string
	efforts := map[automata.Effort]int{}
	var effort []automata.Effort
	var input strings.Builder
	for len(patterns) < 900 {
		pattern := randomPattern(r, 3)
		p, err := automata.ParsePattern(pattern, false)
		if err != nil {
			continue
		}
		e, _ := p.Effort()
		patterns, effort = append(patterns, pattern), append(effort, e)
		efforts[e]++
		fmt.Fprintf(&input, "/%x/hex\n", pattern)
		for range 6 {
			word := hexed([]string{"a", "b", "ab", "/", "/a", "aab", "ba/"}[r.IntN(7)])
			fmt.Fprintf(&input, "    %s\\[%s]{%d}%s\\=match_limit=%d\n", hexed(randomSubject(r)), word, length/(len(word)/4), hexed(randomSubject(r)), limit)
		}
		input.WriteByte('\n')
	}
	cmd := exec.Command("pcre2test", "-q", "-")
	cmd.Stdin = strings.NewReader(input.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pcre2test: %v\n%s", err, out)
	}
	i, given := -1, map[automata.Effort]int{}
	for line := range strings.SplitSeq(string(out), "\n") {
		switch {
		case strings.HasPrefix(line, "/"):
			i++
		case strings.HasPrefix(line, "Failed: error -47"):
			given[effort[i]]++
			if effort[i] == automata.Linear {
				t.Errorf("%s: PCRE gives up", patterns[i])
			}
		}
	}
	t.Logf("%d linear, %d polynomial, %d exponential; PCRE gave up on %v", efforts[automata.Linear], efforts[automata.Polynomial], efforts[automata.Exponential], given)
	if efforts[automata.Linear] < 300 || given[automata.Polynomial] < 10 || given[automata.Exponential] < 10 {
		t.Error("the test says little")
	}
}

func hexed(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, `\x%02x`, c)
	}
	return b.String()
}
