// SPDX-License-Identifier: Apache-2.0

package mapgrammar

import (
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// The kinds of bytes in a name, as bits. Both "." and ":" end a label.
const (
	letter = 1 << iota
	digit
	hyphen
	ends
	foreign
)

var kinds = func() (table [256]byte) {
	for c := range table {
		table[c] = foreign
	}
	for c := 'a'; c <= 'z'; c++ {
		table[c], table[c-'a'+'A'] = letter, letter
	}
	for c := '0'; c <= '9'; c++ {
		table[c] = digit
	}
	table['-'], table['.'], table[':'] = hyphen, ends, ends
	return table
}()

// subjectMaker makes the subjects of entries, many of them in one allocation.
type subjectMaker struct{ text strings.Builder }

const subjectChunk = 64 << 10

func (s *subjectMaker) of(internal string) string {
	const kind = "map/"
	if s.text.Cap()-s.text.Len() < len(kind)+len(internal) {
		s.text = strings.Builder{}
		s.text.Grow(subjectChunk)
	}
	start := s.text.Len()
	s.text.WriteString(kind)
	s.text.WriteString(internal)
	return s.text.String()[start:]
}

// plainEntry reads a line in the form that nearly all lines have: two names with
// ports and nothing else. It looks at each byte once. What it does not take is
// left to parseLine, which knows all forms and says what is wrong; what it does
// take, parseLine reads in the same way.
//
// The entry is filled in place, and holds nothing of use when the line is left.
func plainEntry(line string, e *evidence.MapEntry) bool {
	if len(line) > maxLineBytes {
		return false
	}
	end := plainEndpoint(line, 0, &e.Internal)
	if end <= 0 || end == len(line) || line[end] != '=' {
		return false
	}
	return plainEndpoint(line, end+1, &e.External) == len(line)
}

// plainEndpoint reads host:port from a place of the line and returns where it
// ends, or -1.
func plainEndpoint(line string, from int, e *evidence.Endpoint) int {
	i, dots := from, 0
	for {
		label, seen := i, byte(0)
		for i < len(line) {
			k := kinds[line[i]]
			if k >= ends {
				break
			}
			seen |= k
			i++
		}
		n := i - label
		if i == len(line) || n == 0 || n > 63 || line[label] == '-' || line[i-1] == '-' {
			return -1
		}
		if c := line[i]; c == '.' {
			dots++
			i++
			continue
		} else if c != ':' {
			return -1
		}
		// An all-digit last label is an address, or wants to look like one.
		if dots == 0 || seen == digit || i-from > 253 {
			return -1
		}
		break
	}
	host := line[from:i]
	i++
	port, first := 0, i
	for ; i < len(line) && line[i] >= '0' && line[i] <= '9'; i++ {
		if port = port*10 + int(line[i]-'0'); port > 65535 {
			return -1
		}
	}
	if i == first || line[first] == '0' {
		return -1
	}
	e.Text, e.Host, e.Port, e.HasPort, e.IPAddress = line[from:i], host, port, true, false
	return i
}
