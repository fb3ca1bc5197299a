// SPDX-License-Identifier: Apache-2.0

package automata

import (
	"strconv"
	"strings"
)

var (
	digitSet = Range('0', '9')
	wordSet  = Range('a', 'z').Or(Range('A', 'Z')).Or(digitSet).Or(Bytes('_'))
	// PCRE counts the vertical tab as white space since 8.34.
	spaceSet      = Bytes(' ', '\t', '\n', '\v', '\f', '\r')
	horizontalSet = Bytes(' ', '\t', 0xA0)
	verticalSet   = Bytes('\n', '\v', '\f', '\r', 0x85)
)

// shorthand returns the set of \d, \w and so on.
func shorthand(c byte) (Set, bool) {
	sets := map[byte]Set{'d': digitSet, 'w': wordSet, 's': spaceSet, 'h': horizontalSet, 'v': verticalSet}
	if s, ok := sets[c]; ok {
		return s, true
	}
	if s, ok := sets[c|0x20]; ok && c >= 'A' && c <= 'Z' {
		return s.Not(), true
	}
	return Set{}, false
}

func posixSet(name string) (Set, bool) {
	lower, upper := Range('a', 'z'), Range('A', 'Z')
	graph := Range('!', '~')
	switch name {
	case "alpha":
		return lower.Or(upper), true
	case "lower":
		return lower, true
	case "upper":
		return upper, true
	case "alnum":
		return lower.Or(upper).Or(digitSet), true
	case "digit":
		return digitSet, true
	case "word":
		return wordSet, true
	case "space":
		return spaceSet, true
	case "blank":
		return Bytes(' ', '\t'), true
	case "punct":
		return graph.And(lower.Or(upper).Or(digitSet).Not()), true
	case "xdigit":
		return digitSet.Or(Range('a', 'f')).Or(Range('A', 'F')), true
	case "cntrl":
		return Range(0, 31).Or(Bytes(127)), true
	case "graph":
		return graph, true
	case "print":
		return graph.Or(Bytes(' ')), true
	case "ascii":
		return Range(0, 127), true
	}
	return Set{}, false
}

// posixName is what stands in [:name:], [.name.] or [=name=] inside of a class; ok is
// false where PCRE takes the bracket for a byte.
func (s *parser) posixName() (name string, ok bool) {
	rest := s.text[s.at:]
	if len(rest) < 2 || rest[0] != '[' || strings.IndexByte(":.=", rest[1]) < 0 {
		return "", false
	}
	for i := 2; i+1 < len(rest); i++ {
		switch {
		case rest[i] == '\\' && (rest[i+1] == ']' || rest[i+1] == '\\'):
			i++
		case rest[i] == ']' || rest[i] == '[' && rest[i+1] == rest[1]:
			return "", false
		case rest[i] == rest[1] && rest[i+1] == ']':
			return rest[2:i], true
		}
	}
	return "", false
}

// wordStart and wordEnd are what PCRE takes for the boundaries of POSIX.
const wordStart, wordEnd = "[[:<:]]", "[[:>:]]"

// wordBoundary reads one of them.
func (s *parser) wordBoundary(behind bool) (*node, error) {
	s.at += len(wordStart)
	if s.more() && strings.IndexByte("*+?{", s.text[s.at]) >= 0 {
		return nil, s.fail("a boundary of words is repeated")
	}
	look := &node{op: opLook, behind: behind, parts: []*node{{op: opSet, set: wordSet}}}
	return &node{op: opCat, parts: []*node{{op: opWordEdge}, look}}, nil
}

// class reads a bracket expression.
func (s *parser) class() (*node, error) {
	start := s.at
	s.at++
	negated := s.take("^")
	var set Set
	for first := true; ; first = false {
		if !s.more() {
			s.at = start
			return nil, s.fail("a bracket is not closed")
		}
		if s.text[s.at] == ']' && !first {
			s.at++
			break
		}
		if s.take(`\Q`) {
			text, rest, closed := strings.Cut(s.text[s.at:], `\E`)
			for i := range len(text) {
				set.add(text[i])
			}
			s.at = len(s.text) - len(rest)
			if !closed {
				s.at = len(s.text)
			}
			continue
		}
		if s.take(`\E`) {
			continue
		}
		members, low, single, err := s.classItem()
		if err != nil {
			return nil, err
		}
		// A hyphen makes a range unless it stands last or beside a whole set.
		if single && s.at+1 < len(s.text) && s.text[s.at] == '-' && s.text[s.at+1] != ']' {
			mark := s.at
			s.at++
			_, high, also, err := s.classItem()
			if err != nil {
				return nil, err
			}
			if also {
				if high < low {
					return nil, s.fail("a range stands in the wrong order")
				}
				set = set.Or(Range(low, high))
				continue
			}
			s.at = mark
		}
		set = set.Or(members)
	}
	if s.flags.fold {
		set = set.Fold()
	}
	if negated {
		set = set.Not()
	}
	return &node{op: opSet, set: set}, nil
}

