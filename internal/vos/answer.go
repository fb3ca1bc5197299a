// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Format says how the format of an answer came to be known.
type Format string

const (
	// Documented: seen in public documents.
	Documented Format = "documented"
	// Inferred: put together from similar commands.
	Inferred Format = "inferred"
)

// Item is one item of a list.
type Item struct {
	Value string
	Line  int
}

// List is the answer of a list command. Format is that of the line that says
// what follows, or that there is nothing.
type List struct {
	Items  []Item
	Format Format
	Line   int
}

// Form is a line that is known, and how.
type Form struct {
	Line   *regexp.Regexp
	Format Format
}

// match finds the first form that a line has.
func match(forms []Form, text string) (Format, bool) {
	for _, f := range forms {
		if f.Line.MatchString(text) {
			return f.Format, true
		}
	}
	return "", false
}

// Value is the answer of a status command.
type Value struct {
	Text   string
	Format Format
	Line   int
}

// UnreadableError says why an answer gave no fact.
type UnreadableError struct {
	Command string
	Line    int
	Reason  string
	// Absent: the transcript does not hold the command. Refused: the server
	// did not know or run it. Otherwise the answer is not certain.
	Absent, Refused bool
}

// Error implements error.
func (e *UnreadableError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%q: %s", e.Command, e.Reason)
	}
	return fmt.Sprintf("%q at line %d: %s", e.Command, e.Line, e.Reason)
}

// ListCommand describes how the answer of a list command looks.
type ListCommand struct {
	// Commands are the spellings, the current one first.
	Commands []string
	// Changes are prefixes of commands that change the list.
	Changes []string
	// Headers are the forms of the line before the items, Empties of the line
	// that says there are none.
	Headers, Empties []Form
	// Item, when set, tells which texts can be items at all.
	Item *regexp.Regexp
	// Bare, when set, tells which items may stand without any header, numbered
	// from 1. It is stricter than Item: nothing else says what is listed.
	Bare *regexp.Regexp
	// Row, when set, is all items on one line with commas between them. One item
	// alone needs a header, which may be the first group.
	Row *regexp.Regexp
	// Private keeps the answer's text out of reasons: it names people.
	Private bool
}

// StatusCommand describes how the answer of a status command looks.
type StatusCommand struct {
	Commands []string
	Changes  []string
	Patterns []StatusPattern
	// Loose lets lines pass that have no known form: the answer is a sheet of
	// which one field is read.
	Loose bool
}

// StatusPattern turns a line into a value.
type StatusPattern struct {
	Line *regexp.Regexp
	// Value is the fact; empty means the first group of Line.
	Value  string
	Format Format
}

var (
	item      = regexp.MustCompile(`^\s*(\d{1,6})\s*[.:)]\s*(\S.*?)\s*$`)
	menuEntry = regexp.MustCompile(`(?i)^\s*(?:\d{1,6}|[aq])\s*[.:)]\s*(?:all|quit)\s*$`)
	// tail matches what may follow an answer without being part of it.
	tail = regexp.MustCompile(`(?i)^\s*(?:(?:executed )?command success(?:ful|fully)?\.?|restart .{1,120} for the changes to take effect\b.{0,120}|utils service restart .{1,80}|restart cisco [a-z ]{1,60}|ensure .{1,80} (?:is|are) (?:enabled|updated) in all .{1,80})\s*$`)
	// oddFirst is a line that documents show before a list and that means nothing.
	oddFirst = regexp.MustCompile(`(?i)^\s*source \S+ successfully added list\s*$`)
)

func nothing() {}

// listReader gathers the items of one list.
type listReader struct {
	ListCommand
	out List
	// header and empty are set by the lines that say so, row by items on one line.
	header, empty, row bool
	first              int
}

