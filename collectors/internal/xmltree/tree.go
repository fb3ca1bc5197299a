// SPDX-License-Identifier: Apache-2.0

// Package xmltree reads XML documents of strangers into a tree, for the
// collectors that gather from one.
//
// What was read is never lost: a mistake costs its own place, and each is told
// with its line and column. The size of the tree is bounded, no document type is
// read, and nothing outside of the text is asked for. Messages never quote the
// document but for the names of elements.
//
// The package reads; it does not validate. It takes a broken document for what it
// most likely is, so a caller that must not err counts the problems.
package xmltree

import (
	"bytes"
	"encoding/xml"
)

// Node is an element. The document itself is a node without a name, whose
// children are its document element and what stands wrongly beside that.
type Node struct {
	// Space is the namespace that the element's prefix, or the absence of one,
	// stands for; empty when it stands for none. Name is without the prefix.
	Space, Name string
	// Attributes are those of the element in their order; the space of a name is
	// the prefix as written.
	Attributes []xml.Attr
	// Text is the character data that stands directly in the element, with its
	// blanks; elements between its parts leave no trace.
	Text     []byte
	Parent   *Node // nil for the document
	Children []*Node
	// Line and Column are where the element begins, from 1.
	Line, Column int
	// TextLine is the line that the text starts at, 0 without one. TextBreaks
	// tells whether its line breaks are those of the file, so that places in it
	// can be counted from there.
	TextLine   int
	TextBreaks bool

	qualified string
	names     map[string]string // the prefixes that it declares
	cut, told bool              // text was left out, and that was a problem
}

// Problem is a place of a document that is not as it should be.
type Problem struct {
	Line, Column int
	Message      string
}

// Is reports whether the node is an element of a namespace and a name. A nil node
// is none.
func (n *Node) Is(space, name string) bool {
	return n != nil && n.Name == name && n.Space == space
}

// Attribute returns the value of the attribute of a name without a prefix, and
// whether there is one.
func (n *Node) Attribute(name string) (string, bool) {
	for _, a := range n.Attributes {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// Value is the text of an element without blanks around it.
func (n *Node) Value() string { return string(bytes.TrimSpace(n.Text)) }

// Child returns the first child of a name in any namespace, or nil.
func (n *Node) Child(name string) *Node {
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Walk calls f for every element below n, parents first.
func (n *Node) Walk(f func(*Node)) {
	for _, c := range n.Children {
		f(c)
		c.Walk(f)
	}
}

// All lists the elements of a name below n in any namespace, in their order.
func (n *Node) All(name string) []*Node {
	var out []*Node
	n.Walk(func(c *Node) {
		if c.Name == name {
			out = append(out, c)
		}
	})
	return out
}

// namespace returns what a prefix stands for at an element.
func (n *Node) namespace(prefix string) string {
	for at := n; at != nil; at = at.Parent {
		if space, ok := at.names[prefix]; ok {
			return space
		}
	}
	return ""
}
