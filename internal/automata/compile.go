// SPDX-License-Identifier: Apache-2.0

package automata

import "slices"

// Bounds are what is known of the set of subjects that a pattern matches: every
// subject in Lower does, and none outside of Upper.
type Bounds struct {
	Lower, Upper Lang
	// Widened says why the two differ; empty when they are the same.
	Widened []string
}

// Exact reports whether both bounds are the same.
func (b Bounds) Exact() bool { return b.Lower == b.Upper }

// Language returns the subjects in which p matches somewhere, as PCRE searches.
func (p *Pattern) Language(a *Algebra) Bounds {
	c := &compiler{algebra: a, pattern: p, up: true}
	b := Bounds{Upper: c.whole(p.root, All)}
	b.Lower = b.Upper
	if len(c.widened) == 0 {
		return b
	}
	down := &compiler{algebra: a, pattern: p}
	b.Lower = down.whole(p.root, All)
	for _, reason := range c.widened {
		if !slices.Contains(b.Widened, reason) {
			b.Widened = append(b.Widened, reason)
		}
	}
	return b
}

// place is what is known of the byte before the current position, which assertions
// ask about.
type place uint8

const (
	atStart place = iota
	afterLF
	afterWord
	afterOther
	places
)

// bytesOf are the bytes that lead to a place.
func bytesOf(p place) Set {
	switch p {
	case afterLF:
		return Bytes('\n')
	case afterWord:
		return wordSet
	}
	return wordSet.Or(Bytes('\n')).Not()
}

// compiler turns a pattern into a language by continuations: each part is compiled
// together with the language of what may follow it, since an assertion is a
// statement about exactly that.
type compiler struct {
	algebra *Algebra
	pattern *Pattern
	// up asks for an upper bound where something is not regular, else a lower one.
	up      bool
	widened []string
	// group, when it is not 0, is the number of the group that may take members of
	// within only.
	group  int
	within Lang
}

// follow is what comes after a part: a language for each place that it may begin at.
type follow struct {
	// sensitive is set when the language depends on the place.
	sensitive bool
	at        func(place) Lang
	memo      [places]Lang
	have      [places]bool
}

func (f *follow) lang(p place) Lang {
	if !f.sensitive {
		p = afterOther
	}
	if !f.have[p] {
		f.memo[p], f.have[p] = f.at(p), true
	}
	return f.memo[p]
}

var everything = func(place) Lang { return All }

func anything() *follow { return &follow{at: everything} }

// widen notes that a part is not followed exactly and chooses the bound asked for.
func (c *compiler) widen(reason string, upper, lower func() Lang) Lang {
	c.widened = append(c.widened, reason)
	if c.up {
		return upper()
	}
	return lower()
}

func none() Lang { return None }

// whole returns the subjects in which n matches behind a prefix of the language
// before.
func (c *compiler) whole(n *node, before Lang) Lang {
	a := c.algebra
	items := []*node{n}
	for len(items) > 0 {
		n := items[0]
		if n.op == opCat {
			items = append(slices.Clone(n.parts), items[1:]...)
			continue
		}
		if n.op == opAlt && len(items) == 1 {
			var all []Lang
			for _, branch := range n.parts {
				all = append(all, c.whole(branch, before))
			}
			return a.Union(all...)
		}
		if n.op == opGroup && len(items) == 1 && (c.group == 0 || n.group != c.group) {
			items[0] = n.parts[0]
			continue
		}
		if n.op == opLook && n.behind && pure(n.parts[0]) {
			ended := a.Concat(All, c.language(n.parts[0]))
			if n.negative {
				ended = a.Complement(ended)
			}
			before = a.Intersect(before, ended)
		} else if n.op == opStart {
			before = a.Intersect(before, Empty)
		} else if pure(n) {
			before = a.Concat(before, c.language(n))
		} else {
			break
		}
		items = items[1:]
	}
	rest := c.rest(items, anything())
	return c.then(before, rest, atStart)
}

