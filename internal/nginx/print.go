// SPDX-License-Identifier: Apache-2.0

package nginx

import "strings"

// Print writes directives so that nginx, and Parse, read the same ones: names, words, the
// text of Lua blocks and what is in which block. Comments are lost, and an include stays
// an include. A block that is Broken comes out with the words that were read.
func Print(list []*Directive) string {
	var b strings.Builder
	printInto(&b, list, "")
	return b.String()
}

// printInto recurses as deep as blocks nest, which the parser has bounded.
func printInto(b *strings.Builder, list []*Directive, indent string) {
	for _, d := range list {
		b.WriteString(indent)
		if d.Head.File != nil {
			b.WriteString(printed(d.Name))
		}
		for _, a := range d.Args {
			b.WriteString(" " + printed(a.Value))
		}
		switch d.Kind {
		case Simple:
			b.WriteString(";\n")
		case Block:
			b.WriteString(" {\n")
			printInto(b, d.Block, indent+"\t")
			b.WriteString(indent + "}\n")
		case Lua:
			b.WriteString(" {" + d.Body.Raw() + "}\n")
		}
	}
}

// printed is a word as it may stand in a file: quoted where it has to be.
func printed(word string) string {
	if word == "" || strings.ContainsAny(word, " \t\r\n;{}\"'\\#") || strings.HasPrefix(word, "\ufeff") {
		return Quote(word)
	}
	return word
}

// Quote writes a word so that nginx reads back exactly these bytes, whatever they are.
func Quote(word string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(word) {
		if word[i] == '"' || word[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(word[i])
	}
	b.WriteByte('"')
	return b.String()
}
