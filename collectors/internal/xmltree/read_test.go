// SPDX-License-Identifier: Apache-2.0

package xmltree_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/postern-audit/postern/collectors/internal/xmltree"
)

const maxValue = 1000

// drawn is a tree on one line: names with their attributes, texts and children.
func drawn(n *xmltree.Node) string {
	var b strings.Builder
	b.WriteString(n.Name)
	for _, a := range n.Attributes {
		fmt.Fprintf(&b, " %s=%s", a.Name.Local, a.Value)
	}
	if v := n.Value(); v != "" {
		fmt.Fprintf(&b, " %q", v)
	}
	for _, c := range n.Children {
		fmt.Fprintf(&b, " (%s)", drawn(c))
	}
	return strings.TrimSpace(b.String())
}

func said(problems []xmltree.Problem) []string {
	var out []string
	for _, p := range problems {
		out = append(out, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
	}
	return out
}

func TestWhatCanBeReadIsReadAndTheRestIsAProblem(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		problems         []string
	}{
		{"a document", "<?xml version='1.0'?>\n<a x='1'><b>t</b><!-- c --><b/></a>\n", `(a x=1 (b "t") (b))`, nil},
		{"text around children", "<a>x<b/>y</a>", `(a "xy" (b))`, nil},
		{"entities of the standard", "<a x='&lt;&#65;'>&amp;&gt;</a>", `(a x=<A "&>")`, nil},
		{"an entity of no standard", "<a>&b;</a>", `(a "&b;")`, nil},
		{"CDATA", "<a><![CDATA[<b>]]></a>", `(a "<b>")`, nil},
		{"a byte order mark", "\ufeff<a/>", "(a)", nil},
		{"an encoding that the text no longer has", "<?xml version='1.0' encoding='utf-16'?><a>ä</a>", `(a "ä")`, nil},
		{"Latin-1", "<?xml version='1.0' encoding='iso-8859-1'?><a>\xe4</a>", `(a "ä")`, []string{"1:1 the text is not UTF-8; it was read as Latin-1"}},
		{"nothing", "", "", []string{"1:1 no XML document"}},
		{"blanks", " \n ", "", []string{"1:1 no XML document"}},
		{"a comment only", "<!-- -->", "", []string{"1:1 no XML document"}},
		{"no XML", "hello", "", []string{"1:1 text outside of the document element"}},
		{"a document type", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "", []string{"1:1 a document type declaration is not read, nor what follows it"}},
		{"an element that is not closed", "<a>\n <b>x</a>", `(a (b "x"))`, []string{"2:2 b is not closed"}},
		{"an end without its start", "<a></b></a>", "(a)", []string{"1:4 an end tag without its start tag"}},
		{"a second document element", "<a/>\n<b/>", "(a) (b)", []string{"2:1 a second document element"}},
		{"text behind the document", "<a/>x", "(a)", []string{"1:5 text outside of the document element"}},
		{"the end is missing", "<a><b>x", `(a (b "x"))`, []string{"1:8 the document ends inside b"}},
		{"it ends in a tag", "<a><b x=", "(a)", []string{"1:9 the document cannot be read on from here: unexpected EOF"}},
		{"it breaks off at the end of a line", "<a>\n<\n", "(a)", []string{"2:2 the document cannot be read on from here: expected element name after"}},
		{"an attribute twice", "<a x='1' x='2'/>", "(a x=1)", []string{"1:1 an attribute stands twice; the second one was left out"}},
		{"an attribute without a value", "<a x/>", "(a x=x)", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, problems := xmltree.Read([]byte(c.text), maxValue)
			if diff := cmp.Diff(c.want, drawn(tree)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.problems, said(problems)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestALimitIsAProblemAndKeepsWhatWasRead(t *testing.T) {
	attributes := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " a%d=''", i)
		}
		return b.String()
	}
	deep := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	wide := func(n int) string { return "<a>" + strings.Repeat("<b/>", n-1) + "</a>" }
	named := func(n int) string { return "<" + strings.Repeat("n", n) + "/>" }
	full := strings.Repeat("x", maxValue)
	for _, c := range []struct {
		name, most, more, problem string
		elements                  int // of the one that has too much
	}{
		{"depth", deep(64), deep(65), "elements are nested more than 64 deep", 64},
		{"elements", wide(20_000), wide(20_001), "more than 20000 elements", 20_000},
		{"attributes", "<a" + attributes(64) + "/>", "<a" + attributes(65) + "/>", "more than 64 attributes", 1},
		{"an attribute", "<a x='" + full + "'/>", "<a x='y" + full + "'/><!-- -->", "an attribute is longer than 1000 bytes", 1},
		{"a name", named(256), named(257), "the name of an element is longer than 256 bytes", 1},
		{"the name of an attribute", "<a " + full[:256] + "=''/>", "<a " + full[:257] + "=''/>", "the name of an attribute is longer", 1},
		{"a text", "<a>" + full + "</a>", "<a>" + full + "y</a>", "a text is longer than 1000 bytes", 1},
		{"mistakes", wide(1) + strings.Repeat("</x>", 50), wide(1) + strings.Repeat("</x>", 60_000), "too many mistakes", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, most := xmltree.Read([]byte(c.most), maxValue)
			if strings.Contains(strings.Join(said(most), "\n"), c.problem) {
				t.Errorf("at the limit: %v", said(most))
			}
			tree, problems := xmltree.Read([]byte(c.more), maxValue)
			if !strings.Contains(strings.Join(said(problems), "\n"), c.problem) || len(problems) > 51 {
				t.Errorf("beyond the limit: %v", said(problems))
			}
			elements := 0
			tree.Walk(func(*xmltree.Node) { elements++ })
			if elements != c.elements {
				t.Errorf("%d elements", elements)
			}
		})
	}
}

