// SPDX-License-Identifier: Apache-2.0

package automata_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/automata"
)

// decide returns what the automaton says: yes, no, or unknown between the bounds.
func decide(t testing.TB, a *automata.Algebra, b automata.Bounds, subject []byte) string {
	t.Helper()
	lower, err := a.Contains(b.Lower, subject)
	if err != nil {
		return "budget"
	}
	upper, err := a.Contains(b.Upper, subject)
	if err != nil {
		return "budget"
	}
	switch {
	case lower && !upper:
		t.Fatalf("%q is in the lower bound and not in the upper", subject)
	case lower:
		return "yes"
	case !upper:
		return "no"
	}
	return "unknown"
}

func TestPatternsMatchWhatNginxMatches(t *testing.T) {
	for _, c := range []struct {
		pattern string
		fold    bool
		yes, no string
	}{
		{`^/x$`, false, "/x|/x\n", "/x\n\n|/xy|a/x|/X"},
		{`^/x\z`, false, "/x", "/x\n"},
		{`^/x\Z`, false, "/x|/x\n", "/x\nn"},
		{`^/x$`, true, "/X|/x", "/y"},
		{`/finesse/api/User`, false, "/finesse/api/User|/x/finesse/api/User1", "/finesse/api/use"},
		{`\.xml`, false, "a.xml|/b.xmlx", "axml"},
		{`^/(?!api|desktop)`, false, "/|/x|/ap", "/api|/apiary|/desktop/"},
		{`^/a(?=b)[a-z]+$`, false, "/ab|/abc|/ab\n", "/a|/ac|/aB"},
		{`(?<!x)y`, false, "y|ay|xyy", "xy|x"},
		{`(?<=/)admin$`, false, "/admin|x/admin", "admin|xadmin"},
		{`\badmin\b`, false, "admin|/admin/|x admin\n", "xadmin|admins|_admin"},
		{`^(/a|/b(?:c|d)?)/[^/]{2,3}$`, false, "/a/xx|/bc/xyz|/b/zz", "/a/x|/bcd/xx|/a/xxxx"},
		{`^(?i:/Abc)/d$`, false, "/aBC/d", "/abc/D"},
		{`^[[:alpha:]_-]+[^[:digit:]]$`, false, "a-|ab", "a1|1a|a"},
		{`^/a++/`, false, "/aaa/", "/a"},
		{`^.*$`, false, "|abc|a\n", "a\nb|a\n\n"},
		{`(?s)^.*$`, false, "a\nb", ""},
		{`(?m)^b$`, false, "b|a\nb\nc|a\nb", "ab|a b"},
		{`^\x2f\057[\d-]$`, false, "//-|//7", "/-"},
		{`^a{,2}$`, false, "a{,2}", "aa|"},
		{`^\Qa.b*\E+$`, false, "a.b*|a.b***", "a.b|axb*"},
		{`(?x) ^ / a # comment`, false, "/a", "/ a"},
		{`^(a|ab)(c|bcd)$`, false, "abcd|ac|abc", "abd"},
		{`^(\w)\1$`, false, "aa|11", "ab|a"},
		{`^(?>a|ab)c`, false, "ac", "abc|b"},
		{`^(\((?:[^()]|(?1))*\))$`, false, "()|((a)b)", "(()|)("},
		{`^(a)?(?(1)b|c)$`, false, "ab|c", "b|ac"},
		{`[]a]`, false, "]|a", "b"},
		{`^[^]a]$`, false, "b", "]|a"},
		{`^[a\-z]$`, false, "-|a|z", "b"},
		{`^\/\.\-$`, false, "/.-", "/x-"},
		{`^a(*FAIL)|b`, false, "b", "a"},
		{``, false, "|x", ""},
	} {
		p, err := automata.ParsePattern(c.pattern, c.fold)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		a := automata.New(0)
		bounds := p.Language(a)
		try := func(list, want string) {
			if list == "" && want == "no" {
				return
			}
			for _, subject := range strings.Split(list, "|") {
				_, matched, err := p.Match([]byte(subject))
				if err != nil || matched != (want == "yes") {
					t.Errorf("%s on %q: match says %v, %v", c.pattern, subject, matched, err)
				}
				if got := decide(t, a, bounds, []byte(subject)); got != want && (got != "unknown" || bounds.Exact()) {
					t.Errorf("%s on %q: the automaton says %s", c.pattern, subject, got)
				}
			}
		}
		try(c.yes, "yes")
		try(c.no, "no")
		if wide := len(bounds.Widened) > 0; wide != (strings.Contains(c.pattern, `\1`) || strings.Contains(c.pattern, "(?>") || strings.Contains(c.pattern, "(?1)") || strings.Contains(c.pattern, "(?(")) {
			t.Errorf("%s: widened %v", c.pattern, bounds.Widened)
		}
	}
}

