// SPDX-License-Identifier: Apache-2.0

package nginx

import "strings"

// lua skips the body of a Lua block, whose braces count only outside of strings
// and comments.
func (p *parser) lua(d *Directive, brace Span) {
	start := p.pos
	end := luaEnd(p.s, start)
	next := end + 1
	if end < 0 {
		p.fail(brace, "a brace, a string or a comment in the Lua code is not closed", "Lua block %q is never closed", clip(d.Name))
		d.Broken = true
		end = -1
		if cost := len(p.s) - start; p.rewind >= cost {
			p.rewind -= cost
			end = outdentedBrace(p.s, start, int(d.Column))
		}
		next = end + 1
		if end < 0 {
			end, next = len(p.s), len(p.s)
		}
	}
	d.Body.End = int32(end)
	p.advance(next)
	d.End = int32(next)
	if p.skipped == 0 {
		p.pending = append(p.pending, d)
	}
}

// luaEnd finds the brace that closes a Lua block whose body starts at offset i,
// or -1. Braces in strings, long brackets and comments do not count (Lua 5.1
// reference manual, section 2.1).
//
// As in lua-nginx-module, a string must end on its line, even where Lua would
// let it go on after a backslash; a quote without a partner on its line is a
// plain character.
func luaEnd(s string, i int) int {
	depth := 1
	// Quotes without a partner make the scan read their line again; this keeps
	// a line of escaped quotes from costing the square of its length.
	spare := 4*(len(s)-i) + 64<<10
	for i < len(s) {
		switch c := s[i]; c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		case '"', '\'':
			end, closed := luaString(s, i)
			if closed {
				i = end
			} else if spare -= end - i; spare < 0 {
				return -1
			}
		case '[':
			if after, ok := longBracket(s, i); ok {
				if i = after; i < 0 {
					return -1
				}
				continue
			}
		case '-':
			if !strings.HasPrefix(s[i:], "--") {
				break
			}
			if after, ok := longBracket(s, i+2); ok {
				if i = after; i < 0 {
					return -1
				}
				continue
			}
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return -1
			}
			i += n
		}
		i++
	}
	return -1
}

// luaString scans the string that opens at i. It returns the offset of the
// closing quote, or of the end of the line that holds none.
func luaString(s string, i int) (end int, closed bool) {
	q := s[i]
	for j := i + 1; j < len(s); j++ {
		switch s[j] {
		case q:
			return j, true
		case '\n':
			return j, false
		case '\\':
			if j+1 < len(s) && s[j+1] != '\n' {
				j++
			}
		}
	}
	return len(s), false
}

// longBracket reports whether a long bracket such as [==[ opens at i, and the
// offset after the one that closes it, -1 when none does.
func longBracket(s string, i int) (after int, ok bool) {
	if i >= len(s) || s[i] != '[' {
		return 0, false
	}
	j := i + 1
	for j < len(s) && s[j] == '=' {
		j++
	}
	if j >= len(s) || s[j] != '[' {
		return 0, false
	}
	// The closing bracket has as many "=" as the opening one.
	closing := "]" + s[i+1:j] + "]"
	n := strings.Index(s[j+1:], closing)
	if n < 0 {
		return -1, true
	}
	return j + 1 + n + len(closing), true
}

// outdentedBrace guesses where an unbalanced Lua block was meant to end: at the
// first line that begins with "}" no deeper than the directive itself.
func outdentedBrace(s string, from, column int) int {
	for {
		n := strings.IndexByte(s[from:], '\n')
		if n < 0 {
			return -1
		}
		line := from + n + 1
		i := line
		for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
			i++
		}
		if i < len(s) && s[i] == '}' && i-line+1 <= column {
			return i
		}
		from = line
	}
}
