// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"regexp"
	"strconv"
	"strings"
)

// Limits of one transcript.
const (
	maxLines     = 200_000
	maxLineBytes = 16 << 10
)

// Line is one line of an answer.
type Line struct {
	Number int
	Text   string
}

// Exchange is one command and what was answered.
type Exchange struct {
	// Command is in lower case with single blanks.
	Command string
	// Line is where the command stands, from 1.
	Line   int
	Answer []Line
	// Complete is set when another prompt follows and the answer was not left
	// in the pager: only then is it certain that it was not cut off.
	Complete bool
}

// Transcript is a sequence of exchanges.
type Transcript struct {
	Exchanges []Exchange
	// Truncated is set when the text exceeded the limits.
	Truncated bool
}

var (
	prompt       = regexp.MustCompile(`^\s*admin:\s?(.*)$`)
	terminalCode = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[()][A-Z0-9]")
	blanks       = regexp.MustCompile(`[ \t\x{00a0}]+`)
	pager        = regexp.MustCompile(`(?i)^\s*(?:options:\s*q=quit|press\s+<?(?:enter|space)>?|-+\s*more\s*-+|\(?lines \d+\s*-\s*\d+ of \d+\)?\s*:?\s*$)`)
	// pagerRange is how far the pager had come.
	pagerRange = regexp.MustCompile(`(?i)\(?lines\s+\d+\s*-\s*(\d+)\s+of\s+(\d+)`)
	// strayBlank repairs a command that documents print with a blank in it.
	strayBlank = regexp.MustCompile(`frame_access_ (allowed_list|whitelist)`)
)

var typographic = strings.NewReplacer(
	"\u00a0", " ", "\u2018", "'", "\u2019", "'", "\u201c", `"`, "\u201d", `"`, "\u2013", "-", "\u2014", "-", "\ufeff", "",
)

// Parse splits a transcript into exchanges. Text before the first prompt, such
// as a login banner, is left out.
func Parse(text []byte) Transcript {
	var t Transcript
	current := -1
	// unread is set while the last line of an answer is a pager's that had more
	// to show: what follows it is the rest, or the prompt of one who quit.
	unread := false
	for number, raw := range strings.Split(string(text), "\n") {
		if number >= maxLines {
			t.Truncated = true
			break
		}
		if len(raw) > maxLineBytes {
			raw = raw[:maxLineBytes]
			t.Truncated = true
		}
		line := clean(raw)
		if m := prompt.FindStringSubmatch(line); m != nil {
			if current >= 0 {
				t.Exchanges[current].Complete = !unread
			}
			unread = false
			t.Exchanges = append(t.Exchanges, Exchange{Command: canonical(m[1]), Line: number + 1})
			current = len(t.Exchanges) - 1
			continue
		}
		if current >= 0 && strings.TrimSpace(line) != "" {
			if pager.MatchString(line) {
				unread = hasMore(line)
				continue
			}
			unread = false
			e := &t.Exchanges[current]
			e.Answer = append(e.Answer, Line{Number: number + 1, Text: line})
		}
	}
	// An empty prompt is no exchange.
	kept := t.Exchanges[:0]
	for _, e := range t.Exchanges {
		if e.Command != "" {
			kept = append(kept, e)
		}
	}
	t.Exchanges = kept
	return t
}

// hasMore reports whether a pager's line may hide a rest. One that says that it
// shows the last line does not; one that says nothing may.
func hasMore(line string) bool {
	m := pagerRange.FindStringSubmatch(line)
	if m == nil {
		return true
	}
	shown, err1 := strconv.Atoi(m[1])
	all, err2 := strconv.Atoi(m[2])
	return err1 != nil || err2 != nil || shown < all
}

// clean removes what a terminal adds: carriage returns (what stands before the
// last one was overwritten), colours, typographic quotes.
func clean(s string) string {
	s = strings.TrimRight(s, "\r")
	if i := strings.LastIndexByte(s, '\r'); i >= 0 {
		s = s[i+1:]
	}
	s = terminalCode.ReplaceAllString(s, "")
	for strings.Contains(s, "\b") {
		i := strings.IndexByte(s, '\b')
		from := max(i-1, 0)
		s = s[:from] + s[i+1:]
	}
	return typographic.Replace(s)
}

func canonical(command string) string {
	command = strings.ToLower(strings.TrimSpace(blanks.ReplaceAllString(command, " ")))
	return strayBlank.ReplaceAllString(command, "frame_access_$1")
}

// Last returns the last exchange of any of the commands, and false when the
// transcript has none.
func (t Transcript) Last(commands ...string) (Exchange, bool) {
	for i := len(t.Exchanges) - 1; i >= 0; i-- {
		for _, c := range commands {
			if t.Exchanges[i].Command == c {
				return t.Exchanges[i], true
			}
		}
	}
	return Exchange{}, false
}

// ChangedAfter reports whether a command with the prefix runs after the line:
// what an earlier list shows may then no longer hold.
func (t Transcript) ChangedAfter(line int, prefixes ...string) (string, bool) {
	for _, e := range t.Exchanges {
		if e.Line <= line {
			continue
		}
		for _, p := range prefixes {
			if strings.HasPrefix(e.Command, p) {
				return e.Command, true
			}
		}
	}
	return "", false
}
