// SPDX-License-Identifier: Apache-2.0

package automata

import (
	"strconv"
	"strings"
)

// group reads what starts with a parenthesis.
func (s *parser) group() (*node, error) {
	start := s.at
	s.at++
	if s.take("*") {
		return s.verb()
	}
	if !s.take("?") {
		return s.capture("", start)
	}
	switch {
	case s.take("#"):
		end := strings.IndexByte(s.text[s.at:], ')')
		if end < 0 {
			return nil, s.fail("a comment is not closed")
		}
		s.at += end + 1
		return nil, nil
	case s.take(":"):
		return s.closed(start)
	case s.take("|"):
		// Each branch numbers its groups anew; we give them numbers of their own,
		// which changes no match, only what a capture is called.
		n, err := s.closed(start)
		return &node{op: opOther, text: "branch reset", parts: []*node{n}}, err
	case s.take(">"):
		n, err := s.closed(start)
		return &node{op: opAtomic, parts: []*node{n}}, err
	case s.take("="):
		return s.look(start, false, false)
	case s.take("!"):
		return s.look(start, false, true)
	case s.take("<="):
		return s.look(start, true, false)
	case s.take("<!"):
		return s.look(start, true, true)
	case s.take("P<"), s.take("<"):
		return s.named('>', start)
	case s.take("'"):
		return s.named('\'', start)
	case s.take("P="):
		return s.reference(')')
	case s.take("P>"), s.take("&"):
		name, err := s.until(')')
		if err != nil {
			return nil, err
		}
		n := &node{op: opRecurse}
		s.later = append(s.later, namedReference{n, name, start})
		return n, nil
	case s.take("("):
		return s.condition(start)
	case s.take("R)"):
		return &node{op: opRecurse}, nil
	}
	if rest := s.text[s.at:]; rest != "" && (rest[0] >= '0' && rest[0] <= '9' || len(rest) > 1 && (rest[0] == '+' || rest[0] == '-') && rest[1] >= '0' && rest[1] <= '9') {
		return s.recursion()
	}
	return s.options(start)
}

func (s *parser) until(end byte) (string, error) {
	n := strings.IndexByte(s.text[s.at:], end)
	if n <= 0 {
		return "", s.fail("a name is missing or not closed")
	}
	name := s.text[s.at : s.at+n]
	s.at += n + 1
	return name, nil
}

// closed reads alternatives and the parenthesis that ends them.
func (s *parser) closed(start int) (*node, error) {
	n, err := s.alternatives()
	if err != nil {
		return nil, err
	}
	if !s.take(")") {
		s.at = start
		return nil, s.fail("a parenthesis is not closed")
	}
	// An inner node keeps a repetition from reaching into a sequence.
	return &node{op: opCat, parts: []*node{n}}, nil
}

func (s *parser) named(end byte, start int) (*node, error) {
	name, err := s.until(end)
	if err != nil {
		return nil, err
	}
	return s.capture(name, start)
}

func (s *parser) capture(name string, start int) (*node, error) {
	number := len(s.pattern.groups)
	if number > maxGroups {
		return nil, s.fail("there are more groups than are read")
	}
	s.pattern.groups = append(s.pattern.groups, nil)
	s.pattern.Names = append(s.pattern.Names, name)
	body, err := s.closed(start)
	if err != nil {
		return nil, err
	}
	n := &node{op: opGroup, group: number, parts: []*node{body}}
	s.pattern.groups[number] = n
	return n, nil
}

func (s *parser) look(start int, behind, negative bool) (*node, error) {
	body, err := s.closed(start)
	return &node{op: opLook, behind: behind, negative: negative, parts: []*node{body}}, err
}

// reference reads a name that a back reference gives.
func (s *parser) reference(end byte) (*node, error) {
	start := s.at
	name, err := s.until(end)
	if err != nil {
		return nil, err
	}
	n := &node{op: opBackref, fold: s.flags.fold}
	if number, err := strconv.Atoi(name); err == nil {
		if number < 0 {
			number += len(s.pattern.groups)
		}
		n.group = number
		s.numbers = append(s.numbers, n)
		return n, nil
	}
	s.later = append(s.later, namedReference{n, name, start})
	return n, nil
}

func (s *parser) recursion() (*node, error) {
	name, err := s.until(')')
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(name)
	if err != nil {
		return nil, s.fail("a number is expected")
	}
	switch name[0] {
	case '+':
		number += len(s.pattern.groups) - 1
	case '-':
		number += len(s.pattern.groups)
	}
	if number < 0 {
		return nil, s.fail("there is no such group")
	}
	n := &node{op: opRecurse, group: number}
	s.numbers = append(s.numbers, n)
	return n, nil
}

// condition reads (?(...)yes|no), whose first part is read already.
func (s *parser) condition(start int) (*node, error) {
	n := &node{op: opCondition}
	if strings.HasPrefix(s.text[s.at:], "?=") || strings.HasPrefix(s.text[s.at:], "?!") || strings.HasPrefix(s.text[s.at:], "?<") {
		s.at-- // the parenthesis belongs to the assertion
		look, err := s.group()
		if err != nil {
			return nil, err
		}
		n.parts = append(n.parts, look)
	} else {
		name, err := s.until(')')
		if err != nil {
			return nil, err
		}
		name = strings.Trim(name, "<>'")
		switch number, err := strconv.Atoi(name); {
		case err == nil && number > 0:
			n.group = number
			s.numbers = append(s.numbers, n)
		case err == nil:
			return nil, s.fail("a condition names no group")
		case name == "R" || name == "DEFINE" || strings.HasPrefix(name, "R&") || strings.HasPrefix(name, "R1"):
			n.op, n.text = opOther, "condition "+name
		default:
			s.later = append(s.later, namedReference{n, name, start})
		}
	}
	body, err := s.alternatives()
	if err != nil {
		return nil, err
	}
	if !s.take(")") {
		s.at = start
		return nil, s.fail("a parenthesis is not closed")
	}
	branches := []*node{body}
	if body.op == opAlt {
		branches = body.parts
	}
	if len(branches) > 2 {
		return nil, s.fail("a condition has more than two branches")
	}
	if len(branches) == 1 {
		branches = append(branches, &node{op: opEmpty})
	}
	n.parts = append(n.parts, branches...)
	return n, nil
}

// options reads (?i) and (?i:...).
func (s *parser) options(start int) (*node, error) {
	on := true
	changed := s.flags
	for s.more() {
		c := s.text[s.at]
		s.at++
		switch c {
		case '-':
			on = false
		case '^':
			changed.fold, changed.dotAll, changed.multiline, changed.extended = false, false, false, false
		case 'i':
			changed.fold = on
		case 's':
			changed.dotAll = on
		case 'm':
			changed.multiline = on
		case 'x':
			changed.extended = on
		case 'U':
			changed.ungreedy = on
		case 'J', 'n':
		case ')':
			s.flags = changed
			return nil, nil
		case ':':
			outer := s.flags
			s.flags = changed
			n, err := s.closed(start)
			s.flags = outer
			return n, err
		default:
			s.at--
			return nil, s.fail("an option is not known")
		}
	}
	s.at = start
	return nil, s.fail("a parenthesis is not closed")
}

// verb reads (*NAME).
func (s *parser) verb() (*node, error) {
	name, err := s.until(')')
	if err != nil {
		return nil, err
	}
	switch name {
	case "F", "FAIL":
		return &node{op: opFail}, nil
	}
	return &node{op: opOther, text: "(*" + name + ")"}, nil
}
