// SPDX-License-Identifier: Apache-2.0

package vos

import (
	"regexp"
	"strconv"
)

// ConnectedUsers counts those who are signed in to Finesse; kind is "total", or
// "proxy" for those who came through a reverse proxy.
func ConnectedUsers(kind string) StatusCommand {
	c := StatusCommand{Commands: []string{"utils finesse show_connected_users summary"}, Loose: true}
	form := `(?i)^\s*total connected users\s*:\s*(\d{1,7})\s*$`
	if kind == "proxy" {
		form = `(?i)^\s*users connected to finesse via (?:reverse[- ])?proxy\s*:\s*(\d{1,7})\s*$`
	}
	c.Patterns = []StatusPattern{{regexp.MustCompile(form), "", Documented}}
	return c
}

// Count is a number.
type Count struct {
	Number int
	Format Format
	Line   int
}

// ReadCount reads the answer of a status command as a number.
func (t Transcript) ReadCount(c StatusCommand) (Count, error) {
	v, err := t.ReadStatus(c)
	if err != nil {
		return Count{}, err
	}
	n, err := strconv.Atoi(v.Text)
	if err != nil {
		return Count{}, &UnreadableError{Command: c.Commands[0], Line: v.Line, Reason: "the answer holds no number"}
	}
	return Count{n, v.Format, v.Line}, nil
}

// LockedOutUsers counts the accounts that are locked. Who they are stays in the
// transcript: neither the count nor the reason of an error holds a name.
func (t Transcript) LockedOutUsers() (Count, error) {
	l, err := t.ReadList(ListCommand{
		Commands: []string{"utils finesse locked_out_users list"},
		Changes:  []string{"utils finesse locked_out_users delete", "utils finesse locked_out_users unlock"},
		Headers:  []Form{{regexp.MustCompile(`(?i)^\s*(?:the )?(?:following )?(?:list of )?(?:users? (?:are |is )?(?:currently )?locked[ -]?out|locked[ -]?out users?|users? locked)(?: (?:are|of finesse))?\s*:?\s*$`), Inferred}},
		Empties:  []Form{{regexp.MustCompile(`(?i)^\s*(?:there are )?(?:currently )?no (?:locked[ -]?out users?|users? (?:(?:are|is) )?(?:currently )?locked(?:[ -]?out)?)(?: (?:are|is) (?:found|present))?(?: found| currently)?\.?\s*$`), Inferred}},
		Item:     regexp.MustCompile(`^\S{1,128}$`),
		Private:  true,
	})
	if err != nil {
		return Count{}, err
	}
	return Count{len(l.Items), l.Format, l.Line}, nil
}

// Secret is the mark that redaction left where a random key stood.
type Secret struct {
	// Length is in characters, SHA256 in hex.
	Length int
	SHA256 string
	Format Format
	Line   int
}

var (
	randomKey = regexp.MustCompile(`\[redacted:random-key:(\d{1,5}):([0-9a-f]{64})\]`)
	anyMark   = regexp.MustCompile(`\[redacted:`)
)

// IDSSecret reads what redaction left of the answer to "show ids secret". The
// error holds no word of the answer.
func (t Transcript) IDSSecret() (Secret, error) {
	e, err := t.exchange([]string{"show ids secret"}, []string{"set ids secret", "utils ids secret", "utils ids reset"}, true)
	if err != nil {
		return Secret{}, err
	}
	out := Secret{Format: Inferred}
	for _, l := range e.Answer {
		marks := randomKey.FindAllStringSubmatch(l.Text, 3)
		if len(marks) < len(anyMark.FindAllString(l.Text, 3)) {
			return Secret{}, &UnreadableError{Command: e.Command, Line: l.Number, Reason: "what is printed is no random key, so no digest of it may be kept"}
		}
		for _, m := range marks {
			if out.Line != 0 && out.SHA256 != m[2] {
				return Secret{}, &UnreadableError{Command: e.Command, Line: l.Number, Reason: "the answer holds two keys"}
			}
			n, err := strconv.Atoi(m[1])
			if err != nil {
				return Secret{}, &UnreadableError{Command: e.Command, Line: l.Number, Reason: "the mark of the key is damaged"}
			}
			out.Length, out.SHA256, out.Line = n, m[2], l.Number
		}
	}
	if out.Line == 0 {
		return Secret{}, &UnreadableError{Command: e.Command, Line: e.Line, Reason: "the answer holds no random key"}
	}
	return out, nil
}
