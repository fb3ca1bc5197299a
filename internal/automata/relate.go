// SPDX-License-Identifier: Apache-2.0

package automata

import "slices"

// After returns what may follow s in the members of l that begin with it.
func (a *Algebra) After(l Lang, s string) Lang {
	for i := range len(s) {
		if l = a.Step(l, s[i]); l == None || l == All {
			return l
		}
	}
	return l
}

// Before returns what may precede s in the members of l that end with it.
func (a *Algebra) Before(l Lang, s string) Lang {
	if s == "" || l == None || l == All {
		return l
	}
	return a.intern(term{kind: kindBefore, nullable: a.terms[a.After(l, s)].nullable, parts: []Lang{l}, text: s})
}

// Between returns the strings that lead from one language to the other: s is a member
// when After(from, s) is to. It takes two languages for the same only where they are
// the same term, so that the strings that lead to one language may be divided among
// several terms.
func (a *Algebra) Between(from, to Lang) Lang {
	if from == to && (from == None || from == All) {
		return All
	}
	return a.intern(term{kind: kindBetween, nullable: from == to, parts: []Lang{from, to}})
}

// Transducer rewrites a string from its first byte to its last. Its states are
// numbers from 0, where it begins.
type Transducer interface {
	// Name is different for transducers that differ.
	Name() string
	// Step reads one byte; ok is false where no string is made.
	Step(state int, b byte) (out string, next int, ok bool)
	// Finish is what the end of the string adds.
	Finish(state int) (out string, ok bool)
}

// Preimage returns the strings of which t makes a member of l.
func (a *Algebra) Preimage(t Transducer, l Lang) Lang {
	i := slices.IndexFunc(a.transducers, func(o Transducer) bool { return o.Name() == t.Name() })
	if i < 0 {
		i = len(a.transducers)
		a.transducers = append(a.transducers, t)
	}
	return a.preimage(i, 0, l)
}

func (a *Algebra) preimage(transducer, state int, l Lang) Lang {
	if l == None {
		return None
	}
	out, ok := a.transducers[transducer].Finish(state)
	return a.intern(term{
		kind: kindPreimage, nullable: ok && a.terms[a.After(l, out)].nullable, parts: []Lang{l}, least: transducer, most: state,
	})
}

// deriveRelated is derive for the kinds of this file.
func (a *Algebra) deriveRelated(t term) []move {
	switch t.kind {
	case kindBefore:
		return a.mapped(t.parts[0], func(to Lang) Lang { return a.Before(to, t.text) })
	case kindBetween:
		var row []move
		rest := AllBytes()
		for _, m := range a.moves(t.parts[0]) {
			rest = rest.And(m.bytes.Not())
			row = append(row, move{m.bytes, a.Between(m.to, t.parts[1])})
		}
		if t.parts[1] == None && !rest.Empty() {
			row = append(row, move{rest, All})
		}
		return a.gather(row)
	default:
		// Most bytes lead to a few places: each is looked up once.
		reader := a.transducers[t.least]
		type end struct {
			state int
			rest  Lang
		}
		var ends []end
		var sets []Set
		for b := range 256 {
			out, next, ok := reader.Step(t.most, byte(b))
			if !ok {
				continue
			}
			e := end{next, a.After(t.parts[0], out)}
			i := slices.Index(ends, e)
			if i < 0 {
				i = len(ends)
				ends, sets = append(ends, e), append(sets, Set{})
			}
			sets[i].add(byte(b))
		}
		row := make([]move, len(ends))
		for i, e := range ends {
			row[i] = move{sets[i], a.preimage(t.least, e.state, e.rest)}
		}
		return a.gather(row)
	}
}

// Capturing returns the subjects in which p matches with a member of l in its n-th
// group. It is exact where the pattern leaves no choice of what the group takes.
func (p *Pattern) Capturing(a *Algebra, n int, l Lang) Bounds {
	if n < 1 || n > p.Groups || !inSequence(p.root, n) || !pure(p.groups[n]) {
		b := p.Language(a)
		return Bounds{Lower: None, Upper: b.Upper, Widened: append(b.Widened, "a group whose place in the pattern varies")}
	}
	root := greedyEnd(p.root)
	c := &compiler{algebra: a, pattern: p, up: true, group: n, within: l}
	is := c.whole(root, All)
	c.within = a.Complement(l)
	isNot := c.whole(root, All)
	b := Bounds{Upper: is, Lower: a.Difference(is, isNot), Widened: slices.Compact(c.widened)}
	if len(b.Widened) > 0 {
		b.Lower = a.Intersect(b.Lower, p.Language(a).Lower)
	}
	return b
}

// inSequence reports whether the n-th group takes part in every match, once.
func inSequence(n *node, group int) bool {
	switch n.op {
	case opGroup:
		return n.group == group || inSequence(n.parts[0], group)
	case opCat:
		return slices.ContainsFunc(n.parts, func(p *node) bool { return inSequence(p, group) })
	}
	return false
}

// greedyEnd returns n with the end that it has in fact where it ends in a greedy run
// of bytes, perhaps with a "$" behind: nothing that follows the run can fail, so that
// it goes on as far as it can.
func greedyEnd(n *node) *node {
	if n.op != opCat || len(n.parts) == 0 {
		return n
	}
	switch last := n.parts[len(n.parts)-1]; {
	case last.op == opEndOrLF && len(n.parts) > 1:
		before := &node{op: opCat, parts: n.parts[:len(n.parts)-1]}
		if run := finalRun(before); run != nil && run.set.Has('\n') {
			return &node{op: opCat, parts: []*node{before, {op: opEnd}}}
		}
	case last.op == opCat:
		if end := greedyEnd(last); end != last {
			return &node{op: opCat, parts: append(slices.Clone(n.parts[:len(n.parts)-1]), end)}
		}
	}
	if run := finalRun(n); run != nil {
		return &node{op: opCat, parts: []*node{n, {op: opLook, negative: true, parts: []*node{run}}}}
	}
	return n
}

// finalRun is the set of bytes that n ends in a greedy run of, or nil.
func finalRun(n *node) *node {
	for (n.op == opCat || n.op == opGroup) && len(n.parts) > 0 {
		n = n.parts[len(n.parts)-1]
	}
	if n.op == opRepeat && !n.lazy && n.most == Unbounded && n.parts[0].op == opSet {
		return n.parts[0]
	}
	return nil
}

// Classes returns one byte for each set of bytes that lead to the same place in each
// of the languages, the ones that read best.
func (a *Algebra) Classes(langs ...Lang) []byte {
	sets := []Set{AllBytes()}
	for _, l := range langs {
		for _, m := range a.moves(l) {
			next := make([]Set, 0, len(sets)+1)
			for _, s := range sets {
				for _, part := range []Set{s.And(m.bytes), s.And(m.bytes.Not())} {
					if !part.Empty() {
						next = append(next, part)
					}
				}
			}
			sets = next
		}
	}
	out := make([]byte, len(sets))
	for i, s := range sets {
		out[i] = s.pick()
	}
	return out
}
