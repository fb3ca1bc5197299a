// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"strings"
	"unicode/utf8"
)

// terminalWidth is how wide the terminals are from which people copy.
const terminalWidth = 80

// maxParts is over how many lines one sentence or item may be broken.
const maxParts = 4

// how says how a text was put together from lines.
type how int

const (
	// whole: one line as it stands.
	whole how = iota
	// filled: lines that fill the terminal, and the one after them.
	filled
	// broken: lines of any width. Only a whole known sentence is certain then.
	broken
	// ahead: a line that is only looked at, before those in front were taken.
	ahead
)

// single reports whether the text is one line.
func (h how) single() bool { return h == whole || h == ahead }

// reading is what one text means: what to note when it is taken.
type reading func()

// walk reads lines one after the other, joining what a terminal broke.
// understand returns nil for a text without a known form. The line that could
// not be read is returned, or nil.
func walk(lines []Line, understand func(text string, line int, h how) reading) *Line {
	for i := 0; i < len(lines); {
		parts := lines[i:min(len(lines), i+maxParts)]
		take, used := readNext(parts, understand)
		if take == nil {
			return &lines[i]
		}
		take()
		i += used
	}
	return nil
}

func readNext(parts []Line, understand func(string, int, how) reading) (reading, int) {
	alone := understand(parts[0].Text, parts[0].Number, whole)
	text := strings.TrimRight(parts[0].Text, " ")
	joined := text
	for n := 1; n < len(parts) && utf8.RuneCountInString(parts[n-1].Text) == terminalWidth; n++ {
		joined += strings.TrimRight(parts[n].Text, " ")
		take := understand(joined, parts[0].Number, filled)
		if take == nil {
			continue
		}
		// Both readings make sense, so neither is certain.
		if alone != nil && understand(parts[1].Text, parts[1].Number, ahead) != nil {
			return nil, 0
		}
		return take, n + 1
	}
	if alone != nil {
		// Where the next line makes no sense but would lengthen this one, the
		// terminal was perhaps narrower, and this is only a beginning.
		if len(parts) > 1 && understand(parts[1].Text, parts[1].Number, ahead) == nil &&
			understand(text+parts[1].Text, parts[0].Number, filled) != nil {
			return nil, 0
		}
		return alone, 1
	}
	for _, between := range [...]string{"", " "} {
		text = strings.TrimRight(parts[0].Text, " ")
		for n := 1; n < len(parts); n++ {
			text += between + strings.TrimSpace(parts[n].Text)
			if take := understand(text, parts[0].Number, broken); take != nil {
				return take, n + 1
			}
		}
	}
	return nil, 0
}

// unwrapCommand joins a command that goes on in the lines after it. That is
// certain when the result, and not the beginning, is a command known by heart,
// or the name of a certificate that fills its line without its ending.
func unwrapCommand(e Exchange) Exchange {
	if known(e.Command) {
		return e
	}
	typed := e.Typed
	for n, l := range e.Answer {
		if n+1 == maxParts {
			break
		}
		part := strings.TrimSpace(l.Text)
		typed += part
		if next := canonical(typed); known(next) || e.filled && showsCertificate(next) && !showsCertificate(e.Command) {
			e.Typed, e.Command, e.Answer = typed, next, e.Answer[n+1:]
			return e
		}
		if next := canonical(e.Typed + " " + part); n == 0 && known(next) {
			e.Typed, e.Command, e.Answer = e.Typed+" "+part, next, e.Answer[1:]
			return e
		}
	}
	return e
}

// maxItems bounds what is taken from one answer.
const maxItems = 4000

// walkAll is walk that goes on behind lines that cannot be read, and hands each
// to unread. A line that may be the end of such a one is handed over too. It
// returns true when there were too many of them to go on.
func walkAll(lines []Line, understand func(text string, line int, h how) reading, unread func(Line)) bool {
	for n := 0; n < maxItems; n++ {
		bad := walk(lines, understand)
		if bad == nil {
			return false
		}
		for lines[0].Number <= bad.Number {
			if lines = lines[1:]; len(lines) == 0 {
				break
			}
		}
		unread(*bad)
		if len(lines) == 0 {
			return false
		}
		if understand(bad.Text+lines[0].Text, bad.Number, filled) != nil {
			unread(lines[0])
			lines = lines[1:]
		}
	}
	return true
}

// firstOf keeps the first line that could not be read.
func firstOf(kept **Line) func(Line) {
	return func(l Line) {
		if *kept == nil {
			*kept = &l
		}
	}
}
