// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"fmt"
	"regexp"
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

// List is the answer of a list command.
type List struct {
	Items  []Item
	Format Format
	Line   int
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
	// Header and Empty match the line before the items, and the line that
	// says there are none.
	Header, Empty *regexp.Regexp
	Format        Format
	// Item, when set, tells which texts can be items at all.
	Item *regexp.Regexp
}

// StatusCommand describes how the answer of a status command looks.
type StatusCommand struct {
	Commands []string
	Changes  []string
	Patterns []StatusPattern
}

// StatusPattern turns a line into a value.
type StatusPattern struct {
	Line *regexp.Regexp
	// Value is the fact; empty means the first group of Line.
	Value  string
	Format Format
}

var (
	item      = regexp.MustCompile(`^\s*(\d+)\s*[.:)]\s*(\S.*?)\s*$`)
	menuEntry = regexp.MustCompile(`(?i)^(?:all|quit)$`)
	// failed matches what a shell says when it did not run the command.
	failed = regexp.MustCompile(`(?i)no valid command entered|executed command unsuccessfully|command not found|incomplete command|invalid (?:command|parameter|argument)`)
	// tail matches what may follow an answer without being part of it.
	tail = regexp.MustCompile(`(?i)^\s*(?:command successful\.?|restart .* for the changes to take effect.*|ensure .* (?:is|are) (?:enabled|updated) in all .*)\s*$`)
	// oddFirst is a line that documents show before a list and that means nothing.
	oddFirst = regexp.MustCompile(`(?i)^\s*source \S+ successfully added list\s*$`)
)

// ReadList reads the last answer of a list command.
func (t Transcript) ReadList(c ListCommand) (List, error) {
	e, err := t.exchange(c.Commands, c.Changes)
	if err != nil {
		return List{}, err
	}
	out := List{Format: c.Format, Line: e.Line}
	header := false
	for _, l := range e.Answer {
		m := item.FindStringSubmatch(l.Text)
		switch {
		case oddFirst.MatchString(l.Text), tail.MatchString(l.Text):
		case c.Empty != nil && c.Empty.MatchString(l.Text):
			if len(out.Items) > 0 {
				return List{}, &UnreadableError{e.Command, l.Number, "the answer says both that the list is empty and what it holds"}
			}
			header = true
		case c.Header != nil && c.Header.MatchString(l.Text):
			header = true
		case m != nil && header && !menuEntry.MatchString(m[2]):
			if c.Item != nil && !c.Item.MatchString(m[2]) {
				return List{}, &UnreadableError{e.Command, l.Number, fmt.Sprintf("%q is no item of this list", m[2])}
			}
			out.Items = append(out.Items, Item{Value: m[2], Line: l.Number})
		default:
			return List{}, &UnreadableError{e.Command, l.Number, fmt.Sprintf("unknown answer %q", shorten(l.Text))}
		}
	}
	if !header {
		return List{}, &UnreadableError{e.Command, e.Line, "the answer has none of the known forms"}
	}
	return out, nil
}

// ReadStatus reads the last answer of a status command. Exactly one line must
// have a known form; two that disagree are no fact.
func (t Transcript) ReadStatus(c StatusCommand) (Value, error) {
	e, err := t.exchange(c.Commands, c.Changes)
	if err != nil {
		return Value{}, err
	}
	var out Value
	for _, l := range e.Answer {
		for _, p := range c.Patterns {
			m := p.Line.FindStringSubmatch(l.Text)
			if m == nil {
				continue
			}
			text := p.Value
			if text == "" {
				text = m[1]
			}
			if out.Line != 0 && out.Text != text {
				return Value{}, &UnreadableError{e.Command, l.Number, fmt.Sprintf("the answer says both %q and %q", out.Text, text)}
			}
			out = Value{Text: text, Format: p.Format, Line: l.Number}
			break
		}
	}
	if out.Line == 0 {
		return Value{}, &UnreadableError{e.Command, e.Line, "the answer has none of the known forms"}
	}
	return out, nil
}

// exchange finds the last run of a command whose answer can be trusted.
func (t Transcript) exchange(commands, changes []string) (Exchange, error) {
	e, ok := t.Last(commands...)
	if !ok {
		return e, &UnreadableError{commands[0], 0, "the transcript does not hold this command"}
	}
	if !e.Complete {
		return e, &UnreadableError{e.Command, e.Line, "the transcript ends inside this answer; capture it up to the next prompt"}
	}
	if change, ok := t.ChangedAfter(e.Line, changes...); ok {
		return e, &UnreadableError{e.Command, e.Line, fmt.Sprintf("%q runs later; show the list again after it", change)}
	}
	for _, l := range e.Answer {
		if failed.MatchString(l.Text) {
			return e, &UnreadableError{e.Command, l.Number, fmt.Sprintf("the server refused the command: %q", shorten(l.Text))}
		}
	}
	return e, nil
}

func shorten(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 80 {
		s = s[:80] + "..."
	}
	return s
}
