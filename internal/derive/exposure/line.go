// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// lines notes what the parts of a request line may be that do not decide where a request
// goes, but can be looked at. Visible are texts of bytes that may stand in a target.
func (s *space) lines(visible automata.Lang) {
	a := s.Algebra
	letter := automata.Range('a', 'z').Or(automata.Range('A', 'Z'))
	digit := automata.Range('0', '9')
	s.base[request.Gap] = a.Repeat(a.Literal(" "), 1, automata.Unbounded)
	s.base[request.Scheme] = a.Concat(a.Set(letter), a.Star(a.Set(letter.Or(digit).Or(automata.Bytes('+', '-', '.')))))
	s.base[request.Fragment] = a.Optional(a.Concat(a.Literal("#"), visible))
	s.prefer[request.Gap] = []string{" "}
	s.prefer[request.Before] = []string{" "}
	s.prefer[request.Scheme] = []string{"http"}
	s.prefer[request.Protocol] = []string{"HTTP/1.1", "HTTP/1.0"}
}

// protocols are the ends of a request line that mean a version: "0.9" has none, "1.0" any
// number of zeros. With a Host it is as good as any other number from there to 999.
func (s *space) protocols(o origin) map[request.Field]automata.Lang {
	a := s.Algebra
	some, zeros := a.Star(a.Literal(" ")), a.Star(a.Literal("0"))
	if o.Version == "0.9" {
		before := some
		if o.noTarget {
			before = a.Concat(a.Literal(" "), some) // a host alone ends with one
		}
		return map[request.Field]automata.Lang{request.Before: before, request.Protocol: automata.Empty}
	}
	minor := a.Literal("0")
	if o.Version != "1.0" {
		digit := automata.Range('0', '9')
		minor = a.Union(minor, a.Concat(a.Set(automata.Range('1', '9')), a.Repeat(a.Set(digit), 0, 2)))
	}
	return map[request.Field]automata.Lang{
		request.Before:   a.Concat(a.Literal(" "), some),
		request.Protocol: a.Concat(a.Literal("HTTP/1."), zeros, minor, some),
	}
}

// lineHosts limit the host of a request line, and what follows it, to what may stand
// there.
func (s *space) lineHosts(shape hostShape) (name, tail automata.Lang) {
	a := s.Algebra
	word := automata.Range('a', 'z').Or(automata.Range('A', 'Z')).Or(automata.Range('0', '9')).Or(automata.Bytes('-', '.'))
	port := a.Optional(a.Concat(a.Literal(":"), a.Star(a.Set(automata.Range('0', '9')))))
	if shape == addressLiteral {
		inner := word.Or(automata.Bytes([]byte(":_~!$&'()*+,;=")...))
		return a.Concat(a.Literal("["), a.Star(a.Set(inner)), a.Literal("]")), port
	}
	return a.Star(a.Set(word)), a.Concat(a.Optional(a.Literal(".")), port)
}

// spell writes the request line as a sample has it.
func (e *explorer) spell(q *request.Request, x sample) {
	q.Target = strings.TrimPrefix(e.value(x, request.Gap), " ") + q.Target
	before, protocol := e.value(x, request.Before), e.value(x, request.Protocol)
	switch {
	case q.Version == "0.9":
		q.Target += before
	case before != " " || protocol != request.VersionWord(q.Version):
		q.Version = strings.TrimPrefix(before, " ") + protocol
	}
}
