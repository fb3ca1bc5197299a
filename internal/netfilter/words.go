// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"fmt"
	"strings"
)

// word is one argument of a rule, with its place in the line. Quoted words are
// values, whatever they look like.
type word struct {
	text       string
	start, end int
	quoted     bool
}

// bang reports a negation.
func (w word) bang() bool { return w.text == "!" && !w.quoted }

// option reports a word that starts an option; "-5" is a number.
func (w word) option() bool {
	return !w.quoted && (w.text == "!" || len(w.text) > 1 && w.text[0] == '-' && (w.text[1] < '0' || w.text[1] > '9'))
}

// splitWords appends the words of a line to words, by the quoting that
// iptables-restore understands: double quotes, inside of which a backslash takes the
// next byte as it is. Apostrophes, and backslashes outside, are plain bytes.
func splitWords(words []word, line string) ([]word, error) {
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		start := i
		for i < len(line) && line[i] != ' ' && line[i] != '\t' && line[i] != '"' {
			i++
		}
		if i == len(line) || line[i] != '"' {
			words = append(words, word{text: line[start:i], start: start, end: i})
			continue
		}
		text, next, ok := quotedText(line, i)
		if !ok {
			return words, fmt.Errorf("quote at column %d is not closed", i+1)
		}
		words = append(words, word{text: line[start:i] + text, start: start, end: next, quoted: true})
		i = next
	}
	return words, nil
}

// quotedText reads what stands in quotes from the quote at i, up to and with the
// closing one, which ends the word.
func quotedText(line string, i int) (text string, next int, ok bool) {
	i++
	if end := strings.IndexByte(line[i:], '"'); end >= 0 && strings.IndexByte(line[i:i+end], '\\') < 0 {
		return line[i : i+end], i + end + 1, true
	}
	var b strings.Builder
	for ; i < len(line); i++ {
		switch {
		case line[i] == '"':
			return b.String(), i + 1, true
		case line[i] == '\\' && i+1 < len(line):
			i++
		}
		b.WriteByte(line[i])
	}
	return "", 0, false
}