func TestElementsThatWereLeftOpenAreNoDepth(t *testing.T) {
	tree, problems := xmltree.Read([]byte("<a>"+strings.Repeat("<b><c><d></b>", 40)+"</a>"), maxValue)
	if len(tree.All("d")) != 40 || len(tree.Children[0].Children) != 40 || len(problems) != 40 {
		t.Errorf("%d elements, %v", len(tree.All("d")), said(problems))
	}
}

func TestATextThatWasCutHasNoHoleAndIsToldOnce(t *testing.T) {
	full := strings.Repeat("x", maxValue)
	tree, problems := xmltree.Read([]byte("<a>start<b/>"+full+"<b/>end<b/>"+full+"</a>"), maxValue)
	if got := tree.Children[0].Value(); got != "start" || len(problems) != 1 {
		t.Errorf("%q, %v", got, said(problems))
	}
	// The blanks between many children are no text that anybody misses.
	tree, problems = xmltree.Read([]byte("<a>start"+strings.Repeat("<b/>\n        ", 500)+"</a>"), maxValue)
	if got := tree.Children[0].Value(); got != "start" || len(problems) != 0 {
		t.Errorf("%q, %v", got, said(problems))
	}
	_, problems = xmltree.Read([]byte("<a>start"+strings.Repeat("<b/>\n        ", 500)+"end</a>"), maxValue)
	if len(problems) != 1 {
		t.Errorf("what follows the blanks is lost: %v", said(problems))
	}
}

func TestMessagesQuoteNothingButShortNames(t *testing.T) {
	const canary = "canary-Zq8"
	for _, text := range []string{
		"<a x='" + canary + "' x='" + canary + "'/>", "<a>" + strings.Repeat(canary, 200) + "</a>", canary, "<a b='" + canary + "\x01'/>",
		"<a>&" + canary + "</a><a &" + canary + "/>", "</" + canary + ">", "<!DOCTYPE " + canary + ">", "<a><![CDATA[" + canary, "<a><!-- " + canary, "<a b=" + canary + "'", "<a " + canary + "\u00d7='x'/>",
	} {
		_, problems := xmltree.Read([]byte(text), maxValue)
		if got := strings.Join(said(problems), "\n"); strings.Contains(got, canary) {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestPrefixesStandForTheNamespaceOfTheirPlace(t *testing.T) {
	tree, problems := xmltree.Read([]byte(`<p:a xmlns:p="one" xmlns="two"><b/><p:b xmlns:p="three" q="1" p:q="2"/><r:b/><b xmlns=""/></p:a>`), maxValue)
	if len(problems) != 0 {
		t.Fatal(said(problems))
	}
	root := tree.Children[0]
	var spaces []string
	for _, n := range root.All("b") {
		spaces = append(spaces, n.Space)
	}
	if diff := cmp.Diff([]string{"two", "three", "", ""}, spaces); diff != "" {
		t.Error(diff)
	}
	if !root.Is("one", "a") || root.Is("two", "a") || (*xmltree.Node)(nil).Is("", "") {
		t.Errorf("%+v", root)
	}
	if value, ok := root.Children[1].Attribute("q"); !ok || value != "1" {
		t.Errorf("%q", value)
	}
	if _, ok := root.Attribute("p"); ok {
		t.Error("an attribute with a prefix was taken for one without")
	}
	if root.Child("b") != root.Children[0] || root.Child("c") != nil {
		t.Error("not the first child")
	}
}

func TestPlacesAreThoseOfTheFile(t *testing.T) {
	tree, _ := xmltree.Read([]byte("<a>\r\n  <b>\n\nx</b>\n<c>y&#10;z</c><d/>\n</a>"), maxValue)
	var got []string
	tree.Walk(func(n *xmltree.Node) {
		got = append(got, fmt.Sprint(n.Name, " ", n.Line, ":", n.Column, " text ", n.TextLine, " ", n.TextBreaks))
	})
	want := []string{"a 1:1 text 1 true", "b 2:3 text 2 true", "c 5:1 text 5 false", "d 5:15 text 0 false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("<?xml version='1.0'?><p:a xmlns:p='u' x='1'>\r\nt<b>&lt;</b><![CDATA[x]]></p:a>"))
	f.Add([]byte("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"))
	f.Add([]byte("<a><b></a></c>\xff<d e e='" + strings.Repeat("f", maxValue+1)))
	f.Fuzz(func(t *testing.T, text []byte) {
		tree, problems := xmltree.Read(text, maxValue)
		lines := strings.Count(string(text), "\n") + 1
		if len(problems) > 51 || len(tree.Children) == 0 && len(problems) == 0 {
			t.Errorf("%d problems", len(problems))
		}
		for _, p := range problems {
			if p.Line < 1 || p.Line > lines || p.Column < 1 || len(p.Message) > 400 {
				t.Errorf("%+v of %d lines", p, lines)
			}
		}
		elements := 0
		tree.Walk(func(n *xmltree.Node) {
			depth := 0
			for at := n; at.Parent != nil; at = at.Parent {
				depth++
			}
			if elements++; elements > 20_000 || depth > 64 || len(n.Attributes) > 64 || len(n.Text) > maxValue || len(n.Name) > 256 ||
				n.Line < 1 || n.Line > lines || n.TextLine > lines || !utf8.ValidString(n.Name) {
				t.Errorf("%+v at depth %d", n, depth)
			}
		})
	})
}
