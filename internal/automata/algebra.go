// SPDX-License-Identifier: Apache-2.0

package automata

import (
	"errors"
	"math/bits"
	"slices"
)

// ErrBudget is the answer to a question whose automaton, or whose number of
// attempts, is larger than allowed.
var ErrBudget = errors.New("the work exceeds its budget")

// Lang is a language of an Algebra. It has a meaning only together with it.
type Lang uint32

// The languages that every Algebra has.
const (
	// None has no member.
	None Lang = iota
	// Empty has one member, the empty string.
	Empty
	// All has every string.
	All
)

type kind uint8

const (
	kindNone kind = iota
	kindEmpty
	kindAll
	kindSet
	kindConcat
	kindStar
	kindRepeat
	kindUnion
	kindIntersection
	kindComplement
	kindBefore   // what precedes text in parts[0]
	kindBetween  // what leads from parts[0] to parts[1]
	kindPreimage // what transducer least, in state most, makes a member of parts[0] of
)

// term is one language.
type term struct {
	kind     kind
	nullable bool
	set      Set
	// parts are the operands; for kindConcat there are two, the first of which is
	// no concatenation.
	parts []Lang
	// least and most bound a repetition.
	least, most int
	text        string
	row         []move
	// next is another term with the same hash; None for no more.
	next Lang
}

// move is where some bytes lead.
type move struct {
	bytes Set
	to    Lang
}

// Algebra makes languages and answers questions about them. It is not safe for
// concurrent use.
type Algebra struct {
	terms       []term
	index       map[uint64]Lang
	budget      int
	transducers []Transducer
	// exhausted is set when a term was asked for beyond the budget. Terms made from
	// then on are wrong, and no question is answered.
	exhausted bool
}

// DefaultBudget is the number of terms that an Algebra holds at most, when it is not
// told otherwise: about 200 MB.
const DefaultBudget = 400_000

// New returns an Algebra of at most budget terms; 0 means DefaultBudget.
func New(budget int) *Algebra {
	if budget == 0 {
		budget = DefaultBudget
	}
	a := &Algebra{index: map[uint64]Lang{}, budget: budget}
	a.terms = []term{{kind: kindNone}, {kind: kindEmpty, nullable: true}, {kind: kindAll, nullable: true}}
	return a
}

// Err is ErrBudget once a term was asked for beyond the budget: languages made since
// then may lack members.
func (a *Algebra) Err() error {
	if a.exhausted {
		return ErrBudget
	}
	return nil
}

// intern returns the one term that is equal to t.
func (a *Algebra) intern(t term) Lang {
	key := t.hash()
	first := a.index[key]
	for l := first; l != None; l = a.terms[l].next {
		if a.terms[l].equal(&t) {
			return l
		}
	}
	if len(a.terms) >= a.budget {
		a.exhausted = true
		return None
	}
	l := Lang(len(a.terms))
	t.next = first
	a.terms = append(a.terms, t)
	a.index[key] = l
	return l
}

// hash is the same for equal terms, and seldom for others.
func (t *term) hash() uint64 {
	const prime = 0x9e3779b97f4a7c15
	h := uint64(t.kind)
	mix := func(w uint64) { h = bits.RotateLeft64((h^w)*prime, 29) }
	for _, w := range t.set {
		mix(w)
	}
	mix(uint64(t.least))
	mix(uint64(t.most))
	for i := range len(t.text) {
		mix(uint64(t.text[i]))
	}
	for _, p := range t.parts {
		mix(uint64(p))
	}
	return h
}

// equal compares what makes a term, which decides the rest of it.
func (t *term) equal(o *term) bool {
	return t.kind == o.kind && t.set == o.set && t.least == o.least && t.most == o.most && t.text == o.text && slices.Equal(t.parts, o.parts)
}

// Nullable reports whether the empty string is a member.
func (a *Algebra) Nullable(l Lang) bool { return a.terms[l].nullable }

// Set returns the language of the strings of one byte.
func (a *Algebra) Set(s Set) Lang {
	if s.Empty() {
		return None
	}
	return a.intern(term{kind: kindSet, set: s})
}

// Any returns the strings of exactly one byte.
func (a *Algebra) Any() Lang { return a.Set(AllBytes()) }

// NonEmpty returns all strings but the empty one.
func (a *Algebra) NonEmpty() Lang { return a.Concat(a.Any(), All) }

// Literal returns the language of one string.
func (a *Algebra) Literal(s string) Lang {
	l := Empty
	for i := len(s) - 1; i >= 0; i-- {
		l = a.Concat(a.Set(Bytes(s[i])), l)
	}
	return l
}

// Concat returns the strings made of a member of each, in this order.
func (a *Algebra) Concat(parts ...Lang) Lang {
	out := Empty
	for i := len(parts) - 1; i >= 0; i-- {
		out = a.concat(parts[i], out)
	}
	return out
}

