// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

const (
	maxLineBytes = 64 << 10
	maxLines     = 500_000
	// maxLineGaps is how many lines of one artifact are named one by one.
	maxLineGaps = 20
)

// text is an artifact in lines, numbered from 1, without their ends.
type text struct {
	path  string
	lines []string
	// body is the whole text, for formats that are not made of lines.
	body string
	g    *gatherer
	// unread counts the lines that were not understood.
	unread int
}

// terminalCodes are colours and cursor movements that a tool wrote for a
// terminal.
var terminalCodes = regexp.MustCompile(`\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|\(B)`)

// newText splits content. Lines beyond the limits are left out, with a gap.
func (g *gatherer) newText(name string, content []byte) *text {
	x := &text{path: valid(name), g: g}
	body := strings.TrimPrefix(valid(string(content)), "\uFEFF")
	if strings.IndexByte(body, 0x1b) >= 0 {
		body = terminalCodes.ReplaceAllString(body, "")
	}
	x.body = body
	// JSON and XML may well stand in one line.
	structured := strings.HasPrefix(body, "[") || strings.HasPrefix(body, "<")
	for line := range strings.Lines(body) {
		if len(x.lines) == maxLines {
			g.gap(fmt.Sprintf("%s: has more than %d lines; the rest was not read", x.path, maxLines), x.at(maxLines))
			break
		}
		line = strings.TrimRight(line, "\r\n")
		if len(line) > maxLineBytes && !structured {
			x.lines = append(x.lines, "")
			x.bad(len(x.lines), fmt.Sprintf("line is longer than %d bytes", maxLineBytes))
			continue
		}
		x.lines = append(x.lines, line)
	}
	return x
}

// at is the source of a line.
func (x *text) at(line int) evidence.Source {
	return evidence.Source{Artifact: x.path, Line: line, Column: min(line, 1), Origin: evidence.Origin{Kind: evidence.Explicit}}
}

// bad leaves a gap for a line that was not understood. The line itself is not
// repeated: nothing is known of what it holds.
func (x *text) bad(line int, reason string) {
	switch x.unread++; {
	case x.unread < maxLineGaps:
		x.g.gap(fmt.Sprintf("%s:%d: %s", x.path, line, reason), x.at(line))
	case x.unread == maxLineGaps:
		x.g.gap(fmt.Sprintf("%s:%d: this line and perhaps others below were not understood", x.path, line), x.at(line))
	}
}

var (
	binaryMark = regexp.MustCompile(`^\[redacted:binary:\d+\]$`)
	// complaint is what a shell or a tool says instead of an answer.
	complaint = regexp.MustCompile(`(?i)^(?:(?:-?(?:ba|da|z)?sh|sudo|env|su)(?:: line \d+)?: |[\w./-]+: (?:command not found|permission denied|not found)$|failed to connect to bus|system has not been booted with systemd|you (?:must|need to) be root|must be root|error: )`)
	// pager is the prompt of a program that shows a text page by page.
	pager = regexp.MustCompile(`^(?:--More--.*|lines \d+-\d+(?:/\d+)?(?: .*)?|\(END\)|:)$`)
)

// unfit says why a text is no answer at all, and is empty if it may be one.
func (x *text) unfit() string {
	content := 0
	for i, line := range x.lines {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case content == 0 && binaryMark.MatchString(line):
			return "is no text"
		case content == 0 && complaint.MatchString(line):
			return "holds a message of failure, no answer"
		case pager.MatchString(line):
			x.bad(i+1, "the prompt of a pager stands in it: lines may be missing")
			x.lines[i] = ""
		default:
			content++
		}
	}
	if content == 0 && x.unread == 0 {
		return "is empty"
	}
	return ""
}

// number is the whole number that a text is, if it is one.
func number(s string) evidence.Optional[int] {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n > math.MaxInt {
		return evidence.Optional[int]{}
	}
	return evidence.Known(int(n), evidence.Explicit)
}

// list splits at commas and white space.
func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' })
}

// octalEscapes undoes the \040 by which the kernel writes blanks, and the \x20
// of findmnt.
func octalEscapes(s string) string {
	if !strings.ContainsRune(s, '\\') {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			code, base := s[i+1:i+4], 8
			if code[0] == 'x' {
				code, base = code[1:], 16
			}
			if n, err := strconv.ParseUint(code, base, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return valid(b.String())
}
