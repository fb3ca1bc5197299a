// SPDX-License-Identifier: Apache-2.0

package env

import "strings"

// dollar reads what begins with "$".
func (w *word) dollar(quoted bool) {
	rest := w.text[w.at+1:]
	switch {
	case rest == "" || strings.IndexByte(" \t\n\"';/:.,=%+~^", rest[0]) >= 0 && (quoted || rest[0] != '"' && rest[0] != '\''):
		w.literal.WriteByte('$')
		w.at++
	case rest[0] == '{':
		end := closingBrace(rest, 1)
		if end < 0 {
			w.fail("a brace is not closed")
			w.cut = true
			return
		}
		p, ok := expansion(rest[1:end], 0)
		if ok {
			w.flush()
			w.parts = append(w.parts, p)
		} else {
			w.fail("an expansion is of a form that is not understood")
		}
		w.advance(end + 2)
	case nameAt(rest, 0) != "":
		name := nameAt(rest, 0)
		w.flush()
		w.parts = append(w.parts, part{variable: name})
		w.at += 1 + len(name)
	case rest[0] == '(':
		w.fail("a command would be run for the value")
		w.at++
	default:
		w.fail("an expansion is of a form that is not understood")
		w.at++
	}
}

// closingBrace finds the end of a ${...} whose inside begins at from. A quote or
// a line break inside is beyond what is read.
func closingBrace(text string, from int) int {
	depth := 1
	for i := from; i < len(text) && i < maxValueBytes; i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		case '\n', '"', '\'':
			return -1
		}
	}
	return -1
}

// expansion reads the inside of ${...}: NAME, NAME-default or NAME:-default.
func expansion(text string, depth int) (part, bool) {
	name := nameAt(text, 0)
	rest := text[len(name):]
	p := part{variable: name}
	switch {
	case name == "" || depth > maxNesting:
		return p, false
	case rest == "":
		return p, true
	case strings.HasPrefix(rest, ":-"):
		p.orEmpty, rest = true, rest[2:]
	case strings.HasPrefix(rest, "-"):
		rest = rest[1:]
	default:
		return p, false
	}
	p.hasFallback = true
	for rest != "" {
		i := strings.IndexAny(rest, "$`\\")
		if i < 0 {
			i = len(rest)
		}
		if i > 0 {
			p.fallback = append(p.fallback, part{text: rest[:i]})
			rest = rest[i:]
			continue
		}
		switch {
		case strings.HasPrefix(rest, "${"):
			end := closingBrace(rest, 2)
			if end < 0 {
				return p, false
			}
			inner, ok := expansion(rest[2:end], depth+1)
			if !ok {
				return p, false
			}
			p.fallback = append(p.fallback, inner)
			rest = rest[end+1:]
		case rest[0] == '$' && nameAt(rest, 1) != "":
			inner := nameAt(rest, 1)
			p.fallback = append(p.fallback, part{variable: inner})
			rest = rest[1+len(inner):]
		default:
			return p, false
		}
	}
	return p, true
}
