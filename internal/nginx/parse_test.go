// SPDX-License-Identifier: Apache-2.0

package nginx

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline prints a tree in a form that a table can hold: words in brackets with
// the quote in front, blocks in braces, Lua in angle brackets.
func outline(list []*Directive) string {
	var b strings.Builder
	for i, d := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word(d.Head))
		for _, a := range d.Args {
			b.WriteString(word(a))
		}
		if d.Broken {
			b.WriteByte('!')
		}
		switch d.Kind {
		case Block:
			b.WriteString("{" + outline(d.Block) + "}")
		case Lua:
			b.WriteString("<" + d.Body.Raw() + ">")
		}
	}
	return b.String()
}

func word(a Arg) string {
	q := ""
	if a.Quote != 0 {
		q = string(rune(a.Quote))
	}
	return "[" + q + a.Value + "]"
}

func messages(errs []Error) []string {
	var out []string
	for _, e := range errs {
		out = append(out, fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Message))
	}
	return out
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, text, want string
		errs             []string
	}{
		{name: "an empty file is a legal configuration"},
		{name: "white space and comments alone hold nothing", text: " \t\r\n# a ; { } ' comment\n"},
		{name: "words end at blanks, tabs, carriage returns and line feeds", text: "a b\tc\rd\ne;", want: "[a][b][c][d][e]"},
		{name: "a semicolon needs no blank before it", text: "a b;c d;", want: "[a][b] [c][d]"},
		{name: "an opening brace ends a word", text: "a b{c;}", want: "[a][b]{[c]}"},
		{name: "a closing brace inside a word belongs to it", text: "a b} c;", want: "[a][b}][c]"},
		{name: "a brace after a dollar belongs to the word", text: "a ${b}c;", want: "[a][${b}c]"},
		{name: "several braces after a dollar belong to the word", text: "a x${{b;", want: "[a][x${{b]"},
		{name: "a brace after a variable name ends the word", text: "set_x $pass{a;}", want: "[set_x][$pass]{[a]}"},
		{name: "a hash inside a word is no comment", text: "a b#c;", want: "[a][b#c]"},
		{name: "a hash after a quoted word and a blank is a comment", text: "a 'b' # c;\n;", want: "[a]['b]"},
		{name: "double quotes keep blanks, semicolons and braces", text: `a "b ;{}#'c";`, want: `[a]["b ;{}#'c]`},
		{name: "single quotes keep double quotes", text: `a 'b"c';`, want: `[a]['b"c]`},
		{name: "a quote inside a word is a plain character", text: `a b"c'd;`, want: `[a][b"c'd]`},
		{name: "an empty quoted word is a word", text: `a "" '';`, want: `[a]["][']`},
		{name: "escaped quotes are decoded", text: `a "b\"c" 'd\'e' f\"g;`, want: `[a]["b"c]['d'e][f"g]`},
		{name: "escapes for tab, return and line feed are decoded", text: `a "\t\r\n";`, want: "[a][\"\t\r\n]"},
		{name: "other backslashes stay", text: `a ^/\d+\.js$ "\w\\";`, want: `[a][^/\d+\.js$]["\w\]`},
		{name: "a backslash keeps a blank in the word and stays", text: `a b\ c;`, want: `[a][b\ c]`},
		{name: "a backslash keeps a semicolon in the word", text: `a b\;c;`, want: `[a][b\;c]`},
		{name: "a word may begin with a backslash", text: `a \"b;`, want: `[a]["b]`},
		{name: "a closing parenthesis may follow a quote", text: `if ($a = "b c") { d; }`, want: `[if][($a][=]["b c][)]{[d]}`},
		{name: "a name may be quoted", text: `"a" b; '' c;`, want: `["a][b] ['][c]`},
		{name: "a regex with braces must be quoted, as nginx says", text: `location ~ "^/a{2}$" { }`, want: `[location][~]["^/a{2}$]{}`},
		{name: "bytes that are not UTF-8 are kept", text: "a \xff\xfe;", want: "[a][\xff\xfe]"},

		{name: "a Lua body is kept as it stands", text: "content_by_lua_block { ngx.say('x') } a;", want: "[content_by_lua_block]< ngx.say('x') > [a]"},
		{name: "set_by_lua_block takes its variable", text: "set_by_lua_block $res { return {1} } a;", want: "[set_by_lua_block][$res]< return {1} > [a]"},
		{name: "braces in Lua strings do not count", text: `a_by_lua_block { x = "}" y = '{' z = "\"}" w = '\'}' } b;`, want: `[a_by_lua_block]< x = "}" y = '{' z = "\"}" w = '\'}' > [b]`},
		{name: "braces in Lua long brackets do not count", text: "a_by_lua_block { x = [[ } ]] y = [==[ ]] } ]=] ]==] } b;", want: "[a_by_lua_block]< x = [[ } ]] y = [==[ ]] } ]=] ]==] > [b]"},
		{name: "braces in Lua comments do not count", text: "a_by_lua_block { -- } it's\n --[[ } ]] --[=[ ]] } ]=] } b;", want: "[a_by_lua_block]< -- } it's\n --[[ } ]] --[=[ ]] } ]=] > [b]"},
		{name: "a Lua quote without a partner on its line is a plain character", text: "a_by_lua_block { it's } b;", want: "[a_by_lua_block]< it's > [b]"},
		{name: "an index in Lua is no long bracket", text: "a_by_lua_block { t[i] = u[v[1]] t[=1 } b;", want: "[a_by_lua_block]< t[i] = u[v[1]] t[=1 > [b]"},

		{
			name: "a stray semicolon is reported and skipped", text: "; a;;", want: "[a]",
			errs: []string{`1:1 unexpected ";"`, `1:5 unexpected ";"`},
		},
		{
			name: "a block without a name is reported and its content kept", text: "{ a; } b;", want: "[]!{[a]} [b]",
			errs: []string{`1:1 unexpected "{": a block needs a name`},
		},
		{
			name: "a closing brace too many is reported", text: "a; } b;", want: "[a] [b]",
			errs: []string{`1:4 unexpected "}": no block is open`},
		},
		{
			name: "a missing closing brace is reported where the block opened", text: "a {\n b {\n  c; }\n", want: "[a]{[b]{[c]}}",
			errs: []string{`1:3 block "a" is never closed`},
		},
		{
			name: "a directive without semicolon before a brace is lost alone", text: "a { b c } d;", want: "[a]{} [d]",
			errs: []string{`1:5 unexpected "}" at line 1 inside "b"`},
		},
		{
			name: "a directive cut off by the end of the file is reported", text: "a; b c", want: "[a]",
			errs: []string{`1:4 unexpected end of file inside "b"`},
		},
		{
			name: "text after a closing quote loses its directive alone", text: "a \"b\"c d; e;\nf;", want: "[e] [f]",
			errs: []string{`1:6 unexpected "c" after a closing quote`},
		},
		{
			name: "a block whose words are broken keeps its children", text: "a 'b'c { d; } e;", want: "[a]['b]!{[d]} [e]",
			errs: []string{`1:6 unexpected "c" after a closing quote`},
		},
		{
			name: "a quote that is never closed loses its line alone", text: "a {\n return 200 'it;\n b;\n}\nc;", want: "[a]{[b]} [c]",
			errs: []string{`2:13 missing closing ': the quote opened here is never closed`},
		},
		{
			name: "a quote closed by the next quote is reported where it opened", text: "a \"b;\nc \"d\";\ne;", want: `[c]["d] [e]`,
			errs: []string{`1:3 unexpected "d" at line 2 after the quote opened here`},
		},
		{
			name: "an unclosed quote before an opening brace keeps the block", text: "location 'x {\n a;\n}\nb;", want: "[location]!{[a]} [b]",
			errs: []string{`1:10 missing closing ': the quote opened here is never closed`},
		},
		{
			name: "a Lua block that is never closed ends at the brace below its name", text: "a_by_lua_block {\n  x = {\n}\nb;", want: "[a_by_lua_block]!<\n  x = {\n> [b]",
			errs: []string{`1:16 Lua block "a_by_lua_block" is never closed`},
		},
		{
			name: "a byte order mark is reported", text: "\ufeffa;", want: "[a]",
			errs: []string{"1:1 byte order mark at the start: nginx takes it for a part of the first directive"},
		},
		{
			name: "a NUL byte is reported where it stands", text: "a;\nb \x00c;", want: "[a] [b][\x00c]",
			errs: []string{"2:3 NUL byte"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := Parse("f", tt.text)
			if got := outline(tree.Main.Directives); got != tt.want {
				t.Errorf("tree\n got %s\nwant %s", got, tt.want)
			}
			if diff := cmp.Diff(tt.errs, messages(tree.Errors)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			verifySpans(t, tree.Main)
		})
	}
}

