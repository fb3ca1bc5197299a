// SPDX-License-Identifier: Apache-2.0

package automata

import "slices"

// Effort is how the work of a matcher that tries one way after the other, as PCRE does,
// may grow with the length of a subject that does not match. PCRE gives up after ten
// million attempts, and then the subject neither matches nor does not.
type Effort uint8

// The efforts.
const (
	// Linear is no reason to give up.
	Linear Effort = iota
	// Polynomial grows at least with the square of the length.
	Polynomial
	// Exponential doubles with every few bytes.
	Exponential
)

// Bounds of the analysis; what exceeds them is said to be Exponential.
const (
	maxPositions = 400
	maxWork      = 2_000_000
	// maxCopies is the highest bound of a repetition that is written out; others count as
	// having none.
	maxCopies = 8
)

// Effort returns an upper bound: a pattern for which it says Linear never makes PCRE
// give up on a subject of the size of a request. Groups says that some part of more than
// one byte is repeated without bound, for which the faster matcher of PCRE needs memory.
func (p *Pattern) Effort() (e Effort, groups bool) {
	g := &glushkov{}
	e = g.whole(p.root)
	return e, g.groups
}

// glushkov is an automaton without empty moves: one position for each set of bytes in a
// pattern, in which the moves into a position are as many as there are ways to make them.
type glushkov struct {
	sets  []Set
	next  [][]int
	twice [][2]int // moves that can be made in more than one way
	// groups says that something longer than a byte is repeated without bound, unbounded
	// that anything is, odd that a part is not followed, and inner is the effort of
	// assertions.
	groups, unbounded, odd bool
	inner                  Effort
	// looks says that an assertion repeats something without bound.
	looks bool
	// work counts what was looked at, also for parts that take nothing.
	work int
}

// part is what is known of a part of a pattern.
type part struct {
	empty       bool // it may take nothing
	first, last []int
}

func (g *glushkov) whole(root *node) Effort {
	g.position(Set{}.Not()) // the bytes in front of where the search begins
	everywhere := !anchored(root)
	if everywhere {
		g.next[0] = []int{0}
	}
	body := g.part(root, false)
	if everywhere {
		g.moves([]int{0}, body.first)
	}
	switch {
	case g.exceeds(), g.odd && g.unbounded:
		return Exponential
	case g.looks && everywhere:
		return max(g.inner, Polynomial)
	}
	return max(g.inner, g.effort())
}

func (g *glushkov) exceeds() bool { return len(g.sets) > maxPositions || g.work > maxWork }

func (g *glushkov) position(s Set) int {
	g.sets, g.next = append(g.sets, s), append(g.next, nil)
	return len(g.sets) - 1
}

// part adds a part; repeated says that it stands inside of a repetition without bound.
func (g *glushkov) part(n *node, repeated bool) part {
	if g.work++; g.exceeds() {
		return part{empty: true}
	}
	switch n.op {
	case opSet:
		i := []int{g.position(n.set)}
		return part{first: i, last: i}
	case opCat:
		whole := part{empty: true}
		for _, p := range n.parts {
			whole = g.join(whole, g.part(p, repeated))
		}
		return whole
	case opAlt:
		var any part
		for _, p := range n.parts {
			x := g.part(p, repeated)
			any = part{any.empty || x.empty, append(slices.Clip(any.first), x.first...), append(slices.Clip(any.last), x.last...)}
		}
		return any
	case opRepeat:
		return g.repeat(n, repeated)
	case opGroup, opAtomic:
		return g.part(n.parts[0], repeated)
	case opLook:
		inner := &glushkov{work: g.work}
		body := &node{op: opCat, parts: []*node{{op: opStart}, n.parts[0]}}
		if n.behind {
			inner.odd = true // it is tried from many places
		}
		g.inner = max(g.inner, inner.whole(body))
		g.odd, g.work = g.odd || inner.odd, inner.work
		g.groups, g.unbounded = g.groups || inner.groups, g.unbounded || inner.unbounded
		g.looks = g.looks || inner.unbounded
		if repeated && inner.unbounded {
			g.inner = max(g.inner, Polynomial)
		}
	case opBackref, opRecurse, opCondition, opOther:
		g.odd = true
		for _, p := range n.parts {
			g.part(p, repeated)
		}
	}
	return part{empty: true}
}

