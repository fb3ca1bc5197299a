// SPDX-License-Identifier: Apache-2.0

package env

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// evaluated returns the last value of each name of a text read alone.
func evaluated(text string) (map[string]value, parsed) {
	f := &file{parsed: parse(text)}
	f.evaluate(shared{})
	return f.values, f.parsed
}

func TestValuesAreThoseOfARealShell(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("sh is not installed")
		}
		t.Skip("sh is not installed")
	}
	for _, c := range []struct{ name, text string }{
		{"plain", "X=abc"},
		{"empty", "X="},
		{"comment after the value", "X=abc # not this"},
		{"a hash inside a word", "X=abc#def"},
		{"double quotes", `X="a b|c;d"`},
		{"single quotes", `X='a $Y "b" \c'`},
		{"adjacent quotes", `X=a"b c"'d e'f`},
		{"escapes outside of quotes", `X=a\ b\$c\\d\"e`},
		{"escapes in double quotes", `X="a\"b\\c\$d\e"`},
		{"a variable", "Y=1\nX=a$Y"},
		{"a variable in braces", "Y=1\nX=a${Y}b"},
		{"a variable before its change", "Y=1\nX=$Y\nY=2"},
		{"a default that is used", "X=${Y:-d e}"},
		{"a default for an empty variable", "Y=\nX=\"${Y:-d}\""},
		{"a default that an empty variable keeps away", "Y=\nX=\"<${Y-d}>\""},
		{"a default that is not used", "Y=1\nX=${Y:-d}"},
		{"a nested default", "Z=3\nX=${Y:-${W:-$Z}}"},
		{"a continued line", "X=abc\\\ndef"},
		{"a continued line in quotes", "X=\"abc\\\ndef\""},
		{"a line break in quotes", "X='a\nb'\nY=1"},
		{"export", "export X=abc"},
		{"two on a line", "Y=1 X=2"},
		{"after a semicolon", "Y=1; X=$Y"},
		{"the last one counts", "X=1\nX=2"},
		{"no expansion in single quotes", "Y=1\nX='$Y'"},
		{"a lone dollar", `X="a$ b$"`},
		{"indented", "\t X=abc"},
		{"an equals sign", "X=a=b"},
		{"a regular expression in quotes", `X="~*(^Mozilla/5\.0 .*(Firefox|Edg)/[0-9]+)"`},
		{"not ASCII", "X=\"gr\u00fcn\""},
	} {
		t.Run(c.name, func(t *testing.T) {
			script := filepath.Join(t.TempDir(), "x.env")
			if err := os.WriteFile(script, []byte(c.text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(shell, "-c", `. "$0"; printf %s "$X"`, script) //nolint:gosec // a text of the table
			cmd.Env = []string{}
			var out bytes.Buffer
			cmd.Stdout = &out
			if err := cmd.Run(); err != nil {
				t.Fatal(err)
			}
			values, p := evaluated(c.text)
			if got := values["X"]; !got.assigned || got.why != "" || got.text != out.String() {
				t.Errorf("%q instead of %q (%s), problems %v", got.text, out.String(), got.why, p.problems)
			}
		})
	}
}

func TestWhatNeedsAShellIsUnresolvedAndCostsNoOtherLine(t *testing.T) {
	for _, text := range []string{
		"X=$(id)", "X=`id`", "X=\"$(id)\"", "X=\"`id`\"", "X=$((1+1))", "X=${Y%.*}", "X=${Y:=1}", "X=${Y:?no}", "X=${#Y}", "X=$1", "X=$?", "X=$'a'",
		"X=a|b", "X=a&", "X=a>b", "X=(a b)", "X=~/x", "X=a b", "X=\"a", "X='a", "X=${Y", "X=${Y:-'a'}", "X=$NOBODY",
	} {
		values, p := evaluated("A=1\n" + text + "\nB=2\n")
		if got := values["X"]; !got.assigned || got.why == "" || got.text != "" {
			t.Errorf("%q: %+v", text, got)
		}
		if values["A"].text != "1" || values["B"].text != "2" {
			t.Errorf("%q costs another line: %+v", text, values)
		}
		var raw string
		for _, a := range p.assignments {
			if a.name == "X" {
				raw = a.raw
			}
		}
		if want := strings.TrimPrefix(text, "X="); !strings.HasPrefix(want, raw) || raw == "" {
			t.Errorf("%q keeps %q", text, raw)
		}
	}
}

func TestWhatIsNoAssignmentIsAProblemWithItsLine(t *testing.T) {
	for _, c := range []struct {
		text string
		line int
	}{
		{"A=1\nunset A\n", 2},
		{"A+=1\n", 1},
		{"A[0]=1\n", 1},
		{"# x\n\n  . other.env\n", 3},
		{"1A=2\n", 1},
		{"A =1\n", 1},
		{"A='1\n2'\nif true; then\n", 3},
	} {
		_, p := evaluated(c.text)
		if len(p.problems) == 0 || p.problems[0].line != c.line || strings.Contains(p.problems[0].message, "other") {
			t.Errorf("%q: %+v", c.text, p.problems)
		}
	}
}

func TestMarksAndLineEndsOfOtherSystemsAreNoted(t *testing.T) {
	values, p := evaluated("\ufeffA=1\r\nB=\"2\"\r\n")
	if !p.crlf || !p.byteOrderMark || values["A"].text != "1" || values["B"].text != "2" || len(p.problems) != 0 {
		t.Errorf("%+v %+v", values, p)
	}
}

func TestValuesOfValuesDoNotGrowWithoutEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("A0=xxxxxxxxxxxxxxxx\n")
	name := "A0"
	for i := range 40 {
		next := "A" + strings.Repeat("1", i+1)
		b.WriteString(next + "=\"$" + name + "$" + name + "$" + name + "\"\n")
		name = next
	}
	values, _ := evaluated(b.String())
	for n, v := range values {
		if len(v.text) > maxValueBytes {
			t.Errorf("%s is %d bytes long", n, len(v.text))
		}
	}
	if values[name].why == "" {
		t.Error("the last value is known")
	}
	deep := "X=" + strings.Repeat("${Y:-", 50) + strings.Repeat("}", 50)
	if values, _ := evaluated(deep); values["X"].why == "" {
		t.Error("a default nested 50 times is known")
	}
}

