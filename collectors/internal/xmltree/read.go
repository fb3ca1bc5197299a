// SPDX-License-Identifier: Apache-2.0

package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of one document.
const (
	maxDepth      = 64
	maxElements   = 20_000
	maxAttributes = 64  // of one element
	maxName       = 256 // bytes of an element's or an attribute's
	maxProblems   = 50
)

// Read reads a document (XML 1.0, Namespaces in XML 1.0), and goes on after
// mistakes as far as one can. The tree is never nil; the problems say what was
// passed over, and a tree without elements has at least one.
//
// No text of an element and no value of an attribute is longer than maxValue
// bytes, and no name than 256. At most 64 levels, 20,000 elements and 64
// attributes of one element are read, and reading ends after 50 problems. The
// size of the whole text is for the caller to bound.
//
// No document type is read, so there are no entities but the five of the
// standard. The text is UTF-8, since files are handed out in it; an encoding
// declaration that names UTF-16 is therefore passed over, and a text that is not
// UTF-8 is read as Latin-1 and is a problem.
func Read(text []byte, maxValue int) (*Node, []Problem) {
	b := &builder{root: &Node{Line: 1, Column: 1}, maxValue: maxValue}
	b.at = b.root
	if !utf8.Valid(text) {
		text = latin1(text)
		b.problem(1, 1, "the text is not UTF-8; it was read as Latin-1")
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for !b.stopped {
		line, column := d.InputPos()
		offset := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, column = place(text, d.InputOffset())
			b.stop(line, column, "the document cannot be read on from here: "+reason(err))
			break
		}
		b.token(token, line, column, text[offset:d.InputOffset()])
	}
	if b.at != b.root && !b.stopped {
		line, column := d.InputPos()
		b.problem(line, column, fmt.Sprintf("the document ends inside %s", b.at.Name))
	}
	if len(b.root.Children) == 0 && len(b.problems) == 0 {
		b.problem(1, 1, "no XML document")
	}
	return b.root, b.problems
}

// place is the line and column of an offset. Behind an error the decoder's own
// place can be in front of the line, as it may have taken back a line break.
func place(text []byte, offset int64) (line, column int) {
	before := text[:offset]
	return 1 + bytes.Count(before, []byte{'\n'}), int(offset) - bytes.LastIndexByte(before, '\n')
}

