// SPDX-License-Identifier: Apache-2.0

// Package automata computes with regular languages over bytes: union,
// intersection, complement, emptiness, and the shortest member.
//
// An Algebra holds languages as terms; the automaton of a term is built state by
// state, by taking derivatives, only as far as a question needs it. Equal terms are
// one term, so that a state is met again when it comes back.
//
// ParsePattern reads the regular expressions that nginx hands to PCRE. A Pattern
// answers two questions: Match, for one subject, with the groups that PCRE would
// capture; and Language, for all subjects at once. What is not regular, such as a
// back reference, gives a Language with two bounds, and says why: a proof may rely on
// the one that is on its side.
//
// Work is bounded. When a bound is met the answer is an error (ErrBudget), never a
// guess.
package automata
