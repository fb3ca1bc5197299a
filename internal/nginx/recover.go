// SPDX-License-Identifier: Apache-2.0

package nginx

import "strings"

// recoverHere gives up the current statement and resumes at the next ";", brace
// or line, whichever comes first.
func (p *parser) recoverHere() terminator {
	n := strings.IndexAny(p.s[p.pos:], ";{}\n")
	if n < 0 {
		p.pos = len(p.s)
		return lost
	}
	p.pos += n
	switch p.s[p.pos] {
	case ';':
		p.pos++
	case '{':
		p.broken = true
		return openBlock
	}
	return lost
}

// recoverLine gives up the line on which a quote opened, and goes back to its
// end: what the quote swallowed is most likely sound.
func (p *parser) recoverLine(quote, reached, line, bol int) terminator {
	if p.rewind < reached-quote {
		p.pos = reached
		return p.recoverHere()
	}
	p.rewind -= reached - quote
	p.line, p.bol = line, bol
	end := strings.IndexByte(p.s[quote:], '\n')
	if end < 0 {
		end = len(p.s)
	} else {
		end += quote
	}
	p.pos = end
	tail := strings.TrimRight(p.s[quote+1:max(end, quote+1)], " \t\r")
	if tail == "" {
		return lost
	}
	switch last := quote + len(tail); p.s[last] {
	case '{':
		p.pos, p.broken = last, true
		return openBlock
	case '}':
		p.pos = last
	}
	return lost
}
