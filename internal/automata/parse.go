// SPDX-License-Identifier: Apache-2.0

package automata

import (
	"strconv"
	"strings"
)

// flags are the options that letters in a pattern change.
type flags struct{ fold, dotAll, multiline, extended, ungreedy bool }

type parser struct {
	pattern *Pattern
	text    string
	at      int
	depth   int
	flags   flags
	// later are references to groups by name, which may stand before the group.
	later []namedReference
	// numbers are references to groups by number.
	numbers []*node
}

type namedReference struct {
	node *node
	name string
	at   int
}

func (s *parser) fail(reason string) error { return &SyntaxError{s.pattern.Text, s.at, reason} }

func (s *parser) more() bool { return s.at < len(s.text) }

// take consumes prefix when it is next.
func (s *parser) take(prefix string) bool {
	if strings.HasPrefix(s.text[s.at:], prefix) {
		s.at += len(prefix)
		return true
	}
	return false
}

func (s *parser) whole() (*node, error) {
	root, err := s.alternatives()
	if err != nil {
		return nil, err
	}
	if s.more() {
		return nil, s.fail("a closing parenthesis has no opening one")
	}
	for _, r := range s.later {
		found := 0
		for i, name := range s.pattern.Names {
			if i > 0 && name == r.name {
				found = i
				break
			}
		}
		if found == 0 {
			s.at = r.at
			return nil, s.fail("no group is called " + r.name)
		}
		r.node.group = found
	}
	for _, n := range s.numbers {
		if n.group >= len(s.pattern.groups) {
			return nil, s.fail("there is no group " + strconv.Itoa(n.group))
		}
	}
	return root, nil
}

// alternatives reads branches up to a closing parenthesis or the end. Options that
// a branch changes hold for the branches after it, up to the end of the group.
func (s *parser) alternatives() (*node, error) {
	if s.depth++; s.depth > maxDepth {
		return nil, s.fail("groups are nested too deeply")
	}
	defer func() { s.depth-- }()
	outer := s.flags
	defer func() { s.flags = outer }()
	var branches []*node
	for {
		b, err := s.branch()
		if err != nil {
			return nil, err
		}
		branches = append(branches, b)
		if !s.take("|") {
			break
		}
	}
	if len(branches) == 1 {
		return branches[0], nil
	}
	return &node{op: opAlt, parts: branches}, nil
}

func (s *parser) branch() (*node, error) {
	var parts []*node
	for s.more() && s.text[s.at] != '|' && s.text[s.at] != ')' {
		if s.flags.extended && s.skipSpace() {
			continue
		}
		atom, err := s.atom()
		if err != nil {
			return nil, err
		}
		if atom == nil {
			continue
		}
		if atom, err = s.repeated(atom); err != nil {
			return nil, err
		}
		parts = append(parts, atom)
	}
	switch len(parts) {
	case 0:
		return &node{op: opEmpty}, nil
	case 1:
		return parts[0], nil
	}
	return &node{op: opCat, parts: parts}, nil
}

// skipSpace skips what (?x) ignores.
func (s *parser) skipSpace() bool {
	switch c := s.text[s.at]; {
	case strings.IndexByte(" \t\n\v\f\r", c) >= 0:
		s.at++
	case c == '#':
		end := strings.IndexByte(s.text[s.at:], '\n')
		if end < 0 {
			s.at = len(s.text)
		} else {
			s.at += end + 1
		}
	default:
		return false
	}
	return true
}

// repeated reads the repetitions behind an atom.
func (s *parser) repeated(atom *node) (*node, error) {
	for s.more() {
		if s.flags.extended && s.skipSpace() {
			continue
		}
		least, most := 0, Unbounded
		switch s.text[s.at] {
		case '*':
			s.at++
		case '+':
			least = 1
			s.at++
		case '?':
			most = 1
			s.at++
		case '{':
			var ok bool
			var err error
			if least, most, ok, err = s.braces(); err != nil {
				return nil, err
			} else if !ok {
				return atom, nil
			}
		default:
			return atom, nil
		}
		switch atom.op {
		case opStart, opEnd, opEndOrLF, opLineEnd, opLineStart, opWordEdge, opWordInside, opLook:
			// PCRE takes a repetition of an assertion as at most one of it.
			if most != 0 {
				most = 1
			}
			least = min(least, 1)
		}
		lazy := s.flags.ungreedy
		n := &node{op: opRepeat, parts: []*node{atom}, least: least, most: most}
		switch {
		case s.take("?"):
			lazy = !lazy
			n.lazy = lazy
		case s.take("+"):
			n = &node{op: opAtomic, parts: []*node{n}}
		default:
			n.lazy = lazy
		}
		atom = n
	}
	return atom, nil
}

// braces reads {n}, {n,}, {n,m}; anything else in braces is text.
func (s *parser) braces() (least, most int, ok bool, err error) {
	end := strings.IndexByte(s.text[s.at:], '}')
	if end < 0 {
		return 0, 0, false, nil
	}
	low, high, ranged := strings.Cut(s.text[s.at+1:s.at+end], ",")
	if !digits(low) || ranged && high != "" && !digits(high) {
		return 0, 0, false, nil
	}
	least, errLeast := strconv.Atoi(low)
	most = least
	var errMost error
	if ranged {
		if most = Unbounded; high != "" {
			most, errMost = strconv.Atoi(high)
		}
	}
	if errLeast != nil || errMost != nil || least > maxRepeat || most > maxRepeat {
		return 0, 0, false, s.fail("a count is larger than 65535")
	}
	if most != Unbounded && most < least {
		return 0, 0, false, s.fail("counts stand in the wrong order")
	}
	s.at += end + 1
	return least, most, true, nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// atom reads one element. It is nil for what matches nothing and takes no
// repetition, such as a comment.
func (s *parser) atom() (*node, error) {
	c := s.text[s.at]
	switch c {
	case '(':
		return s.group()
	case '[':
		switch rest := s.text[s.at:]; {
		case strings.HasPrefix(rest, wordStart):
			return s.wordBoundary(false)
		case strings.HasPrefix(rest, wordEnd):
			return s.wordBoundary(true)
		}
		return s.class()
	case '\\':
		return s.escape()
	case '*', '+', '?':
		return nil, s.fail("nothing stands before the repetition")
	case '.':
		s.at++
		if s.flags.dotAll {
			return &node{op: opSet, set: AllBytes()}, nil
		}
		return &node{op: opSet, set: Bytes('\n').Not()}, nil
	case '^':
		s.at++
		if s.flags.multiline {
			return &node{op: opLineStart}, nil
		}
		return &node{op: opStart}, nil
	case '$':
		s.at++
		if s.flags.multiline {
			return &node{op: opLineEnd}, nil
		}
		return &node{op: opEndOrLF}, nil
	}
	s.at++
	return s.literal(c), nil
}

func (s *parser) literal(c byte) *node {
	set := Bytes(c)
	if s.flags.fold {
		set = set.Fold()
	}
	return &node{op: opSet, set: set}
}