// classItem reads one member of a class: a byte (then single is set), a shorthand or
// a POSIX class.
func (s *parser) classItem() (set Set, b byte, single bool, err error) {
	c := s.text[s.at]
	if name, ok := s.posixName(); ok {
		if s.text[s.at+1] != ':' {
			return Set{}, 0, false, s.fail("collating elements are not supported")
		}
		plain, negated := strings.CutPrefix(name, "^")
		set, ok := posixSet(plain)
		if !ok {
			return Set{}, 0, false, s.fail("no POSIX class has this name")
		}
		if s.flags.fold && (plain == "lower" || plain == "upper") {
			set = set.Fold()
		}
		if negated {
			set = set.Not()
		}
		s.at += len(name) + 4
		return set, 0, false, nil
	}
	if c != '\\' {
		s.at++
		return Bytes(c), c, true, nil
	}
	if s.at+1 >= len(s.text) {
		return Set{}, 0, false, s.fail("a backslash stands last")
	}
	c = s.text[s.at+1]
	if set, ok := shorthand(c); ok {
		s.at += 2
		return set, 0, false, nil
	}
	if c == 'b' {
		s.at += 2
		return Bytes('\b'), '\b', true, nil
	}
	// Inside of a class a digit never means a group.
	b, ok, err := s.byteEscape(true)
	if err != nil {
		return Set{}, 0, false, err
	}
	if !ok {
		return Set{}, 0, false, s.fail("this escape means nothing in a class")
	}
	return Bytes(b), b, true, nil
}

// escape reads what starts with a backslash, outside of a class.
func (s *parser) escape() (*node, error) {
	if s.at+1 >= len(s.text) {
		return nil, s.fail("a backslash stands last")
	}
	c := s.text[s.at+1]
	if set, ok := shorthand(c); ok {
		s.at += 2
		return &node{op: opSet, set: set}, nil
	}
	simple := map[byte]op{'A': opStart, 'G': opStart, 'z': opEnd, 'Z': opEndOrLF, 'b': opWordEdge, 'B': opWordInside}
	if o, ok := simple[c]; ok {
		s.at += 2
		return &node{op: o}, nil
	}
	switch c {
	case 'Q':
		s.at += 2
		text, rest, closed := strings.Cut(s.text[s.at:], `\E`)
		s.at = len(s.text) - len(rest)
		if !closed {
			s.at = len(s.text)
		}
		if text == "" {
			return nil, nil
		}
		// A repetition behind \E takes the last byte only.
		n := &node{op: opCat}
		for i := range len(text) - 1 {
			n.parts = append(n.parts, s.literal(text[i]))
		}
		last, err := s.repeated(s.literal(text[len(text)-1]))
		if err != nil {
			return nil, err
		}
		n.parts = append(n.parts, last)
		return n, nil
	case 'E':
		s.at += 2
		return nil, nil
	case 'K':
		s.at += 2
		return &node{op: opEmpty}, nil
	case 'N':
		s.at += 2
		return &node{op: opSet, set: Bytes('\n').Not()}, nil
	case 'C':
		s.at += 2
		return &node{op: opSet, set: AllBytes()}, nil
	case 'R':
		s.at += 2
		crlf := &node{op: opCat, parts: []*node{{op: opSet, set: Bytes('\r')}, {op: opSet, set: Bytes('\n')}}}
		return &node{op: opAtomic, parts: []*node{{op: opAlt, parts: []*node{crlf, {op: opSet, set: verticalSet}}}}}, nil
	case 'k', 'g':
		return s.namedEscape(c)
	case 'p', 'P', 'X':
		return nil, s.fail("Unicode properties are not supported")
	}
	if c >= '1' && c <= '9' {
		if n, ok := s.numberedEscape(); ok {
			return n, nil
		}
	}
	b, ok, err := s.byteEscape(false)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, s.fail("this escape is not known")
	}
	return s.literal(b), nil
}