func TestMistakesInPatternsHaveAPlace(t *testing.T) {
	for pattern, offset := range map[string]int{
		`(a`: 0, `a)`: 1, `[a`: 0, `*a`: 0, `a{3,2}`: 1, `a\`: 1, `[z-a]`: 4, `(?<n`: 3, `\x{100}`: 7, `(?k)`: 2, `\8`: 2, `[[:no:]]`: 1, `(?P=x)`: 4, `a{70000}`: 1,
	} {
		_, err := automata.ParsePattern(pattern, false)
		var syntax *automata.SyntaxError
		if !errors.As(err, &syntax) || syntax.Offset != offset {
			t.Errorf("%s: error %v, want one at byte %d", pattern, err, offset)
		}
	}
	if _, err := automata.ParsePattern(strings.Repeat("(", 1000), false); err == nil {
		t.Error("1000 open groups are taken")
	}
}

func TestGroupsAreThoseOfTheFirstAttemptThatMatches(t *testing.T) {
	for _, c := range []struct{ pattern, subject, want string }{
		{`^/(a|ab)(.*)$`, "/abc", "/abc a bc"},
		{`^/(.*?)(b*)$`, "/abbb", "/abbb a bbb"},
		{`/(?<user>[^/]+)/(x)?`, "/api/u", "/api/ api -"},
		{`(a*)*`, "aa", "aa "},
		{`^(?:(a)|b)*$`, "ab", "ab a"},
	} {
		p, err := automata.ParsePattern(c.pattern, false)
		if err != nil {
			t.Fatal(err)
		}
		spans, ok, err := p.Match([]byte(c.subject))
		if !ok || err != nil {
			t.Errorf("%s on %q: %v, %v", c.pattern, c.subject, ok, err)
			continue
		}
		var got []string
		for _, s := range spans {
			if s.Start < 0 {
				got = append(got, "-")
			} else {
				got = append(got, c.subject[s.Start:s.End])
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s on %q: %q, want %q", c.pattern, c.subject, strings.Join(got, " "), c.want)
		}
	}
}

// TestPCREAgreesOnRandomPatterns asks the library that nginx uses.
func TestPCREAgreesOnRandomPatterns(t *testing.T) {
	if _, err := exec.LookPath("pcre2test"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("pcre2test is not installed")
		}
		t.Skip("pcre2test is not installed")
	}
	rounds := 5000
	if testing.Short() {
		rounds = 300
	}
	r := rand.New(rand.NewPCG(20260601, 5))
	patterns := make([]string, rounds)
	subjects := make([][]string, rounds)
	for i := range patterns {
		patterns[i] = randomPattern(r, 3)
		for range 12 {
			subjects[i] = append(subjects[i], randomSubject(r))
		}
	}
	answers := askPCRE(t, patterns, subjects)
	compared, matched, unknown, exact := 0, 0, 0, 0
	for i, pattern := range patterns {
		p, err := automata.ParsePattern(pattern, false)
		if refused := answers[i] == nil; (err != nil) != refused {
			t.Errorf("%s: parse error %v, PCRE refuses it: %v", pattern, err, refused)
		}
		if err != nil || answers[i] == nil {
			continue
		}
		a := automata.New(0)
		bounds := p.Language(a)
		if bounds.Exact() {
			exact++
		}
		for j, subject := range subjects[i] {
			if answers[i][j] == "" {
				continue
			}
			spans, ok, err := p.Match([]byte(subject))
			if errors.Is(err, automata.ErrBudget) {
				unknown++
				continue
			}
			if err != nil {
				t.Fatalf("%s on %q: %v", pattern, subject, err)
			}
			compared++
			if ok {
				matched++
			}
			if got := groupsOf(spans, subject); got != answers[i][j] {
				t.Errorf("%s on %q: match says %s, PCRE %s", pattern, subject, got, answers[i][j])
			}
			switch says := decide(t, a, bounds, []byte(subject)); {
			case says == "unknown" || says == "budget":
				unknown++
			case (says == "yes") != (answers[i][j] != "no"):
				t.Errorf("%s on %q: the automaton says %s, PCRE %s", pattern, subject, says, answers[i][j])
			}
		}
	}
	t.Logf("%d patterns (%d exact), %d subjects, %d matched, %d unknown", rounds, exact, compared, matched, unknown)
	if matched*10 < compared || matched*10 > 9*compared || unknown*10 > compared {
		t.Errorf("of %d subjects %d matched and %d are unknown: the test says little", compared, matched, unknown)
	}
}

// groupsOf writes what was captured as askPCRE does.
func groupsOf(spans []automata.Span, subject string) string {
	if spans == nil {
		return "no"
	}
	for len(spans) > 1 && spans[len(spans)-1].Start < 0 {
		spans = spans[:len(spans)-1]
	}
	var out []string
	for _, s := range spans {
		if s.Start < 0 {
			out = append(out, "<unset>")
			continue
		}
		text := ""
		for _, b := range []byte(subject[s.Start:s.End]) {
			if b < ' ' || b > '~' {
				text += fmt.Sprintf(`\x%02x`, b)
			} else {
				text += string(b)
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, "|")
}

// askPCRE returns what each pattern captures in each of its subjects: nil for a
// pattern that is refused, "no" for a subject that does not match, "" where it gave up.
func askPCRE(t *testing.T, patterns []string, subjects [][]string) [][]string {
	t.Helper()
	var input strings.Builder
	for i, pattern := range patterns {
		fmt.Fprintf(&input, "/%s/hex\n", hex.EncodeToString([]byte(pattern)))
		for _, s := range subjects[i] {
			input.WriteString("    ")
			for _, b := range []byte(s) {
				fmt.Fprintf(&input, `\x%02x`, b)
			}
			if s == "" {
				input.WriteByte('\\') // an empty line would end the subjects
			}
			input.WriteByte('\n')
		}
		input.WriteByte('\n')
	}
	cmd := exec.Command("pcre2test", "-q")
	cmd.Stdin = strings.NewReader(input.String())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pcre2test: %v", err)
	}
	answers := make([][]string, 0, len(patterns))
	for _, line := range strings.Split(string(out), "\n") {
		last := len(answers) - 1
		switch {
		case strings.HasPrefix(line, "/"):
			answers = append(answers, []string{})
		case strings.HasPrefix(line, "Failed: error -"): // a limit of the library
			answers[last] = append(answers[last], "")
		case strings.HasPrefix(line, "Failed"):
			answers[last] = nil
		case line == "No match":
			answers[last] = append(answers[last], "no")
		case strings.HasPrefix(line, " 0: "):
			answers[last] = append(answers[last], line[4:])
		case len(line) >= 4 && line[0] == ' ' && line[2] == ':':
			answers[last][len(answers[last])-1] += "|" + line[4:]
		}
	}
	if len(answers) != len(patterns) {
		t.Fatalf("pcre2test answered %d of %d patterns", len(answers), len(patterns))
	}
	for i := range answers {
		if answers[i] != nil && len(answers[i]) != len(subjects[i]) {
			t.Fatalf("%s: pcre2test answered %d of %d subjects", patterns[i], len(answers[i]), len(subjects[i]))
		}
	}
	return answers
}

func randomSubject(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(7) {
		b.WriteByte("aabbc/./_-A\n1 "[r.IntN(14)])
	}
	return b.String()
}

// randomPattern draws from nearly everything that the parser knows.
func randomPattern(r *rand.Rand, depth int) string {
	one := func(list ...string) string { return list[r.IntN(len(list))] }
	var b strings.Builder
	if depth == 3 {
		b.WriteString(one("", "", "^", "^/", "(?i)", "(?s)", "(?m)"))
	}
	for range 1 + r.IntN(3) {
		var atom string
		repeatable := true
		switch k := r.IntN(24); {
		case k < 8 || depth == 0:
			atom = one("a", "b", "c", "/", ".", `\.`, "_", "A", "1", `\w`, `\d`, `\s`, `\W`, `\n`, `\x61`)
		case k < 11:
			atom = one("[ab]", "[^a]", "[a-c/]", "[[:alpha:]]", `[\w.]`, "[^/]", `[^\n]`, "[-a]", "[]a]")
		case k < 13:
			atom = "(" + randomPattern(r, depth-1) + ")"
		case k < 15:
			atom = "(?:" + randomPattern(r, depth-1) + "|" + randomPattern(r, depth-1) + ")"
		case k < 16:
			atom = "(?" + one("i:", ">", ":") + randomPattern(r, depth-1) + ")"
		case k < 18:
			atom, repeatable = "(?"+one("=", "!")+randomPattern(r, depth-1)+")", false
		case k < 19:
			atom, repeatable = "(?<"+one("=", "!")+one("a", "ab", "[a/]", `\w`, "^", "b|c")+")", false
		case k < 21:
			atom, repeatable = one(`\b`, `\B`, "$", "^", `\z`, `\Z`, `\A`), false
		default:
			atom = one("ab", "a|b", "/a")
			if strings.Contains(atom, "|") {
				atom = "(" + atom + ")"
			}
		}
		if repeatable {
			atom += one("", "", "", "*", "+", "?", "*?", "+?", "{2}", "{1,2}", "{0,2}?", "{1,}", "*+", "?+")
		}
		b.WriteString(atom)
	}
	if depth == 3 {
		b.WriteString(one("", "", "", "$", `\z`))
	}
	return b.String()
}

// FuzzPattern holds the two readings of a pattern against each other.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{`^/x$`, `(a|b)*c`, `^(?!x)y`, `\bq\b`, `[[:alpha:]-z]+`, `(?m)^a$`, `(?<n>a)\k<n>`, `a{2,5}?b++`, `(?(?=a)ab|c)`} {
		f.Add(seed, "/x\n", false)
	}
	f.Fuzz(func(t *testing.T, pattern, subject string, fold bool) {
		if len(pattern) > 60 || len(subject) > 20 {
			return
		}
		p, err := automata.ParsePattern(pattern, fold)
		if err != nil {
			return
		}
		_, matched, err := p.Match([]byte(subject))
		if err != nil {
			return
		}
		a := automata.New(50_000)
		bounds := p.Language(a)
		switch says := decide(t, a, bounds, []byte(subject)); says {
		case "yes", "no":
			if matched != (says == "yes") {
				t.Errorf("%s on %q: match says %v, the automaton %s", pattern, subject, matched, says)
			}
		}
		if word, found, err := a.Shortest(bounds.Lower); err == nil && found {
			if _, matched, err := p.Match(word); err == nil && !matched {
				t.Errorf("%s: the witness %q does not match", pattern, word)
			}
		}
	})
}