func (g *glushkov) repeat(n *node, repeated bool) part {
	body := n.parts[0]
	if n.most != Unbounded && n.most <= maxCopies {
		whole := part{empty: true}
		for i := range n.most {
			x := g.part(body, repeated)
			x.empty = x.empty || i >= n.least
			whole = g.join(whole, x)
		}
		return whole
	}
	g.unbounded = true
	if body.op != opSet {
		g.groups = true
	}
	x := g.part(body, true)
	g.moves(x.last, x.first)
	x.empty = x.empty || n.least == 0
	return x
}

// join puts one part behind another.
func (g *glushkov) join(x, y part) part {
	g.moves(x.last, y.first)
	out := part{empty: x.empty && y.empty, first: x.first, last: y.last}
	if x.empty {
		out.first = append(slices.Clip(x.first), y.first...)
	}
	if y.empty {
		out.last = append(slices.Clip(y.last), x.last...)
	}
	return out
}

func (g *glushkov) moves(from, to []int) {
	if g.work += len(from) * len(to); g.exceeds() {
		return
	}
	for _, i := range from {
		for _, j := range to {
			if slices.Contains(g.next[i], j) {
				g.twice = append(g.twice, [2]int{i, j})
			} else {
				g.next[i] = append(g.next[i], j)
			}
		}
	}
}

// effort asks in how many ways one text may lead from a loop back to itself, which makes
// the ways multiply, or from one loop to another, which makes their number grow with the
// length.
func (g *glushkov) effort() Effort {
	reach := make([][]bool, len(g.sets)) // in one move or more
	for i := range g.sets {
		reach[i] = g.from(i)
	}
	together := func(i, j int) bool { return reach[i][j] && reach[j][i] }
	for _, m := range g.twice {
		if together(m[0], m[1]) {
			return Exponential
		}
	}
	var loops []int
	for i := range g.sets {
		if reach[i][i] {
			loops = append(loops, i)
		}
	}
	for _, p := range loops {
		inLoop := func(s [3]int) bool { return together(p, s[0]) && together(p, s[1]) }
		apart := func(s [3]int) bool { return s[0] != s[1] }
		// Two ways out of p on the same text that come together again.
		there := g.search([3]int{p, p, -1}, inLoop)
		for s := range there {
			if apart(s) && g.search(s, inLoop)[[3]int{p, p, -1}] {
				return Exponential
			}
		}
		if g.exceeds() {
			return Exponential
		}
	}
	for _, p := range loops {
		for _, q := range loops {
			if p == q || !reach[p][q] {
				continue
			}
			stays := func(s [3]int) bool {
				return together(p, s[0]) && (s[1] == q || reach[s[1]][q]) && together(q, s[2])
			}
			if g.search([3]int{p, p, q}, stays)[[3]int{p, q, q}] {
				return Polynomial
			}
			if g.exceeds() {
				return Exponential
			}
		}
	}
	return Linear
}

// from are the positions that moves from i lead to.
func (g *glushkov) from(i int) []bool {
	seen := make([]bool, len(g.sets))
	todo := []int{i}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, j := range g.next[x] {
			if !seen[j] {
				seen[j] = true
				todo = append(todo, j)
			}
		}
	}
	return seen
}

// search follows two or three ways side by side, all of which read the same text; a third
// of -1 is none. It returns what they reach together in one move or more.
func (g *glushkov) search(start [3]int, keep func([3]int) bool) map[[3]int]bool {
	seen := map[[3]int]bool{}
	todo := [][3]int{start}
	for len(todo) > 0 && !g.exceeds() {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		third := []int{-1}
		if s[2] >= 0 {
			third = g.next[s[2]]
		}
		for _, x := range g.next[s[0]] {
			for _, y := range g.next[s[1]] {
				both := g.sets[x].And(g.sets[y])
				if g.work++; both.Empty() {
					continue
				}
				for _, z := range third {
					n := [3]int{x, y, z}
					if g.work++; z >= 0 && both.And(g.sets[z]).Empty() || seen[n] || !keep(n) {
						continue
					}
					seen[n] = true
					todo = append(todo, n)
				}
			}
		}
	}
	return seen
}