// verifySpans proves that every node lies in its file, inside its parent, and
// that an argument cut out again decodes to the value that it has.
func verifySpans(t *testing.T, f *File) {
	t.Helper()
	starts := []int{0}
	for i := range f.Text {
		if f.Text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	place := func(what string, s Span) {
		if s.Start < 0 || s.End < s.Start || int(s.End) > len(f.Text) {
			t.Fatalf("%s: span %d-%d outside of %d bytes", what, s.Start, s.End, len(f.Text))
		}
		if s.Line < 1 || int(s.Line) > len(starts) || starts[s.Line-1]+int(s.Column)-1 != int(s.Start) {
			t.Fatalf("%s: line %d column %d is not offset %d", what, s.Line, s.Column, s.Start)
		}
	}
	argument := func(a Arg) {
		place("argument", a.Span)
		raw := a.Raw()
		if a.Quote != 0 {
			if len(raw) < 2 || raw[0] != a.Quote || raw[len(raw)-1] != a.Quote {
				t.Fatalf("argument %q is not quoted by %c", raw, a.Quote)
			}
			raw = raw[1 : len(raw)-1]
		}
		if decode(raw) != a.Value {
			t.Fatalf("argument %q has value %q", a.Raw(), a.Value)
		}
	}
	var visit func(list []*Directive, in Span)
	visit = func(list []*Directive, in Span) {
		at := in.Start
		for _, d := range list {
			place("directive", d.Span)
			if d.Start < at || d.End > in.End {
				t.Fatalf("directive %q at %d-%d overlaps a sibling or leaves its block %d-%d", d.Name, d.Start, d.End, at, in.End)
			}
			at = d.End
			if d.Head.File != nil {
				argument(d.Head)
			}
			for _, a := range d.Args {
				argument(a)
				if a.Start < d.Start || a.End > d.End {
					t.Fatalf("argument %q leaves its directive", a.Value)
				}
			}
			if d.Kind != Simple {
				place("body", d.Body)
				if d.Body.Start < d.Start || d.Body.End > d.End {
					t.Fatalf("body of %q leaves it", d.Name)
				}
				visit(d.Block, d.Body)
			}
		}
	}
	visit(f.Directives, Span{File: f, End: int32(len(f.Text))})
}

// Each complaint that the users of other parsers brought forward.
func TestComplaintsAboutOtherParsers(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a Lua comment with an apostrophe does not open a string (crossplane 87)", "http { content_by_lua_block {\n -- it's fine\n } a; }", "[http]{[content_by_lua_block]<\n -- it's fine\n > [a]}"},
		{"include inside limit_except is read (crossplane 108)", "limit_except GET { include x; }", "[limit_except][GET]{[include][x]}"},
		{"if with a quoted regex is read (crossplane 110)", `if ($http_user_agent ~* "(a|b) c{1,2}") { return 403; }`, `[if][($http_user_agent][~*]["(a|b) c{1,2}][)]{[return][403]}`},
		{"a variable directly before a brace is read (crossplane 120)", "set_by_lua_block $pass{ return 1 }", "[set_by_lua_block][$pass]< return 1 >"},
		{"a regex modifier joined to its regex is read (nginx-linter 24)", "location ~*^/x { a; }", "[location][~*^/x]{[a]}"},
		{"env with a Lua path is read (gixy-ng 59)", "env LUA_PATH=\"/a/?.lua;;\";\nb;", `[env][LUA_PATH="/a/?.lua] [b]`},
		{"Lua variables do not stop the scan (gixy 48)", "access_by_lua_block { local u = ngx.var.uri; if u ~= '{' then ngx.exit(403) end } b;", "[access_by_lua_block]< local u = ngx.var.uri; if u ~= '{' then ngx.exit(403) end > [b]"},
		{"if with an empty pair of parentheses is no panic (crossplane fuzz)", "if (){ a; }", "[if][()]{[a]}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := Parse("f", tt.text)
			if got := outline(tree.Main.Directives); !strings.HasPrefix(got, tt.want) {
				t.Errorf("tree\n got %s\nwant %s", got, tt.want)
			}
			verifySpans(t, tree.Main)
		})
	}
}

