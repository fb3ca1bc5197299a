// SPDX-License-Identifier: Apache-2.0

package env

import (
	"fmt"
	"strings"
)

// Limits of one value. A value that is longer than what a process can be given
// is no value.
const (
	maxValueBytes = 16 << 10
	maxNesting    = 8 // of ${A:-${B:-...}}
	maxProblems   = 200
)

// parsed is what a file holds, in its order.
type parsed struct {
	assignments         []assignment
	problems            []problem
	crlf, byteOrderMark bool
}

// problem is a place that is no assignment. Its message never quotes the text:
// what is not understood may be a secret.
type problem struct {
	line, column int
	message      string
}

// assignment is one NAME=value.
type assignment struct {
	name         string
	line, column int
	// raw is the value as written.
	raw   string
	parts []part
	// trouble says why the value cannot be told, empty when it can.
	trouble string
	// result is the value, once evaluated.
	result value
}

// part is a literal text, or a variable with its default.
type part struct {
	text     string
	variable string
	// fallback is used when the variable is not assigned or, with orEmpty set, is
	// empty.
	fallback             []part
	hasFallback, orEmpty bool
}

// parser reads the assignments of a shell script (POSIX.1-2024, XCU 2.2, 2.6.2
// and 2.9.1) and nothing else of it.
type parser struct {
	text       string
	at         int
	line       int
	lineStart  int
	out        parsed
	statements []int // indexes of the assignments of this statement
}

func parse(text string) parsed {
	p := &parser{line: 1}
	p.text, p.out.byteOrderMark = strings.CutPrefix(text, "\ufeff")
	if strings.Contains(p.text, "\r\n") {
		p.out.crlf = true
		p.text = strings.ReplaceAll(p.text, "\r\n", "\n")
	}
	for p.at < len(p.text) && len(p.out.problems) < maxProblems {
		switch c := p.text[p.at]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ';':
			p.advance(1)
		case c == '#':
			p.toLineEnd()
		case strings.HasPrefix(p.text[p.at:], "\\\n"):
			p.advance(2)
		default:
			if len(p.out.assignments) >= maxAssignments {
				p.problem(fmt.Sprintf("more than %d assignments; the rest was not read", maxAssignments))
				return p.out
			}
			p.statement()
		}
	}
	if len(p.out.problems) >= maxProblems && p.at < len(p.text) {
		p.problem("too many lines are no assignment; the rest was not read")
	}
	return p.out
}

func (p *parser) problem(message string) {
	p.out.problems = append(p.out.problems, problem{p.line, p.column(), message})
}

func (p *parser) column() int { return p.at - p.lineStart + 1 }

// advance moves over n bytes and counts the lines in them.
func (p *parser) advance(n int) {
	for range n {
		if p.text[p.at] == '\n' {
			p.line++
			p.lineStart = p.at + 1
		}
		p.at++
	}
}

func (p *parser) toLineEnd() {
	if n := strings.IndexByte(p.text[p.at:], '\n'); n >= 0 {
		p.at += n
		return
	}
	p.at = len(p.text)
}

func (p *parser) skipBlanks() {
	for p.at < len(p.text) {
		switch {
		case p.text[p.at] == ' ' || p.text[p.at] == '\t':
			p.at++
		case strings.HasPrefix(p.text[p.at:], "\\\n"):
			p.advance(2)
		default:
			return
		}
	}
}

// statement reads one command: assignments, with or without "export" before
// them.
func (p *parser) statement() {
	p.statements = p.statements[:0]
	exported := false
	for {
		if p.atEnd() {
			return
		}
		name := p.name()
		after := p.at + len(name)
		next := byte(0)
		if after < len(p.text) {
			next = p.text[after]
		}
		switch {
		case name != "" && next == '=':
			p.assignment(name)
		case len(p.statements) == 0 && !exported && (name == "export" || name == "readonly") && (next == ' ' || next == '\t'):
			exported = true
			p.at = after
		case exported && name != "" && (after == len(p.text) || strings.IndexByte(" \t\n;#", next) >= 0):
			p.at = after // an earlier variable is exported
		case len(p.statements) > 0:
			// NAME=value word: a shell would run the word as a command.
			for _, i := range p.statements {
				if a := &p.out.assignments[i]; a.trouble == "" {
					a.trouble = "words follow the value, which a shell would run as a command"
				}
			}
			p.toLineEnd()
			return
		default:
			p.problem("the line is no assignment")
			p.toLineEnd()
			return
		}
		p.skipBlanks()
	}
}