// numberedEscape reads \1 and so on: a group when there are as many to its left or
// the number has one digit, else an octal byte.
func (s *parser) numberedEscape() (*node, bool) {
	end := s.at + 1
	for end < len(s.text) && s.text[end] >= '0' && s.text[end] <= '9' {
		end++
	}
	number, err := strconv.Atoi(s.text[s.at+1 : end])
	if err != nil || number > 9 && number >= len(s.pattern.groups) && s.text[s.at+1] < '8' {
		return nil, false
	}
	s.at = end
	n := &node{op: opBackref, group: number, fold: s.flags.fold}
	s.numbers = append(s.numbers, n)
	return n, true
}

// namedEscape reads \k and \g in their forms.
func (s *parser) namedEscape(c byte) (*node, error) {
	s.at += 2
	if !s.more() {
		return nil, s.fail("a name is expected")
	}
	closing := map[byte]byte{'{': '}', '<': '>', '\'': '\''}[s.text[s.at]]
	if closing == 0 {
		if c == 'k' {
			return nil, s.fail("a name is expected")
		}
		end := s.at
		for end < len(s.text) && (s.text[end] >= '0' && s.text[end] <= '9' || end == s.at && s.text[end] == '-') {
			end++
		}
		number, err := strconv.Atoi(s.text[s.at:end])
		if err != nil {
			return nil, s.fail("a number is expected")
		}
		if number < 0 {
			number += len(s.pattern.groups)
		}
		if number < 1 {
			return nil, s.fail("there is no such group")
		}
		s.at = end
		n := &node{op: opBackref, group: number, fold: s.flags.fold}
		s.numbers = append(s.numbers, n)
		return n, nil
	}
	brace := s.text[s.at] == '{'
	s.at++
	n, err := s.reference(closing)
	if err == nil && c == 'g' && !brace {
		n.op = opRecurse // \g<1> is a subroutine
	}
	return n, err
}

// byteEscape reads an escape that means one byte.
func (s *parser) byteEscape(inClass bool) (b byte, ok bool, err error) {
	c := s.text[s.at+1]
	s.at += 2
	switch c {
	case 'a':
		return 7, true, nil
	case 'e':
		return 27, true, nil
	case 'f':
		return '\f', true, nil
	case 'n':
		return '\n', true, nil
	case 'r':
		return '\r', true, nil
	case 't':
		return '\t', true, nil
	case 'c':
		if !s.more() {
			return 0, false, s.fail("a control character is not complete")
		}
		c = s.text[s.at]
		s.at++
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		return c ^ 64, true, nil
	case 'x':
		return s.hexEscape()
	case 'o':
		if !s.take("{") {
			return 0, false, s.fail("an octal number is not complete")
		}
		text, err := s.until('}')
		if err != nil {
			return 0, false, err
		}
		return s.number(text, 8)
	}
	if c >= '0' && c <= '7' {
		end := s.at
		for end < len(s.text) && end < s.at+2 && s.text[end] >= '0' && s.text[end] <= '7' {
			end++
		}
		text := s.text[s.at-1 : end]
		s.at = end
		return s.number(text, 8)
	}
	if c >= '8' && c <= '9' && inClass {
		return c, true, nil
	}
	if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		s.at -= 2
		return 0, false, nil
	}
	return c, true, nil
}

func (s *parser) hexEscape() (byte, bool, error) {
	if s.take("{") {
		text, err := s.until('}')
		if err != nil {
			return 0, false, err
		}
		return s.number(text, 16)
	}
	end := s.at
	for end < len(s.text) && end < s.at+2 && strings.IndexByte("0123456789abcdefABCDEF", s.text[end]) >= 0 {
		end++
	}
	text := s.text[s.at:end]
	s.at = end
	if text == "" {
		return 0, true, nil
	}
	return s.number(text, 16)
}

func (s *parser) number(text string, base int) (byte, bool, error) {
	n, err := strconv.ParseUint(text, base, 32)
	if err != nil || n > 255 {
		return 0, false, s.fail("a character is larger than one byte")
	}
	return byte(n), true, nil
}