// ReadList reads the last answer of a list command. Items must be numbered
// without a hole: one that was lost on the way is thereby seen.
func (t Transcript) ReadList(c ListCommand) (List, error) {
	e, err := t.exchange(c.Commands, c.Changes, c.Private)
	if err != nil {
		return List{}, err
	}
	r := listReader{ListCommand: c, out: List{Format: Inferred, Line: e.Line}}
	bad := walk(e.Answer, r.understand)
	switch {
	case bad != nil:
		return List{}, &UnreadableError{Command: e.Command, Line: bad.Number, Reason: r.why(bad.Text)}
	case !r.empty && len(r.out.Items) == 0:
		return List{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer has none of the known forms"}
	}
	return r.out, nil
}

func (r *listReader) understand(text string, line int, h how) reading {
	value, n, ok := r.item(text, h)
	headerFormat, isHeader := match(r.Headers, text)
	emptyFormat, isEmpty := match(r.Empties, text)
	switch {
	case h != broken && r.header && menuEntry.MatchString(text):
		return nothing
	case ok && h != broken:
		return func() {
			if len(r.out.Items) == 0 {
				r.first = n
			}
			r.out.Items = append(r.out.Items, Item{Value: value, Line: line})
		}
	case h != broken && r.isRow(text, h):
		return func() { r.take(text, line) }
	case oddFirst.MatchString(text), tail.MatchString(text):
		return nothing
	case isEmpty && len(r.out.Items) == 0 && h != ahead:
		return func() { r.header, r.empty, r.out.Format = true, true, emptyFormat }
	case isHeader && (r.header || len(r.out.Items) == 0 || h == ahead):
		return func() {
			if len(r.out.Items) == 0 && !r.empty {
				r.header, r.out.Format = true, headerFormat
			}
		}
	}
	return nil
}

// item tells whether a text is the next item, and its number.
func (r *listReader) item(text string, h how) (string, int, bool) {
	m := item.FindStringSubmatch(text)
	switch {
	case m == nil, r.empty, r.row, r.Item != nil && !r.Item.MatchString(m[2]):
		return "", 0, false
	case !r.header && (r.Bare == nil || !r.Bare.MatchString(m[2])):
		return "", 0, false
	}
	n, err := strconv.Atoi(m[1])
	// Numbers start at 1, or, where a header says that it is a list, as
	// programmers do.
	inOrder := len(r.out.Items) == 0 && (n == 1 || n == 0 && r.header) || len(r.out.Items) > 0 && n == r.first+len(r.out.Items)
	return m[2], n, err == nil && len(r.out.Items) < maxItems && (inOrder || h == ahead)
}

// isRow tells whether a text is all items at once.
func (r *listReader) isRow(text string, h how) bool {
	if r.Row == nil || r.empty || h != ahead && (r.row || len(r.out.Items) > 0) {
		return false
	}
	m := r.Row.FindStringSubmatch(text)
	if m == nil || strings.Count(m[2], ",") >= maxItems {
		return false
	}
	return r.header || m[1] != "" || strings.Contains(m[2], ",") || h == ahead
}

func (r *listReader) take(text string, line int) {
	r.row, r.out.Format = true, Inferred
	for value := range strings.SplitSeq(r.Row.FindStringSubmatch(text)[2], ",") {
		r.out.Items = append(r.out.Items, Item{Value: strings.TrimSpace(value), Line: line})
	}
}

// why says what is wrong with a line of a list.
func (r *listReader) why(text string) string {
	m := item.FindStringSubmatch(text)
	_, isEmpty := match(r.Empties, text)
	listed := r.header || len(r.out.Items) > 0
	switch {
	case r.Private:
		return "the answer has none of the known forms"
	case r.empty || isEmpty:
		return "the answer says both that the list is empty and what it holds"
	case m != nil && listed && r.Item != nil && !r.Item.MatchString(m[2]):
		return fmt.Sprintf("%q is no item of this list", shorten(m[2]))
	case m != nil && listed:
		return fmt.Sprintf("item %s follows %d items; some are missing, or a line is broken", m[1], len(r.out.Items))
	}
	return fmt.Sprintf("unknown answer %q", shorten(text))
}

// ReadStatus reads the last answer of a status command. Every line must have a
// known form, and two that disagree are no fact.
func (t Transcript) ReadStatus(c StatusCommand) (Value, error) {
	e, err := t.exchange(c.Commands, c.Changes, false)
	if err != nil {
		return Value{}, err
	}
	return c.read(e)
}

func (c StatusCommand) read(e Exchange) (Value, error) {
	var out Value
	var other string
	bad := walk(e.Answer, func(text string, line int, h how) reading {
		for _, p := range c.Patterns {
			m := p.Line.FindStringSubmatch(text)
			if m == nil {
				continue
			}
			value := p.Value
			if value == "" {
				value = m[1]
			}
			return func() {
				if out.Line != 0 && out.Text != value {
					other = value
				}
				out = Value{Text: value, Format: p.Format, Line: line}
			}
		}
		if tail.MatchString(text) || c.Loose && h.single() {
			return nothing
		}
		return nil
	})
	switch {
	case bad != nil:
		return Value{}, &UnreadableError{Command: e.Command, Line: bad.Number, Reason: fmt.Sprintf("unknown answer %q", shorten(bad.Text))}
	case other != "":
		return Value{}, &UnreadableError{Command: e.Command, Line: out.Line, Reason: "the answer says two different things"}
	case out.Line == 0:
		return Value{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer has none of the known forms"}
	}
	return out, nil
}

// exchange finds the last run of a command whose answer can be trusted.
func (t Transcript) exchange(commands, changes []string, private bool) (Exchange, error) {
	e, ok := t.lastAnswered(commands)
	if !ok {
		return e, &UnreadableError{Command: commands[0], Reason: "the transcript does not hold this command", Absent: true}
	}
	return e, t.usable(e, changes, private)
}

// usable says whether an answer was seen to its end, still holds, and is one.
func (t Transcript) usable(e Exchange, changes []string, private bool) error {
	if !e.Complete {
		return &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the transcript ends inside this answer; capture it up to the next prompt"}
	}
	if change, ok := t.ChangedAfter(e.Line, changes...); ok {
		return &UnreadableError{Command: e.Command, Line: e.Line, Reason: fmt.Sprintf("%q runs later; show it again after that", shorten(change))}
	}
	if line := e.refusal; line != 0 {
		reason := "the server refused the command"
		for _, l := range e.Answer {
			if l.Number == line && !private {
				reason = fmt.Sprintf("%s: %q", reason, shorten(l.Text))
			}
		}
		return &UnreadableError{Command: e.Command, Line: line, Reason: reason, Refused: true}
	}
	return nil
}

func shorten(s string) string {
	s = strings.ToValidUTF8(strings.TrimSpace(s), "?")
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "") + "..."
	}
	return s
}