// then returns the members of l followed by what may follow them.
func (c *compiler) then(l Lang, f *follow, p place) Lang {
	a := c.algebra
	if !f.sensitive {
		return a.Concat(l, f.lang(p))
	}
	var all []Lang
	if a.Nullable(l) {
		all = append(all, f.lang(p))
	}
	for end := afterLF; end < places; end++ {
		all = append(all, a.Concat(a.Intersect(l, a.Concat(All, a.Set(bytesOf(end)))), f.lang(end)))
	}
	return a.Union(all...)
}

// rest is what the remaining parts of a sequence match, and f behind them.
func (c *compiler) rest(items []*node, f *follow) *follow {
	if len(items) == 0 {
		return f
	}
	next := c.rest(items[1:], f)
	return &follow{
		sensitive: next.sensitive || sensitive(items[0]),
		at:        func(p place) Lang { return c.compile(items[0], next, p) },
	}
}

// compile returns what n matches with f behind it, beginning at p.
func (c *compiler) compile(n *node, f *follow, p place) Lang {
	a := c.algebra
	if pure(n) {
		return c.then(c.language(n), f, p)
	}
	switch n.op {
	case opCat:
		return c.rest(n.parts, f).lang(p)
	case opAlt:
		var all []Lang
		for _, branch := range n.parts {
			all = append(all, c.compile(branch, f, p))
		}
		return a.Union(all...)
	case opGroup:
		return c.compile(n.parts[0], f, p)
	case opRepeat:
		return c.repeat(n, f, p)
	case opLook:
		return c.look(n, f, p)
	case opAtomic:
		return c.atomic(n, f, p)
	case opFail:
		return None
	case opBackref:
		return c.widen("a back reference", func() Lang { return c.then(All, f, p) }, none)
	case opRecurse:
		return c.widen("a recursion", func() Lang { return c.then(All, f, p) }, none)
	case opCondition:
		return c.widen("a condition", func() Lang {
			branches := n.parts
			if n.group == 0 {
				branches = n.parts[1:]
			}
			return a.Union(c.compile(branches[0], f, p), c.compile(branches[1], f, p))
		}, none)
	case opOther:
		if n.text == "branch reset" {
			return c.compile(n.parts[0], f, p)
		}
		return c.widen(n.text, func() Lang { return All }, none)
	default:
		return c.assertion(n.op, f, p)
	}
}

// assertion handles what looks at one byte on either side.
func (c *compiler) assertion(o op, f *follow, p place) Lang {
	a := c.algebra
	lf := a.Set(Bytes('\n'))
	switch o {
	case opStart:
		if p != atStart {
			return None
		}
		return f.lang(p)
	case opLineStart:
		switch p {
		case atStart:
			return f.lang(p)
		case afterLF: // but not behind the last byte
			return a.Intersect(f.lang(p), a.NonEmpty())
		}
		return None
	case opEnd:
		return a.Intersect(f.lang(p), Empty)
	case opEndOrLF:
		return a.Intersect(f.lang(p), a.Optional(lf))
	case opLineEnd:
		return a.Intersect(f.lang(p), a.Optional(a.Concat(lf, All)))
	}
	wordNext := a.Concat(a.Set(wordSet), All)
	if (p == afterWord) == (o == opWordEdge) {
		return a.Difference(f.lang(p), wordNext)
	}
	return a.Intersect(f.lang(p), wordNext)
}

// unrolled is how often a repetition of what holds an assertion is written out.
const unrolled = 6

func (c *compiler) repeat(n *node, f *follow, p place) Lang {
	if n.most != Unbounded && n.most <= unrolled {
		return c.unroll(n, f, 0, n.most).lang(p)
	}
	return c.widen("an assertion inside of a repetition", func() Lang {
		body := c.language(n.parts[0])
		return c.then(c.algebra.Repeat(body, n.least, n.most), f, p)
	}, func() Lang {
		if n.least > unrolled {
			return None
		}
		return c.unroll(n, f, 0, n.least+2).lang(p)
	})
}