func (a *Algebra) concat(x, y Lang) Lang {
	switch {
	case x == None || y == None:
		return None
	case x == Empty:
		return y
	case y == Empty:
		return x
	case x == All && y == All:
		return All
	}
	t := &a.terms[x]
	if t.kind == kindConcat {
		first, rest := t.parts[0], t.parts[1]
		return a.concat(first, a.concat(rest, y))
	}
	// All followed by what starts with All is the same with one of them.
	if x == All && a.terms[y].kind == kindConcat && a.terms[y].parts[0] == All {
		return y
	}
	return a.intern(term{kind: kindConcat, nullable: t.nullable && a.terms[y].nullable, parts: []Lang{x, y}})
}

// Star returns the strings made of any number of members.
func (a *Algebra) Star(x Lang) Lang {
	t := &a.terms[x]
	switch {
	case x == None || x == Empty:
		return Empty
	case x == All || t.kind == kindStar:
		return x
	case t.kind == kindSet && t.set == AllBytes():
		return All
	}
	return a.intern(term{kind: kindStar, nullable: true, parts: []Lang{x}})
}

// Unbounded is the upper bound of a repetition that has none.
const Unbounded = -1

// Repeat returns the strings made of at least least and at most most members.
func (a *Algebra) Repeat(x Lang, least, most int) Lang {
	// When the empty string is a member, fewer members are as good as more.
	if a.terms[x].nullable {
		least = 0
	}
	switch {
	case most == Unbounded && least == 0:
		return a.Star(x)
	case most == 0:
		return Empty
	case most != Unbounded && most < least:
		return None
	case x == None && least > 0:
		return None
	case x == None, x == Empty:
		return Empty
	case least == 1 && most == 1:
		return x
	case most == Unbounded && least == 1:
		return a.concat(x, a.Star(x))
	}
	return a.intern(term{kind: kindRepeat, nullable: least == 0, parts: []Lang{x}, least: least, most: most})
}

// Optional returns the members and the empty string.
func (a *Algebra) Optional(x Lang) Lang { return a.Union(x, Empty) }

// Union returns the members of any of them.
func (a *Algebra) Union(parts ...Lang) Lang { return a.junction(kindUnion, None, All, parts) }

// Intersect returns the members of all of them.
func (a *Algebra) Intersect(parts ...Lang) Lang {
	return a.junction(kindIntersection, All, None, parts)
}

// junction makes a union or an intersection: neutral changes nothing, absorbing
// decides all.
func (a *Algebra) junction(k kind, neutral, absorbing Lang, parts []Lang) Lang {
	flat := make([]Lang, 0, len(parts))
	for _, p := range parts {
		switch {
		case p == absorbing:
			return absorbing
		case p == neutral:
		case a.terms[p].kind == k:
			flat = append(flat, a.terms[p].parts...)
		default:
			flat = append(flat, p)
		}
	}
	flat = a.mergeSets(k, flat)
	slices.Sort(flat)
	flat = slices.Compact(flat)
	nullable := k == kindIntersection
	for _, p := range flat {
		t := &a.terms[p]
		if p == absorbing || t.kind == kindComplement && contains(flat, t.parts[0]) {
			return absorbing
		}
		if k == kindUnion {
			nullable = nullable || t.nullable
		} else {
			nullable = nullable && t.nullable
		}
		// Nothing but the empty string can be in the intersection with Empty.
		if k == kindIntersection && p == Empty && !a.allNullable(flat) {
			return None
		}
	}
	if k == kindIntersection && contains(flat, Empty) {
		return Empty
	}
	switch len(flat) {
	case 0:
		return neutral
	case 1:
		return flat[0]
	}
	return a.intern(term{kind: k, nullable: nullable, parts: flat})
}

func contains(sorted []Lang, l Lang) bool {
	_, found := slices.BinarySearch(sorted, l)
	return found
}

func (a *Algebra) allNullable(parts []Lang) bool {
	return !slices.ContainsFunc(parts, func(p Lang) bool { return !a.terms[p].nullable })
}

// mergeSets makes one set of bytes of several.
func (a *Algebra) mergeSets(k kind, parts []Lang) []Lang {
	var merged Set
	n := 0
	for _, p := range parts {
		if t := &a.terms[p]; t.kind == kindSet {
			if n++; n == 1 {
				merged = t.set
			} else if k == kindUnion {
				merged = merged.Or(t.set)
			} else {
				merged = merged.And(t.set)
			}
		}
	}
	if n < 2 {
		return parts
	}
	out := slices.DeleteFunc(parts, func(p Lang) bool { return a.terms[p].kind == kindSet })
	return append(out, a.Set(merged))
}

// Complement returns all other strings.
func (a *Algebra) Complement(x Lang) Lang {
	switch t := &a.terms[x]; {
	case x == None:
		return All
	case x == All:
		return None
	case t.kind == kindComplement:
		return t.parts[0]
	default:
		return a.intern(term{kind: kindComplement, nullable: !t.nullable, parts: []Lang{x}})
	}
}

// Difference returns the members of x that are not members of y.
func (a *Algebra) Difference(x, y Lang) Lang { return a.Intersect(x, a.Complement(y)) }