// latin1 turns each byte into the character of its number.
func latin1(text []byte) []byte {
	out := make([]byte, 0, len(text)*2)
	for _, c := range text {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}

// reason is the message of a reading error without the words of the document.
func reason(err error) string {
	var syntax *xml.SyntaxError
	if !errors.As(err, &syntax) {
		return "it is broken"
	}
	message := syntax.Msg
	if i := strings.IndexAny(message, "<&:"); i >= 0 {
		message = message[:i]
	}
	return strings.TrimSpace(message)
}

type builder struct {
	root, at *Node
	problems []Problem
	maxValue int
	elements int
	depth    int
	stopped  bool
}

func (b *builder) problem(line, column int, message string) {
	switch {
	case len(b.problems) > maxProblems:
		return
	case len(b.problems) == maxProblems:
		message, b.stopped = "the document has too many mistakes; the rest was not read", true
	}
	b.problems = append(b.problems, Problem{line, column, message})
}

func (b *builder) stop(line, column int, message string) {
	b.problem(line, column, message)
	b.stopped = true
}

func (b *builder) token(token xml.Token, line, column int, raw []byte) {
	switch token := token.(type) {
	case xml.StartElement:
		b.start(token, line, column)
	case xml.EndElement:
		b.end(token, line, column)
	case xml.CharData:
		b.text(token, line, column, raw)
	case xml.Directive:
		// A document type could declare entities that grow without end or name
		// files of this machine.
		b.stop(line, column, "a document type declaration is not read, nor what follows it")
	}
}

// text takes character data; raw is how it is written.
func (b *builder) text(token xml.CharData, line, column int, raw []byte) {
	blank := len(bytes.TrimSpace(token)) == 0
	switch {
	case b.at == b.root:
		if !blank && !bytes.Equal(bytes.TrimSpace(token), []byte("\ufeff")) {
			b.problem(line, column, "text outside of the document element")
		}
		return
	case b.at.cut || len(b.at.Text)+len(token) > b.maxValue:
		// What comes after a hole would be read as if it stood in its place. The
		// blanks between many children are no loss.
		if b.at.cut = true; !blank && !b.at.told {
			b.at.told = true
			b.problem(line, column, fmt.Sprintf("a text is longer than %d bytes; its end was left out", b.maxValue))
		}
		return
	case len(b.at.Text) == 0:
		b.at.TextLine, b.at.TextBreaks = line, true
	}
	b.at.Text = append(b.at.Text, token...)
	b.at.TextBreaks = b.at.TextBreaks && bytes.Count(token, []byte{'\n'}) == bytes.Count(raw, []byte{'\n'})
}

func (b *builder) start(token xml.StartElement, line, column int) {
	b.elements++
	switch {
	case b.elements > maxElements:
		b.stop(line, column, fmt.Sprintf("more than %d elements; the rest was not read", maxElements))
		return
	case b.depth == maxDepth:
		b.stop(line, column, fmt.Sprintf("elements are nested more than %d deep; the rest was not read", maxDepth))
		return
	case b.at == b.root && len(b.root.Children) > 0:
		b.problem(line, column, "a second document element")
	}
	n := &Node{Parent: b.at, Line: line, Column: column, qualified: qualified(token.Name)}
	b.attributes(n, token.Attr)
	n.Name, n.Space = token.Name.Local, n.namespace(token.Name.Space)
	if len(n.Name) > maxName {
		n.Name = strings.ToValidUTF8(n.Name[:maxName], "")
		b.problem(line, column, fmt.Sprintf("the name of an element is longer than %d bytes; its end was left out", maxName))
	}
	b.at.Children = append(b.at.Children, n)
	b.at = n
	b.depth++
}

func (b *builder) attributes(n *Node, all []xml.Attr) {
	seen := map[xml.Name]bool{}
	for _, a := range all {
		switch {
		case len(n.Attributes) == maxAttributes:
			b.problem(n.Line, n.Column, fmt.Sprintf("an element has more than %d attributes; the rest was left out", maxAttributes))
			return
		case len(a.Name.Space)+len(a.Name.Local) > maxName:
			b.problem(n.Line, n.Column, fmt.Sprintf("the name of an attribute is longer than %d bytes; it was left out", maxName))
			continue
		case len(a.Value) > b.maxValue:
			b.problem(n.Line, n.Column, fmt.Sprintf("an attribute is longer than %d bytes; it was left out", b.maxValue))
			continue
		case seen[a.Name]:
			b.problem(n.Line, n.Column, "an attribute stands twice; the second one was left out")
			continue
		}
		seen[a.Name] = true
		n.Attributes = append(n.Attributes, a)
		if prefix, ok := declaredPrefix(a.Name); ok {
			if n.names == nil {
				n.names = map[string]string{}
			}
			n.names[prefix] = a.Value
		}
	}
}

// end closes an element. One that was left open within it is closed with it.
func (b *builder) end(token xml.EndElement, line, column int) {
	name := qualified(token.Name)
	at, depth := b.at, b.depth
	for at != b.root && at.qualified != name {
		at, depth = at.Parent, depth-1
	}
	if at == b.root {
		b.problem(line, column, "an end tag without its start tag")
		return
	}
	if at != b.at {
		b.problem(b.at.Line, b.at.Column, fmt.Sprintf("%s is not closed", b.at.Name))
	}
	b.at, b.depth = at.Parent, depth-1
}

func qualified(n xml.Name) string { return n.Space + ":" + n.Local }

// declaredPrefix tells whether an attribute declares a namespace, and for which
// prefix; the empty one is the default.
func declaredPrefix(n xml.Name) (string, bool) {
	switch {
	case n.Space == "xmlns":
		return n.Local, true
	case n.Space == "" && n.Local == "xmlns":
		return "", true
	}
	return "", false
}
