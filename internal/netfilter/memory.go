// SPDX-License-Identifier: Apache-2.0

package netfilter

import "strings"

// memory hands out the short slices that rules are made of. A rule set has hundreds
// of thousands of them; one allocation each would cost more than all reading.
type memory struct {
	matches slab[Match]
	ranges  slab[Range]
	texts   slab[string]
}

// list splits a text at its commas.
func (m *memory) list(s string) []string {
	texts := m.texts.room(1)
	for rest, more := s, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, ",")
		texts = append(texts, part)
	}
	return m.texts.keep(texts)
}

// values returns the texts of words.
func (m *memory) values(words []word) []string {
	if len(words) == 0 {
		return nil
	}
	texts := m.texts.room(len(words))
	for _, w := range words {
		texts = append(texts, w.text)
	}
	return m.texts.keep(texts)
}

// slab cuts slices off larger ones. A slice is built on what room returns and then
// passed to keep; what was not kept is used again.
type slab[T any] struct{ free []T }

const slabLength = 1024

// room returns an empty slice to append to, with a capacity of at least n.
func (s *slab[T]) room(n int) []T {
	if cap(s.free) < n {
		s.free = make([]T, 0, max(slabLength, n))
	}
	return s.free[:0]
}

// keep makes list, grown from room, the caller's for good. Appending to it later
// copies it.
func (s *slab[T]) keep(list []T) []T {
	n := len(list)
	if n == 0 {
		return nil
	}
	if n <= cap(s.free) && &list[0] == &s.free[:1][0] {
		s.free = s.free[n:n:cap(s.free)]
	}
	return list[:n:n]
}
