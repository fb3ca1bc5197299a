// SPDX-License-Identifier: Apache-2.0

package automata

import "slices"

// moves returns, for each byte, what may follow it: the sets are disjoint, and bytes
// that are in none lead nowhere.
func (a *Algebra) moves(l Lang) []move {
	if row := a.terms[l].row; row != nil {
		return row
	}
	row := a.derive(l)
	if row == nil {
		row = []move{}
	}
	a.terms[l].row = row
	return row
}

func (a *Algebra) derive(l Lang) []move {
	t := a.terms[l]
	switch t.kind {
	case kindNone, kindEmpty:
		return nil
	case kindAll:
		return []move{{AllBytes(), All}}
	case kindSet:
		return []move{{t.set, Empty}}
	case kindStar:
		return a.mapped(t.parts[0], func(to Lang) Lang { return a.concat(to, l) })
	case kindRepeat:
		rest := t.most
		if rest != Unbounded {
			rest--
		}
		after := a.Repeat(t.parts[0], max(t.least-1, 0), rest)
		return a.mapped(t.parts[0], func(to Lang) Lang { return a.concat(to, after) })
	case kindConcat:
		row := a.mapped(t.parts[0], func(to Lang) Lang { return a.concat(to, t.parts[1]) })
		if !a.terms[t.parts[0]].nullable {
			return row
		}
		return a.combine([][]move{row, a.moves(t.parts[1])}, a.Union)
	case kindComplement:
		inner := a.moves(t.parts[0])
		row := make([]move, 0, len(inner)+1)
		rest := AllBytes()
		for _, m := range inner {
			rest = rest.And(m.bytes.Not())
			row = append(row, move{m.bytes, a.Complement(m.to)})
		}
		if !rest.Empty() {
			row = append(row, move{rest, All})
		}
		return a.gather(row)
	case kindBefore, kindBetween, kindPreimage:
		return a.deriveRelated(t)
	case kindUnion:
		rows := make([][]move, len(t.parts))
		for i, p := range t.parts {
			rows[i] = a.moves(p)
		}
		return a.combine(rows, a.Union)
	default:
		rows := make([][]move, len(t.parts))
		for i, p := range t.parts {
			if rows[i] = a.moves(p); len(rows[i]) == 0 {
				return nil
			}
		}
		for i, row := range rows {
			if single(row) {
				return a.along(t.parts, i, row)
			}
		}
		return a.combine(rows, a.Intersect)
	}
}

// single reports whether a row has few moves, of one byte each.
func single(row []move) bool {
	return len(row) <= 4 && !slices.ContainsFunc(row, func(m move) bool { return m.bytes.Len() != 1 })
}

// along is the row of an intersection one part of which has a single row: the others
// need to be asked for its bytes only.
func (a *Algebra) along(parts []Lang, first int, row []move) []move {
	out := make([]move, 0, len(row))
	to := make([]Lang, len(parts))
	for _, m := range row {
		b := m.bytes.pick()
		for i, p := range parts {
			if to[i] = m.to; i != first {
				to[i] = a.Step(p, b)
			}
		}
		out = append(out, move{m.bytes, a.Intersect(to...)})
	}
	return a.gather(out)
}

// mapped returns the moves of l with their ends changed.
func (a *Algebra) mapped(l Lang, end func(Lang) Lang) []move {
	inner := a.moves(l)
	row := make([]move, 0, len(inner))
	for _, m := range inner {
		row = append(row, move{m.bytes, end(m.to)})
	}
	return a.gather(row)
}

// combine joins rows: a byte leads to the junction of where each row leads it, and
// to None where one does not name it.
func (a *Algebra) combine(rows [][]move, junction func(...Lang) Lang) []move {
	type cell struct {
		bytes Set
		to    []Lang
	}
	cells := []cell{{bytes: AllBytes()}}
	for i, row := range rows {
		next := make([]cell, 0, len(cells)+len(row))
		for _, c := range cells {
			rest := c.bytes
			for _, m := range row {
				both := rest.And(m.bytes)
				if both.Empty() {
					continue
				}
				rest = rest.And(m.bytes.Not())
				next = append(next, cell{both, append(slices.Clip(c.to), m.to)})
				if rest.Empty() {
					break
				}
			}
			if !rest.Empty() {
				next = append(next, cell{rest, append(slices.Clip(c.to), None)})
			}
		}
		cells = next
		// A wide junction has many cells with the same ends: joining those early
		// keeps the work linear in the rows.
		if len(rows) > 8 && i%8 == 7 {
			byEnds := map[string]int{}
			kept := cells[:0]
			for _, c := range cells {
				c.to = []Lang{junction(c.to...)}
				key := string(langKey(c.to[0]))
				if j, ok := byEnds[key]; ok {
					kept[j].bytes = kept[j].bytes.Or(c.bytes)
					continue
				}
				byEnds[key] = len(kept)
				kept = append(kept, c)
			}
			cells = kept
		}
	}
	row := make([]move, 0, len(cells))
	for _, c := range cells {
		row = append(row, move{c.bytes, junction(c.to...)})
	}
	return a.gather(row)
}

