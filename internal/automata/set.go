// SPDX-License-Identifier: Apache-2.0

package automata

import "math/bits"

// Set is a set of bytes.
type Set [4]uint64

// Bytes returns the set of the given bytes.
func Bytes(members ...byte) Set {
	var s Set
	for _, b := range members {
		s.add(b)
	}
	return s
}

// Range returns the bytes from lo to hi, both included.
func Range(lo, hi byte) Set {
	var s Set
	for b := int(lo); b <= int(hi); b++ {
		s.add(byte(b))
	}
	return s
}

// AllBytes returns the set of all 256 bytes.
func AllBytes() Set { return Set{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)} }

func (s *Set) add(b byte) { s[b>>6] |= 1 << (b & 63) }

// Has reports whether b is a member.
func (s Set) Has(b byte) bool { return s[b>>6]>>(b&63)&1 == 1 }

// Empty reports whether there is no member.
func (s Set) Empty() bool { return s == Set{} }

// Len is the number of members.
func (s Set) Len() int {
	return bits.OnesCount64(s[0]) + bits.OnesCount64(s[1]) + bits.OnesCount64(s[2]) + bits.OnesCount64(s[3])
}

// And returns the members of both.
func (s Set) And(o Set) Set { return Set{s[0] & o[0], s[1] & o[1], s[2] & o[2], s[3] & o[3]} }

// Or returns the members of either.
func (s Set) Or(o Set) Set { return Set{s[0] | o[0], s[1] | o[1], s[2] | o[2], s[3] | o[3]} }

// Not returns all other bytes.
func (s Set) Not() Set { return Set{^s[0], ^s[1], ^s[2], ^s[3]} }

// Fold returns the set with both cases of each ASCII letter in it.
func (s Set) Fold() Set {
	for b := byte('a'); b <= 'z'; b++ {
		if upper := b - 'a' + 'A'; s.Has(b) || s.Has(upper) {
			s.add(b)
			s.add(upper)
		}
	}
	return s
}

// readable lists bytes in the order in which a witness prefers them: what can stand
// in a request as it is comes first.
const readable = "abcdefghijklmnopqrstuvwxyz0123456789/.-_ABCDEFGHIJKLMNOPQRSTUVWXYZ~!$&'()*+,;=:@?%#[]<>\"{}|^`\\ "

// pick returns the member that reads best.
func (s Set) pick() byte {
	if s.Len() == 1 {
		for i, w := range s {
			if w != 0 {
				return byte(i<<6 + bits.TrailingZeros64(w))
			}
		}
	}
	for i := range len(readable) {
		if s.Has(readable[i]) {
			return readable[i]
		}
	}
	for b := range 256 {
		if s.Has(byte(b)) {
			return byte(b)
		}
	}
	return 0
}
