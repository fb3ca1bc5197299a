// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"slices"
	"strings"
	"testing"

	"github.com/postern-audit/postern/internal/surface"
	"github.com/postern-audit/postern/rewriter"
)

// fresh says what a surface makes of a request that an upstream got, without any
// automaton: the reader of the reference proxy judges the path that a servlet container
// makes of what was sent.
type fresh struct {
	policy  rewriter.Policy
	surface *surface.Surface
}

// said is the answer of fresh.
type said struct {
	Class
	// templates hold the path, or the one that closes it.
	templates   []string
	credentials bool
	// dotted says that the path has dot segments, which a reader has to take out.
	dotted bool
}

// standIn is a segment that no template names.
const standIn = "stand-in-9"

// freshReader has a name for each component of a surface: its own.
func freshReader(t testing.TB, text string) *fresh {
	t.Helper()
	f := &fresh{}
	theirs, err := rewriter.ParseSurface(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if f.surface, err = surface.Parse("own.yaml", []byte(text), nil); err != nil {
		t.Fatal(err)
	}
	var entries strings.Builder
	var nodes []rewriter.Node
	for _, c := range theirs.Components {
		entries.WriteString(c.Name + ".inside.example:8445=" + c.Name + ".example:443\n")
		nodes = append(nodes, rewriter.Node{Internal: rewriter.Endpoint{Host: c.Name + ".inside.example", Port: 8445}, Component: c.Name})
	}
	mapping, err := rewriter.ParseMap(strings.NewReader(entries.String()))
	if err != nil {
		t.Fatal(err)
	}
	if f.policy, err = rewriter.NewPolicy(theirs, mapping, rewriter.PolicyOptions{Nodes: nodes}); err != nil {
		t.Fatal(err)
	}
	return f
}

// of judges what a component got. Decoded says that it got the path as it is to be
// understood, with the arguments behind it.
func (f *fresh) of(component, method, sent string, decoded bool) said {
	path, _, _ := strings.Cut(sent, "?")
	if !decoded {
		path, _, _ = strings.Cut(path, "#")
		if strings.Contains(path, " ") {
			return said{Class: Ambiguous} // for some readers it ends the path
		}
		path = unescaped(path)
	}
	if !strings.HasPrefix(path, "/") {
		return said{Class: Outside}
	}
	plain, dotted, clear := servlet(path)
	if !clear {
		return said{Class: Ambiguous}
	}
	out := said{Class: Outside, dotted: dotted}
	for _, m := range surface.Methods() {
		d := rewriter.Decide(f.policy, rewriter.Request{
			Method: m, Target: plain, Proto: "HTTP/1.1", ServerName: component + ".example", Port: 443,
			Fields: []rewriter.Field{{Name: "Host", Value: component + ".example"}},
		})
		switch {
		case d.Reason == rewriter.PathClosed:
			return said{Class: Closed, templates: []string{d.Template}, dotted: dotted}
		case d.Reason == rewriter.PathUnlisted:
		case d.Allow && m == method:
			out.Class, out.credentials = Allowed, d.Auth == rewriter.AuthAgent && m != "OPTIONS"
			fallthrough
		case d.Allow:
			if out.Class == Outside {
				out.Class = MethodOpen
			}
			if !slices.Contains(out.templates, d.Template) {
				out.templates = append(out.templates, d.Template)
			}
		case d.Reason != rewriter.MethodUnlisted:
			panic("the stand-in for " + path + " is refused: " + string(d.Reason))
		}
	}
	return out
}

// unescaped is a path whose escapes were decoded once; what is no escape stays.
func unescaped(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if i+2 < len(path) && path[i] == '%' {
			hi, lo := strings.IndexByte(hexAlphabet, path[i+1]), strings.IndexByte(hexAlphabet, path[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(nibble(hi)<<4 | nibble(lo))
				i += 2
				continue
			}
		}
		b.WriteByte(path[i])
	}
	return b.String()
}

const hexAlphabet = "0123456789abcdefABCDEF"

func nibble(i int) byte {
	if i > 15 {
		i -= 6
	}
	return byte(i)
}

// servlet is a path as servlet containers see it: without parameters, with single
// slashes, and dot segments taken out. Segments that have other bytes than templates can
// name are replaced. It is not clear when some reader may take the path for another one.
func servlet(path string) (plain string, dotted, clear bool) {
	for _, c := range []byte(path) {
		if c < ' ' || c == 0x7f || c == '\\' {
			return "", false, false
		}
	}
	again := unescaped(path)
	if strings.Count(again, "/") != strings.Count(path, "/") || strings.ContainsAny(again, "\\\x00\r\n") {
		return "", false, false
	}
	if dotSegments(path, ";") || again != path && dotSegments(again, "") && !dotSegments(path, "") {
		return "", false, false
	}
	var out []string
	segments := strings.Split(path[1:], "/")
	for _, s := range segments {
		s, _, _ = strings.Cut(s, ";")
		switch {
		case s == "":
		case s == "." || s == "..":
			dotted = true
			if s == ".." && len(out) == 0 {
				return "", true, false
			}
			out = out[:len(out)-len(s)+1]
		case strings.HasSuffix(s, ".") || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~") != "":
			out = append(out, standIn)
		default:
			out = append(out, s)
		}
	}
	plain = "/" + strings.Join(out, "/")
	if last, _, _ := strings.Cut(segments[len(segments)-1], ";"); plain != "/" && strings.Trim(last, ".") == "" && len(last) < 3 {
		plain += "/"
	}
	return plain, dotted, true
}

// dotSegments reports whether a path has dot segments with parameters, or with or without them
// when parameter is empty.
func dotSegments(path, parameter string) bool {
	for _, s := range strings.Split(path, "/") {
		if name, _, _ := strings.Cut(s, ";"); (name == "." || name == "..") && strings.Contains(s, parameter) {
			return true
		}
	}
	return false
}

func TestTheFreshReaderKnowsTheSpellingsOfAPath(t *testing.T) {
	f := freshReader(t, oracleSurface)
	for _, c := range []struct {
		component, method, sent string
		want                    Class
	}{
		{"wide", "GET", "/", Allowed},
		{"wide", "PROPFIND", "/", MethodOpen},
		{"wide", "GET", "/A", Closed},
		{"wide", "GET", "/%41", Closed},
		{"wide", "GET", "//A;x?y", Closed},
		{"wide", "GET", "/b/x/y/z", Closed},
		{"wide", "GET", "/b/%2e%2e/A", Closed},
		{"narrow", "GET", "/a//../b/x#/y", Allowed},
		{"wide", "GET", "/b/../../x", Ambiguous},
		{"wide", "GET", "/b/..;/x", Ambiguous},
		{"wide", "GET", "/b/%252e%252e/x", Ambiguous},
		{"wide", "GET", "/b\\x", Ambiguous},
		{"narrow", "GET", "/a/b c", Ambiguous},
		{"narrow", "GET", "/a/b%20c", Allowed},
		{"narrow", "PUT", "/a/b", MethodOpen},
		{"narrow", "GET", "/ax", Outside},
		{"narrow", "GET", "/b/%c3", Allowed},
		{"narrow", "GET", "/b/x/", Outside},
		{"narrow", "GET", "a", Outside},
	} {
		if got := f.of(c.component, c.method, c.sent, false); got.Class != c.want {
			t.Errorf("%s %s %q: %s, not %s", c.component, c.method, c.sent, got.Class, c.want)
		}
	}
	if got := f.of("narrow", "GET", "/ab", false); got.Class != Allowed || !got.credentials {
		t.Errorf("/ab wants credentials: %+v", got)
	}
}