func TestLimitsAreReported(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"blocks that nest too deep", strings.Repeat("a { ", MaxDepth+3) + "b;" + strings.Repeat("}", MaxDepth+3) + " c;", "nest deeper than 64"},
		{"too many words", strings.Repeat("a ", MaxTokens+1) + ";", "more than 1000000 words"},
		{"a file that is too large", strings.Repeat("#", MaxFileSize+1), "larger than 8388608 bytes"},
		{"too many errors", strings.Repeat(";", 5000), "more than 1000 errors"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tree := Parse("f", tt.text)
			for _, e := range tree.Errors {
				if strings.Contains(e.Message, tt.want) {
					return
				}
			}
			t.Errorf("no error with %q in %q", tt.want, messages(tree.Errors))
		})
	}
}

func TestReadingGoesOnAfterABlockThatIsTooDeep(t *testing.T) {
	tree := Parse("f", strings.Repeat("a { ", MaxDepth+3)+"b;"+strings.Repeat("}", MaxDepth+3)+" c;")
	if got := outline(tree.Main.Directives); !strings.HasSuffix(got, " [c]") {
		t.Errorf("the directive after the deep block is lost: %s", got)
	}
	if len(tree.Errors) != 1 {
		t.Errorf("errors: %q", messages(tree.Errors))
	}
}

func TestHostileTextIsReadInLinearTime(t *testing.T) {
	const n = 400_000
	for name, text := range map[string]string{
		"quotes that swallow the rest":      strings.Repeat("a \"\n", n) + strings.Repeat("'\n", n),
		"escaped quotes":                    strings.Repeat("a \"\\\"\n", n),
		"alternating quotes":                strings.Repeat("a \"' \n b '\" \n", n/2),
		"Lua blocks with an open bracket":   strings.Repeat("a_by_lua_block {[[\n}\n", n/4),
		"Lua brackets of growing level":     "a_by_lua_block {" + strings.Repeat("[=", n),
		"Lua quotes without a partner":      "a_by_lua_block {" + strings.Repeat("\"\\", n),
		"opening braces":                    strings.Repeat("{", n),
		"words without an end":              strings.Repeat("a\\\n", n),
		"one quote on each line, unmatched": strings.Repeat("a 'b\n", n) + "\"",
	} {
		t.Run(name, func(t *testing.T) {
			Parse("f", text)
		})
	}
}
