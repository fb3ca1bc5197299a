// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strconv"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// enough is the length of a text from which on PCRE may give up searching it for a
// pattern, 0 for none: it takes ten million attempts, which as many bytes need at least when
// their number grows with a high power of the length, or doubles. A matcher made of machine
// code has little memory besides, for what is repeated.
func (m *Model) enough(p *automata.Pattern) int {
	if n, known := m.patience.Load(p); known {
		return n.(int)
	}
	n := 0
	switch effort, groups := p.Effort(); {
	case effort == automata.Exponential:
		n = 20
	case effort == automata.Polynomial, groups && m.compiles:
		n = 60
	}
	m.patience.Store(p, n)
	return n
}

// compilesPatterns reports whether patterns are made machine code.
func compilesPatterns(cfg *nginx.Config) bool {
	s := first(cfg.Main, "pcre_jit")
	return s.Arg(0) == "on"
}

// givesUp supposes that PCRE gives up when it searches a text for a pattern.
func (r *run) givesUp(p *automata.Pattern, text Text, at nginx.Pos) bool {
	if r.trace == nil || text.Constant() {
		return false
	}
	n := r.m.enough(p)
	if n == 0 || r.choose(at, "the search for "+p.Text, "as usual", "is given up") == "as usual" {
		return false
	}
	long := len(text.S) >= n
	r.ask(at, text, answer(long), func() Question {
		return exact("at least "+strconv.Itoa(n), func(a *automata.Algebra) []automata.Lang {
			return []automata.Lang{a.Repeat(a.Any(), n, automata.Unbounded)}
		})
	})
	if long {
		r.step(at, "suppose: PCRE gives up")
		r.trace.GivenUp = append(r.trace.GivenUp, Widening{at, "PCRE gives up on some long texts that are searched for " + p.Text})
	}
	return long
}

// failsToMatch supposes so where an error of nginx leads on.
func (r *run) failsToMatch(p *automata.Pattern, text Text, at nginx.Pos) bool {
	if r.trace != nil && r.m.enough(p) > 0 && r.hasPage(500) && r.givesUp(p, text, at) {
		r.gaveUp = true
	}
	return r.gaveUp
}

// afterGivingUp is the error of nginx for a search that PCRE gave up.
func (r *run) afterGivingUp() phase {
	r.gaveUp = false
	return r.fail(500, "PCRE gives up")
}