func TestEveryDefaultOfTheTableReadsAsItsKind(t *testing.T) {
	seen := map[string]bool{}
	for i := range catalogue {
		d := &catalogue[i]
		if key := d.scope + " " + d.name; seen[key] {
			t.Errorf("%s stands twice", key)
		} else {
			seen[key] = true
		}
		p := d.fact("edge/x", "", "")
		if d.kind == secret && (d.documented || d.preset != "") {
			t.Errorf("%s: the table holds a secret", d.name)
		}
		if d.meaning == "" || !d.documented && d.preset != "" {
			t.Errorf("%s is incomplete", d.name)
		}
		if !read(&p, d, d.preset) {
			t.Errorf("%s: the default %q does not read as a %s", d.name, d.preset, d.kind)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"A=1\nexport B=\"$A|x\" # c\n", "A='\n", "A=${B:-${C-d}}\n", "A=$(x)\nB=`y`", "A=\\\n", "\ufeffA=1\r\n", "A=\"\\\"$\"", "A=${", "A B=C", "A=1;B=2;;\n#", "A=[redacted:credential:0]",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		values, p := evaluated(text)
		for _, v := range values {
			if len(v.text) > maxValueBytes || v.why != "" && v.text != "" {
				t.Errorf("%+v", v)
			}
		}
		lines := strings.Count(text, "\n") + 1
		for _, a := range p.assignments {
			if a.line < 1 || a.line > lines || a.column < 1 || len(a.raw) > maxValueBytes {
				t.Errorf("%+v of %d lines", a, lines)
			}
		}
		for _, problem := range p.problems {
			if problem.line < 1 || problem.line > lines || problem.column < 1 {
				t.Errorf("%+v of %d lines", problem, lines)
			}
		}
	})
}