// atEnd reports whether the statement is over.
func (p *parser) atEnd() bool {
	if p.at >= len(p.text) {
		return true
	}
	switch p.text[p.at] {
	case '\n', ';':
		return true
	case '\r': // a stray one, as the end of the text
		return strings.TrimLeft(p.text[p.at:], "\r") == ""
	case '#':
		p.toLineEnd()
		return true
	}
	return false
}

func (p *parser) name() string { return nameAt(p.text, p.at) }

func nameAt(text string, at int) string {
	end := at
	for end < len(text) {
		c := text[end]
		if c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' || end > at && c >= '0' && c <= '9' {
			end++
			continue
		}
		break
	}
	return text[at:end]
}

// assignment reads NAME=value. When the value is not closed or too long, the
// rest of its first line is taken for it.
func (p *parser) assignment(name string) {
	a := assignment{name: name, line: p.line, column: p.column()}
	p.advance(len(name) + 1)
	start, line, lineStart := p.at, p.line, p.lineStart
	w := word{parser: p, start: start}
	w.read()
	a.parts, a.trouble = w.parts, w.trouble
	if w.cut {
		p.at, p.line, p.lineStart = start, line, lineStart
		p.toLineEnd()
	}
	a.raw = p.text[start:p.at]
	if len(a.raw) > maxValueBytes {
		a.raw, a.parts, a.trouble = "", nil, fmt.Sprintf("the value is longer than %d bytes", maxValueBytes)
	}
	p.statements = append(p.statements, len(p.out.assignments))
	p.out.assignments = append(p.out.assignments, a)
}

// word reads the value of an assignment.
type word struct {
	*parser
	start   int
	literal strings.Builder
	parts   []part
	trouble string
	// cut is set when the end of the value was not found.
	cut bool
}

func (w *word) flush() {
	if w.literal.Len() > 0 {
		w.parts = append(w.parts, part{text: w.literal.String()})
		w.literal.Reset()
	}
}

// fail notes the first reason why the value cannot be told.
func (w *word) fail(reason string) {
	if w.trouble == "" {
		w.trouble = reason
	}
}

func (w *word) read() {
	defer w.flush()
	for w.at < len(w.text) {
		if w.at-w.start > maxValueBytes {
			w.fail(fmt.Sprintf("the value is longer than %d bytes, or a quote is not closed", maxValueBytes))
			w.cut = true
			return
		}
		switch c := w.text[w.at]; c {
		case ' ', '\t', '\n', ';':
			return
		case '\'':
			end := strings.IndexByte(w.text[w.at+1:], '\'')
			if end < 0 || end > maxValueBytes {
				w.fail("a quote is not closed")
				w.cut = true
				return
			}
			w.literal.WriteString(w.text[w.at+1 : w.at+1+end])
			w.advance(end + 2)
		case '"':
			if !w.doubleQuoted() {
				w.fail("a quote is not closed")
				w.cut = true
				return
			}
		case '\\':
			w.advance(1)
			if w.at < len(w.text) {
				if w.text[w.at] != '\n' {
					w.literal.WriteByte(w.text[w.at])
				}
				w.advance(1)
			}
		case '$':
			w.dollar(false)
		case '`':
			w.fail("a command would be run for the value")
			w.toLineEnd()
			return
		case '|', '&', '<', '>', '(', ')':
			w.fail(fmt.Sprintf("an unquoted %q is not a part of a value", c))
			w.toLineEnd()
			return
		case '~':
			if w.at == w.start {
				w.fail("the value begins with somebody's home folder")
			}
			w.literal.WriteByte(c)
			w.at++
		default:
			w.literal.WriteByte(c)
			w.at++
		}
		if w.cut {
			return
		}
	}
}

// doubleQuoted reads "...", and returns false when it is not closed.
func (w *word) doubleQuoted() bool {
	w.at++
	for w.at < len(w.text) && w.at-w.start <= maxValueBytes {
		switch c := w.text[w.at]; c {
		case '"':
			w.at++
			return true
		case '\\':
			next := byte(0)
			if w.at+1 < len(w.text) {
				next = w.text[w.at+1]
			}
			switch next {
			case '$', '`', '"', '\\':
				w.literal.WriteByte(next)
				w.at += 2
			case '\n':
				w.advance(2)
			default:
				w.literal.WriteByte(c)
				w.at++
			}
		case '$':
			w.dollar(true)
			if w.cut {
				return false
			}
		case '`':
			w.fail("a command would be run for the value")
			w.at++
		default:
			w.literal.WriteByte(c)
			w.advance(1)
		}
	}
	return false
}
