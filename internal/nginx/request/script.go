// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// part is a piece of a text with variables.
type part struct {
	kind partKind
	text string // or the name of the variable, in small letters
	n    int    // number of the group
}

type partKind uint8

const (
	literal partKind = iota
	variable
	group
	argsStart // the first question mark of a replacement
)

// script is a text with variables, taken apart.
type script []part

// parseScript takes a text apart; args is for the replacement of a rewrite.
func parseScript(s string, args bool) (script, bool) {
	var out script
	for s != "" {
		if s[0] == '$' {
			name := s[1:]
			switch {
			case name == "":
				return nil, false
			case name[0] >= '1' && name[0] <= '9':
				out = append(out, part{kind: group, n: int(name[0] - '0')})
				s = name[1:]
				continue
			}
			braced := name[0] == '{'
			if braced {
				name = name[1:]
			}
			end := 0
			for end < len(name) && (isLetter(name[end]) || isDigit(name[end]) || name[end] == '_') {
				end++
			}
			if end == 0 || braced && (end == len(name) || name[end] != '}') {
				return nil, false
			}
			out = append(out, part{kind: variable, text: lower(name[:end])})
			if s = name[end:]; braced {
				s = s[1:]
			}
			continue
		}
		end := strings.IndexByte(s, '$')
		if end < 0 {
			end = len(s)
		}
		if q := strings.IndexByte(s[:end], '?'); args && q >= 0 {
			if q == 0 {
				out, s, args = append(out, part{kind: argsStart}), s[1:], false
				continue
			}
			end = q
		}
		out = append(out, part{kind: literal, text: s[:end]})
		s = s[end:]
	}
	return out, true
}

// text replaces the variables of a directive's argument.
func (r *run) text(s string, at nginx.Pos) Text {
	parts, ok := parseScript(s, false)
	if !ok {
		r.unsure(at, "%q is no text with variables", s)
	}
	path, _, _ := r.expand(parts, at, false)
	return path
}

// expand evaluates a script; hasArgs says that its argsStart was reached, behind
// which stands args. Escape is how the rewrite module treats what patterns took
// from a path that was encoded.
func (r *run) expand(parts script, at nginx.Pos, escaped bool) (path, args Text, hasArgs bool) {
	var all []Text
	mapped, captured := r.mapped, false
	for _, p := range parts {
		switch p.kind {
		case literal:
			all = append(all, constant(p.text))
		case variable:
			all = append(all, r.variable(p.text, at))
		case group:
			captured = true
			g := r.captures.group(p.n)
			if (escaped || hasArgs) && !g.Constant() && r.trace != nil {
				r.ask(at, r.unparsed, answer(r.quoted || r.plus), quotedOrPlus)
			}
			if (escaped || hasArgs) && (r.quoted || r.plus) && !r.m.faults["capture_escape"] {
				g = g.each(escape(escapedInArgs))
			}
			all = append(all, g)
		case argsStart:
			path, hasArgs = join(all...), true
			all = nil
		}
	}
	if captured && r.mapped != mapped {
		r.unsure(at, "the pattern of a map replaces the groups that are used beside it")
	}
	if hasArgs {
		return path, join(all...), true
	}
	return join(all...), Text{}, false
}

// The bytes that nginx escapes beside control characters and those from 0x7f up.
const (
	escapedInPath = " \"#%<>?\\^`{|}"
	escapedInArgs = " \"#%&+;<>?\\^`{|}"
)

// quotedOrPlus asks whether the path of a target has a percent sign or a plus, which
// decides whether groups are escaped.
func quotedOrPlus() Question {
	return exact("quoted", func(a *automata.Algebra) []automata.Lang {
		before := a.Star(a.Set(automata.Bytes([]byte("?#%+")...).Not()))
		return []automata.Lang{a.Concat(before, a.Set(automata.Bytes('%', '+')), automata.All)}
	})
}
