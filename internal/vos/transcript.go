// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of one transcript.
const (
	maxLines     = 200_000
	maxLineBytes = 16 << 10
	maxExchanges = 5_000
)

// Line is one line of an answer.
type Line struct {
	Number int
	Text   string
}

// Exchange is one command and what was answered.
type Exchange struct {
	// Command is in lower case with single blanks, Typed as it was typed.
	Command string
	Typed   string
	// Line is where the command stands, from 1.
	Line   int
	Answer []Line
	// Complete is set when another prompt follows and the answer was not left
	// in the pager: only then is it certain that it was not cut off.
	Complete bool

	// filled is set when the line of the command is as wide as a terminal.
	filled bool
	// refusal is the line that says that the server did not run it, or 0;
	// withoutEffect is set when it plainly changed nothing.
	refusal       int
	withoutEffect bool
}

// Transcript is a sequence of exchanges.
type Transcript struct {
	Exchanges []Exchange
	// Truncated is set when the text exceeded the limits.
	Truncated bool
}

var (
	prompt       = regexp.MustCompile(`(?i)^\s*admin:\s*(.*)$`)
	terminalCode = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|\x1b[()][A-Z0-9]|\x1b[=>]")
	blanks       = regexp.MustCompile(`[ \t\x{00a0}]+`)
	pager        = regexp.MustCompile(`(?i)^\s*(?:options:\s*q=quit|press\s+<?(?:enter|space)>?|-+\s*more\s*-+|\(?lines \d+\s*-\s*\d+ of \d+\)?\s*:?\s*$)`)
	// pagerRange is how far the pager had come.
	pagerRange = regexp.MustCompile(`(?i)\(?lines\s+\d+\s*-\s*(\d+)\s+of\s+(\d+)`)
	// strayBlank repairs a command that documents print with a blank in it.
	strayBlank = regexp.MustCompile(`frame_access_ (allowed_list|whitelist)`)
)

var typographic = strings.NewReplacer(
	"\u00a0", " ", "\u2018", "'", "\u2019", "'", "\u201c", `"`, "\u201d", `"`, "\u2013", "-", "\u2014", "-", "\ufeff", "", "\u200b", "",
)

// Parse splits a transcript into exchanges. Text before the first prompt, such
// as a login banner, is left out.
func Parse(text []byte) Transcript {
	var t Transcript
	current := -1
	// unread is set while the last line of an answer is a pager's that had more
	// to show: what follows it is the rest, or the prompt of one who quit.
	unread := false
	number := 0
	for raw := range strings.SplitSeq(string(text), "\n") {
		number++
		if number > maxLines {
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
			if len(t.Exchanges) == maxExchanges {
				t.Truncated = true
				break
			}
			typed := strings.TrimSpace(blanks.ReplaceAllString(m[1], " "))
			t.Exchanges = append(t.Exchanges, Exchange{
				Command: canonical(typed), Typed: typed, Line: number, filled: utf8.RuneCountInString(line) == terminalWidth,
			})
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
			e.Answer = append(e.Answer, Line{Number: number, Text: line})
		}
	}
	// An empty prompt is no exchange.
	kept := t.Exchanges[:0]
	for _, e := range t.Exchanges {
		if e.Command != "" {
			e = unwrapCommand(e)
			e.judge()
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
// last one was overwritten), colours, erased characters, typographic quotes.
func clean(s string) string {
	s = strings.TrimRight(s, "\r")
	if i := strings.LastIndexByte(s, '\r'); i >= 0 {
		s = s[i+1:]
	}
	if strings.IndexByte(s, 0x1b) >= 0 {
		s = terminalCode.ReplaceAllString(s, "")
	}
	if strings.IndexByte(s, '\b') >= 0 {
		kept := make([]rune, 0, len(s))
		for _, r := range s {
			switch {
			case r != '\b':
				kept = append(kept, r)
			case len(kept) > 0:
				kept = kept[:len(kept)-1]
			}
		}
		s = string(kept)
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

// lastAnswered is Last among spellings of one command: one that this release
// does not know does not stand in the way of another.
func (t Transcript) lastAnswered(commands []string) (Exchange, bool) {
	var best Exchange
	found := false
	for _, c := range commands {
		e, ok := t.Last(c)
		if ok && (!found || best.Refused() && !e.Refused() || best.Refused() == e.Refused() && e.Line > best.Line) {
			best, found = e, true
		}
	}
	return best, found
}

// Answered returns the first of the commands that the server ran, for a setting
// whose command has had several names. It is false when it ran none.
func (t Transcript) Answered(commands ...string) (string, bool) {
	for _, c := range commands {
		if e, ok := t.Last(c); ok && !e.Refused() {
			return c, true
		}
	}
	return "", false
}

// ChangedAfter reports whether a command with the prefix runs after the line:
// what an earlier list shows may then no longer hold. One that the server
// plainly refused changes nothing.
func (t Transcript) ChangedAfter(line int, prefixes ...string) (string, bool) {
	for _, e := range t.Exchanges {
		if e.Line <= line || e.withoutEffect {
			continue
		}
		for _, p := range prefixes {
			if strings.HasPrefix(e.Command, p) || e.goesOnAs(p) {
				return e.Command, true
			}
		}
	}
	return "", false
}

// goesOnAs reports whether the command, broken by a narrow terminal, has the
// prefix once it is read on in the next line.
func (e Exchange) goesOnAs(prefix string) bool {
	if len(e.Answer) == 0 || !strings.HasPrefix(prefix, e.Command) {
		return false
	}
	next := strings.TrimSpace(e.Answer[0].Text)
	return strings.HasPrefix(canonical(e.Typed+next), prefix) || strings.HasPrefix(canonical(e.Typed+" "+next), prefix)
}

var (
	// failed matches what a shell says when it did not run the command.
	failed    = regexp.MustCompile(`(?i)no valid command entered|executed command unsuccessfully|command not found|incomplete command|invalid (?:command|parameter|argument)`)
	notDone   = regexp.MustCompile(`(?i)^\s*operation failed\b`)
	succeeded = regexp.MustCompile(`(?i)success`)
)

// Refused reports whether the server did not know or run the command.
func (e Exchange) Refused() bool { return e.refusal != 0 }

// judge notes what the answer says of the command's success.
func (e *Exchange) judge() {
	done, undone := false, false
	for _, l := range e.Answer {
		switch {
		case failed.MatchString(l.Text):
			if e.refusal == 0 {
				e.refusal = l.Number
			}
			undone = true
		case notDone.MatchString(l.Text):
			undone = true
		case succeeded.MatchString(l.Text):
			done = true
		}
	}
	e.withoutEffect = e.Complete && undone && !done
}