func langKey(l Lang) []byte { return []byte{byte(l), byte(l >> 8), byte(l >> 16), byte(l >> 24)} }

// gather joins moves with the same end and drops those that lead nowhere.
func (a *Algebra) gather(row []move) []move {
	out := row[:0]
	for _, m := range row {
		if m.to == None {
			continue
		}
		if i := slices.IndexFunc(out, func(o move) bool { return o.to == m.to }); i >= 0 {
			out[i].bytes = out[i].bytes.Or(m.bytes)
			continue
		}
		out = append(out, m)
	}
	return out
}

// Step returns what may follow byte b.
func (a *Algebra) Step(l Lang, b byte) Lang {
	for _, m := range a.moves(l) {
		if m.bytes.Has(b) {
			return m.to
		}
	}
	return None
}

// Contains reports whether s is a member. The error is ErrBudget.
func (a *Algebra) Contains(l Lang, s []byte) (bool, error) {
	is := true
	if t := &a.terms[l]; t.kind == kindIntersection && t.row == nil {
		// Many are made for one question, and nobody needs to know what may follow each
		// byte in them.
		is = !slices.ContainsFunc(t.parts, func(p Lang) bool { return !a.accepts(p, s) })
	} else {
		is = a.accepts(l, s)
	}
	return is && !a.exhausted, a.Err()
}

func (a *Algebra) accepts(l Lang, s []byte) bool {
	for _, b := range s {
		if l = a.Step(l, b); l == None || l == All {
			break
		}
	}
	return a.terms[l].nullable
}

// Begin returns what all members begin with, as far as that is simple to tell, and what
// follows it. No languages are made for what lies between.
func (a *Algebra) Begin(l Lang) (word []byte, rest Lang) {
	const most = 256 // more may never end
	parts := []Lang{l}
	if t := &a.terms[l]; t.kind == kindIntersection {
		parts = slices.Clone(t.parts)
	}
	for len(word) < most && !a.allNullable(parts) {
		i := slices.IndexFunc(parts, func(p Lang) bool {
			row := a.moves(p)
			return len(row) == 1 && row[0].bytes.Len() == 1
		})
		if i < 0 {
			break
		}
		b := a.terms[parts[i]].row[0].bytes.pick()
		for j, p := range parts {
			if parts[j] = a.Step(p, b); parts[j] == None {
				return nil, None
			}
		}
		word = append(word, b)
	}
	return word, a.Intersect(parts...)
}

// Shortest returns a member of least length, the best to read among those, and false
// when there is none. The error is ErrBudget.
func (a *Algebra) Shortest(l Lang) ([]byte, bool, error) {
	type visit struct {
		from int
		by   byte
		at   Lang
	}
	first, l := a.Begin(l)
	if l == None {
		return nil, false, a.Err()
	}
	queue := []visit{{-1, 0, l}}
	seen := map[Lang]bool{l: true}
	for i := 0; i < len(queue); i++ {
		if a.exhausted {
			return nil, false, ErrBudget
		}
		v := queue[i]
		if a.terms[v.at].nullable {
			var word []byte
			for j := i; queue[j].from >= 0; j = queue[j].from {
				word = append(word, queue[j].by)
			}
			slices.Reverse(word)
			return append(first, word...), true, nil
		}
		start := len(queue)
		for _, m := range a.moves(v.at) {
			if !seen[m.to] {
				seen[m.to] = true
				queue = append(queue, visit{i, m.bytes.pick(), m.to})
			}
		}
		// What reads best is followed first, so that it wins among equals.
		slices.SortStableFunc(queue[start:], func(x, y visit) int { return rank(x.by) - rank(y.by) })
	}
	if a.exhausted {
		return nil, false, ErrBudget
	}
	return nil, false, nil
}

// ranks are the places of bytes in the order in which a witness prefers them.
var ranks = func() (r [256]int) {
	for b := range r {
		r[b] = len(readable) + b
	}
	for i := range len(readable) {
		r[readable[i]] = i
	}
	return r
}()

func rank(b byte) int { return ranks[b] }

// IsNone reports whether l has no member. The error is ErrBudget.
func (a *Algebra) IsNone(l Lang) (bool, error) {
	_, found, err := a.Shortest(l)
	return !found && err == nil, err
}

// Within reports whether every member of x is one of y, and otherwise shows the
// shortest that is not. The error is ErrBudget.
func (a *Algebra) Within(x, y Lang) (bool, []byte, error) {
	word, found, err := a.Shortest(a.Difference(x, y))
	return !found && err == nil, word, err
}
