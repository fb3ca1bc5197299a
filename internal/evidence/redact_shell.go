// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"regexp"
	"strings"
)

// shellClues are what a line holds that assigns a secret as a shell does.
var shellClues = []clue{clueEquals, clueEnvName}

var (
	shellName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)
	// shellSecret and exportedSecret are names of a secret's variable. One that
	// is exported may say what it is at any place.
	shellSecret    = regexp.MustCompile(`(?i)(?:` + named + `|_(?:pass|pw|pwd|key|auth|creds?)|^(?:pw|pass|pwd))=$`)
	exportedSecret = regexp.MustCompile(`(?i)pass|pw|secret|token|key|auth|cred`)
	upperName      = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*=$`)

	// oneQuoted is a value that is one text in quotes, and what may end the
	// object or tag around it.
	oneQuoted = regexp.MustCompile(`^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')[,;/}\]]*$`)
	// noLiteral is a value that spells nothing out: a command's output, or a
	// place of a template.
	noLiteral = regexp.MustCompile("^(?:\"?(?:\\$\\([^()]*\\)|`[^`]*`)+\"?|\\{\\{.*|\\{[%#].*)[,;]*$")

	// parameters are expansions of a shell's variables, whose default is empty,
	// another one, or a message.
	parameters = regexp.MustCompile(`^(?:\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-=+](?:\$\{?[A-Za-z0-9_]+\}?)?|:?\?[^{}]*)?\})+$`)
)

// appendShellValues adds the values of a line's assignments whose name is that
// of a secret, each as long as its word is to a shell (POSIX.1-2017, Shell
// Command Language, section 2.3): quoted parts, escaped blanks and expansions
// belong to it.
func appendShellValues(cuts []cut, text string) []cut {
	first, exported := true, false
	for at := 0; at < len(text); {
		if endsShellWord(text[at]) {
			at++
			continue
		}
		from := at
		inQuotes := byte(0)
		if c := text[at]; c == '"' || c == '\'' {
			inQuotes = c
			from++
		}
		name := shellName.FindString(text[from:])
		environment := first && upperName.MatchString(name) && inQuotes == 0
		at = shellWordEnd(text, at, environment)
		word := text[from:at]
		switch {
		case inQuotes != 0:
			word = strings.TrimSuffix(word, string(inQuotes))
			// Elsewhere what follows in the quotes is more than the value.
			if !upperName.MatchString(name) {
				name = ""
			}
		case word == "export" || word == "env":
			exported = true
			continue
		}
		first = false
		if name != "" && (shellSecret.MatchString(name) || exported && exportedSecret.MatchString(name)) {
			cuts = appendShellValue(cuts, text, from, from+len(name), from+len(word))
		}
	}
	return cuts
}

// appendShellValue adds the value of one assignment that begins at a place.
func appendShellValue(cuts []cut, text string, name, from, to int) []cut {
	value := text[from:max(from, to)]
	if m := oneQuoted.FindStringSubmatchIndex(value); m != nil {
		g := 2 + 2*firstGroup(m)
		from, to = from+m[g], from+m[g+1]
	} else if trimmed := strings.TrimRight(value, ",;"); trimmed != "" {
		to = from + len(trimmed)
	}
	if from >= to || noLiteral.MatchString(value) {
		return cuts
	}
	match := []int{name, to, from, to}
	if isPlace(text, match) {
		return cuts
	}
	return appendCut(cuts, text, credential, match)
}

func endsShellWord(c byte) bool {
	return c <= ' ' || isShellOperator(c)
}

func isShellOperator(c byte) bool {
	return c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')'
}

// shellWordEnd returns where the word ends that begins at a place. In a file of
// settings for programs that are no shell only a blank ends it.
func shellWordEnd(text string, at int, environment bool) int {
	for at < len(text) {
		switch c := text[at]; {
		case c == '\\':
			at = min(at+2, len(text))
		case c == '$' && strings.HasPrefix(text[at+1:], "'"):
			at = quoteEnd(text, at+1, `'`, true)
		case c == '\'' || c == '"' || c == '`':
			at = quoteEnd(text, at, string(c), c != '\'')
		case c == '$' && strings.HasPrefix(text[at+1:], "{"):
			at = quoteEnd(text, at+1, "}", true)
		case c == '$' && strings.HasPrefix(text[at+1:], "("):
			at = quoteEnd(text, at+1, ")", true)
		case c <= ' ':
			return at
		case isShellOperator(c):
			if !environment || at+1 == len(text) || text[at+1] <= ' ' {
				return at
			}
			at++
		default:
			at++
		}
	}
	return at
}

// quoteEnd returns the place behind the end of a quotation. One that stays open
// goes on to the end of the line.
func quoteEnd(text string, at int, end string, escapes bool) int {
	for at++; at < len(text); at++ {
		switch {
		case escapes && text[at] == '\\':
			at++
		case text[at] == end[0]:
			return at + 1
		}
	}
	return len(text)
}
