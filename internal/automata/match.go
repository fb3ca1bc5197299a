// SPDX-License-Identifier: Apache-2.0

package automata

import (
	"bytes"
	"fmt"
)

// maxSteps bounds the work of one match, and maxRecursion the depth of recursive
// patterns.
const (
	maxSteps     = 4_000_000
	maxRecursion = 200
)

// Span is where a group matched: the bytes from Start up to End. A group that took
// no part has Start -1.
type Span struct{ Start, End int }

// Match searches a subject as PCRE does: the first position that matches, with the
// branch that its order of attempts finds first. Spans holds the whole match and then
// each group. The error is ErrBudget, or says which construct is not supported.
func (p *Pattern) Match(subject []byte) (spans []Span, matched bool, err error) {
	if p.anchored && !bytes.HasPrefix(subject, p.prefix) {
		return nil, false, nil
	}
	m := &matcher{pattern: p, subject: subject, spans: make([]Span, p.Groups+1)}
	for start := 0; start <= len(subject) && (start == 0 || !p.anchored); start++ {
		for i := range m.spans {
			m.spans[i] = Span{-1, -1}
		}
		ok := m.match(p.root, start, func(end int) bool {
			m.spans[0] = Span{start, end}
			return true
		})
		if m.err != nil {
			return nil, false, m.err
		}
		if ok {
			return m.spans, true, nil
		}
	}
	return nil, false, nil
}

type matcher struct {
	pattern *Pattern
	subject []byte
	spans   []Span
	steps   int
	depth   int
	err     error
}

// match tries n at position i, and then what comes behind it.
func (m *matcher) match(n *node, i int, then func(int) bool) bool {
	if m.steps++; m.steps > maxSteps {
		m.err = ErrBudget
	}
	if m.err != nil {
		return false
	}
	switch n.op {
	case opEmpty:
		return then(i)
	case opSet:
		return i < len(m.subject) && n.set.Has(m.subject[i]) && then(i+1)
	case opCat:
		return m.sequence(n.parts, i, then)
	case opAlt:
		for _, branch := range n.parts {
			if m.match(branch, i, then) {
				return true
			}
		}
		return false
	case opRepeat:
		return m.repeat(n, 0, i, then)
	case opGroup:
		return m.group(n, i, then)
	case opAtomic:
		return m.atomic(n.parts[0], i, then)
	case opLook:
		return m.look(n, i, then)
	case opBackref:
		return m.backref(n, i, then)
	case opRecurse:
		return m.recurse(n, i, then)
	case opCondition:
		return m.condition(n, i, then)
	case opFail:
		return false
	case opOther:
		m.err = fmt.Errorf("pattern %q: %s is not supported", m.pattern.Text, n.text)
		return false
	}
	return m.holds(n.op, i) && then(i)
}

// holds decides the assertions that look at the bytes beside a position.
func (m *matcher) holds(o op, i int) bool {
	s := m.subject
	switch o {
	case opStart:
		return i == 0
	case opLineStart:
		return i == 0 || s[i-1] == '\n' && i < len(s)
	case opEnd:
		return i == len(s)
	case opEndOrLF:
		return i == len(s) || i == len(s)-1 && s[i] == '\n'
	case opLineEnd:
		return i == len(s) || s[i] == '\n'
	}
	before := i > 0 && wordSet.Has(s[i-1])
	behind := i < len(s) && wordSet.Has(s[i])
	return (before != behind) == (o == opWordEdge)
}

func (m *matcher) sequence(parts []*node, i int, then func(int) bool) bool {
	if len(parts) == 0 {
		return then(i)
	}
	return m.match(parts[0], i, func(j int) bool { return m.sequence(parts[1:], j, then) })
}

func (m *matcher) repeat(n *node, done, i int, then func(int) bool) bool {
	again := func() bool {
		if n.most != Unbounded && done >= n.most {
			return false
		}
		return m.match(n.parts[0], i, func(j int) bool {
			// An empty round ends a repetition that has no bound.
			if j == i && done >= n.least && n.most == Unbounded {
				return then(j)
			}
			return m.repeat(n, done+1, j, then)
		})
	}
	if done < n.least {
		return again()
	}
	if n.lazy {
		return then(i) || again()
	}
	return again() || then(i)
}

func (m *matcher) group(n *node, i int, then func(int) bool) bool {
	old := m.spans[n.group]
	if m.match(n.parts[0], i, func(j int) bool {
		before := m.spans[n.group]
		m.spans[n.group] = Span{i, j}
		if then(j) {
			return true
		}
		m.spans[n.group] = before
		return false
	}) {
		return true
	}
	m.spans[n.group] = old
	return false
}

func (m *matcher) atomic(body *node, i int, then func(int) bool) bool {
	saved := append([]Span(nil), m.spans...)
	end := -1
	if m.match(body, i, func(j int) bool { end = j; return true }) && then(end) {
		return true
	}
	copy(m.spans, saved)
	return false
}

func (m *matcher) look(n *node, i int, then func(int) bool) bool {
	saved := append([]Span(nil), m.spans...)
	found := false
	if n.behind {
		for start := i; start >= 0 && !found; start-- {
			found = m.match(n.parts[0], start, func(j int) bool { return j == i })
		}
	} else {
		found = m.match(n.parts[0], i, func(int) bool { return true })
	}
	if n.negative {
		copy(m.spans, saved)
		return !found && m.err == nil && then(i)
	}
	if found && then(i) {
		return true
	}
	copy(m.spans, saved)
	return false
}

func (m *matcher) backref(n *node, i int, then func(int) bool) bool {
	span := m.spans[n.group]
	if span.Start < 0 || i+span.End-span.Start > len(m.subject) {
		return false
	}
	for k := span.Start; k < span.End; k++ {
		want := Bytes(m.subject[k])
		if n.fold {
			want = want.Fold()
		}
		if !want.Has(m.subject[i+k-span.Start]) {
			return false
		}
	}
	return then(i + span.End - span.Start)
}

// recurse matches a group's pattern again; what it captures is forgotten behind it.
func (m *matcher) recurse(n *node, i int, then func(int) bool) bool {
	if m.depth++; m.depth > maxRecursion {
		m.err = ErrBudget
		return false
	}
	defer func() { m.depth-- }()
	saved := append([]Span(nil), m.spans...)
	return m.match(m.pattern.groups[n.group], i, func(j int) bool {
		inner := append([]Span(nil), m.spans...)
		copy(m.spans, saved)
		if then(j) {
			return true
		}
		copy(m.spans, inner)
		return false
	})
}

func (m *matcher) condition(n *node, i int, then func(int) bool) bool {
	if n.group > 0 {
		if m.spans[n.group].Start >= 0 {
			return m.match(n.parts[0], i, then)
		}
		return m.match(n.parts[1], i, then)
	}
	if m.match(n.parts[0], i, func(int) bool { return true }) {
		return m.match(n.parts[1], i, then)
	}
	return m.match(n.parts[2], i, then)
}