func (c *compiler) unroll(n *node, f *follow, done, most int) *follow {
	if done == most {
		return f
	}
	again := c.unroll(n, f, done+1, most)
	return &follow{sensitive: true, at: func(p place) Lang {
		once := c.compile(n.parts[0], again, p)
		if done < n.least {
			return once
		}
		return c.algebra.Union(once, f.lang(p))
	}}
}

func (c *compiler) look(n *node, f *follow, p place) Lang {
	a := c.algebra
	if n.behind {
		return c.widen("a look behind that does not stand first", func() Lang { return f.lang(p) }, none)
	}
	if n.negative {
		// The bound of what is taken away is the other one.
		c.up = !c.up
		ahead := c.compile(n.parts[0], anything(), p)
		c.up = !c.up
		return a.Difference(f.lang(p), ahead)
	}
	return a.Intersect(f.lang(p), c.compile(n.parts[0], anything(), p))
}

// atomic handles what gives nothing back. It is exact for a run of bytes none of
// which can begin what follows.
func (c *compiler) atomic(n *node, f *follow, p place) Lang {
	a := c.algebra
	body := n.parts[0]
	for (body.op == opCat || body.op == opGroup) && len(body.parts) == 1 {
		body = body.parts[0]
	}
	if body.op == opSet {
		return c.then(c.language(body), f, p)
	}
	if body.op == opRepeat && body.parts[0].op == opSet && !f.sensitive {
		next := f.lang(p)
		run := a.Concat(a.Set(body.parts[0].set), All)
		if next == All || body.most == Unbounded && a.Intersect(next, run) == None {
			return c.then(c.language(body), f, p)
		}
		if body.most == Unbounded {
			if empty, err := a.IsNone(a.Intersect(next, run)); err == nil && empty {
				return c.then(c.language(body), f, p)
			}
		}
	}
	if next := f.lang(p); !f.sensitive && next == All {
		return c.compile(body, f, p)
	}
	return c.widen("an atomic group", func() Lang { return c.compile(body, f, p) }, none)
}

// pure reports whether n is made of bytes, sequences, alternatives and repetitions
// only: then it has a language of its own, whatever stands around it.
func pure(n *node) bool {
	switch n.op {
	case opEmpty, opSet:
		return true
	case opCat, opAlt, opRepeat, opGroup:
		return !slices.ContainsFunc(n.parts, func(p *node) bool { return !pure(p) })
	}
	return false
}

// sensitive reports whether what n matches depends on the byte before it.
func sensitive(n *node) bool {
	switch n.op {
	case opStart, opLineStart, opWordEdge, opWordInside:
		return true
	}
	return slices.ContainsFunc(n.parts, sensitive)
}

// language is that of a pure node. Of any other it holds whatever the node can match,
// and more: assertions are left out.
func (c *compiler) language(n *node) Lang {
	a := c.algebra
	switch n.op {
	case opSet:
		return a.Set(n.set)
	case opGroup:
		body := c.language(n.parts[0])
		if n.group == c.group {
			body = a.Intersect(body, c.within)
		}
		return body
	case opCat, opAtomic:
		out := Empty
		for i := len(n.parts) - 1; i >= 0; i-- {
			out = a.Concat(c.language(n.parts[i]), out)
		}
		return out
	case opAlt:
		all := make([]Lang, len(n.parts))
		for i, p := range n.parts {
			all[i] = c.language(p)
		}
		return a.Union(all...)
	case opRepeat:
		return a.Repeat(c.language(n.parts[0]), n.least, n.most)
	case opBackref, opRecurse, opCondition, opOther:
		return All
	case opFail:
		return None
	}
	return Empty
}
