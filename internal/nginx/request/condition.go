// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// condition is what stands between the parentheses of an if.
type condition struct {
	op      string // "", "=", "~" or "-f" and its kin
	negated bool
	name    string // variable on the left
	value   script
	pattern *automata.Pattern
}

// read returns what cannot be understood, empty when all can.
func (c *condition) read(words []string, m *Model) string {
	const unclear = "the condition of if is not understood"
	if len(words) == 0 {
		return unclear
	}
	if name, ok := strings.CutPrefix(words[0], "$"); ok {
		c.name = lower(name)
		switch len(words) {
		case 1:
			return ""
		case 3:
		default:
			return unclear
		}
		c.op = strings.TrimPrefix(words[1], "!")
		c.negated = c.op != words[1]
		switch c.op {
		case "=":
			if c.value, ok = parseScript(words[2], false); !ok {
				return unclear
			}
			return ""
		case "~", "~*":
			p, err := automata.ParsePattern(words[2], c.op == "~*")
			if err != nil {
				return err.Error()
			}
			c.pattern = p
			m.names(p)
			return ""
		}
		return unclear
	}
	c.op = strings.TrimPrefix(words[0], "!")
	c.negated = c.op != words[0]
	if len(words) != 2 || len(c.op) != 2 || !strings.Contains("-f -d -e -x", c.op) {
		return unclear
	}
	var ok bool
	if c.value, ok = parseScript(words[1], false); !ok {
		return unclear
	}
	return ""
}

// holds evaluates a condition; a pattern that matches leaves its groups.
func (r *run) holds(c *condition, at nginx.Pos, escape bool) bool {
	var is bool
	switch {
	case c.pattern != nil:
		k := r.match(c.pattern, r.variable(c.name, at), at)
		if is = k != nil; is {
			r.capture(k)
		} else {
			r.captures = nil // as the rewrite module does, unlike other patterns
		}
	case c.op == "=":
		left := r.variable(c.name, at)
		right, _, _ := r.expand(c.value, at, escape)
		is = r.compare(at, left, right)
	case c.op == "":
		v := r.variable(c.name, at)
		is := v.S != "" && (v.S != "0" || r.m.faults["zero"])
		r.ask(at, v, answer(!is), func() Question { return oneOf("", "0") })
		return is
	default:
		name, _, _ := r.expand(c.value, at, escape)
		is = r.fileTest(c.op, name, at)
	}
	return is != c.negated
}
