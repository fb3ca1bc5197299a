// SPDX-License-Identifier: Apache-2.0

package automata

import (
	"fmt"
	"slices"
)

// Limits of one pattern.
const (
	maxPatternBytes = 16 << 10
	maxDepth        = 250
	maxGroups       = 1000
	// maxRepeat is the largest count in braces that PCRE takes.
	maxRepeat = 65535
)

// Pattern is a regular expression as nginx compiles it: PCRE, bytes, no options but
// perhaps caseless.
type Pattern struct {
	// Text is the expression as written.
	Text string
	// Groups is the number of capturing groups; Names holds the name of each by its
	// number from 1, empty where it has none.
	Groups int
	Names  []string

	root *node
	// anchored says that it matches at the start of a subject only, which then begins with
	// the prefix.
	anchored bool
	prefix   []byte
	// groups are the bodies of groups by number, for back references and recursion.
	groups []*node
}

// op is what a node of a pattern does.
type op uint8

const (
	opEmpty op = iota
	opSet
	opCat
	opAlt
	opRepeat
	opGroup  // a capturing group
	opAtomic // (?>...) and possessive repetitions
	opStart  // ^ without (?m), \A, \G
	opLineStart
	opEnd        // \z
	opEndOrLF    // $ without (?m), \Z: at the end, or before a final line feed
	opLineEnd    // $ with (?m)
	opWordEdge   // \b
	opWordInside // \B
	opLook
	opBackref
	opRecurse
	opCondition
	opFail
	opOther // a verb whose effect is not followed
)

// node is one part of a pattern.
type node struct {
	op    op
	set   Set
	parts []*node
	// least, most, lazy belong to opRepeat; possessive ones are inside opAtomic.
	least, most int
	lazy        bool
	// group is the number of opGroup, opBackref, opRecurse and opCondition (0 is the
	// whole pattern, and for opCondition an assertion, then parts[0]).
	group int
	// behind and negative belong to opLook, fold to opBackref.
	behind, negative, fold bool
	// text says what opOther is.
	text string
}

// SyntaxError is what is wrong with a pattern, and where.
type SyntaxError struct {
	Pattern string
	// Offset is in bytes from the start.
	Offset int
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("pattern %q: %s at byte %d", e.Pattern, e.Reason, e.Offset)
}

// ParsePattern reads a regular expression. Fold makes letters match in either case,
// as "~*" does. The error is a *SyntaxError.
func ParsePattern(text string, fold bool) (*Pattern, error) {
	p := &Pattern{Text: text, Names: []string{""}, groups: []*node{nil}}
	if len(text) > maxPatternBytes {
		return nil, &SyntaxError{text[:64] + "...", maxPatternBytes, "the pattern is longer than is read"}
	}
	s := &parser{pattern: p, text: text, flags: flags{fold: fold}}
	root, err := s.whole()
	if err != nil {
		return nil, err
	}
	p.root, p.Groups = root, len(p.groups)-1
	p.groups[0] = root
	if p.anchored = anchored(root); p.anchored {
		p.prefix = prefix(root)
	}
	return p, nil
}

// anchored reports whether a pattern matches at the start of the subject only.
func anchored(n *node) bool {
	switch n.op {
	case opStart:
		return true
	case opCat:
		return len(n.parts) > 0 && anchored(n.parts[0])
	case opGroup, opAtomic:
		return anchored(n.parts[0])
	case opAlt:
		return !slices.ContainsFunc(n.parts, func(b *node) bool { return !anchored(b) })
	}
	return false
}

// prefix is what each match of an anchored pattern begins with.
func prefix(n *node) (out []byte) {
	if n.op != opCat || n.parts[0].op != opStart {
		return nil
	}
	for _, p := range n.parts[1:] {
		if p.op != opSet || p.set.Len() != 1 {
			break
		}
		out = append(out, p.set.pick())
	}
	return out
}
