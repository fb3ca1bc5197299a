// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
)

// Text is a string on the way of a request, and how it was made of the request.
type Text struct {
	S string
	// Pieces make S up. It is nil where S does not depend on the request, and in runs
	// that nobody traces.
	Pieces []Piece
}

// Piece is a part of a Text; one without From is the same for every request.
type Piece struct {
	S    string
	From *Origin
}

// Origin says how a piece comes from the request. One of its ways is set.
type Origin struct {
	// Field is the part of the request that the piece is, whole.
	Field Field
	// Of is what the piece is made from, in one of these ways.
	Of *Text
	// Cut is how many bytes are left out from the start.
	Cut int
	// Pattern and Group: what a group took.
	Pattern *automata.Pattern
	Group   int
	// By rewrites byte by byte.
	By automata.Transducer
	// Argument is the name, in lower case, of an argument of a query.
	Argument string
	// Opaque says why it cannot be told how the piece is made.
	Opaque string
}

// Field is a part of a request.
type Field string

// The fields. Headers and cookies have one each, which is empty where the request has
// none of the name; what the model leaves open is a field too: see Choice.
const (
	Path      Field = "path"      // of the target, as nginx decodes it
	Arguments Field = "arguments" // of the target, behind its question mark
	Target    Field = "target"    // as sent
	Method    Field = "method"
	Host      Field = "host"      // as sent, without port and final dot
	HostTail  Field = "host tail" // the final dot and the port
	// HostHeader is the Host header where the request line names the host: then Host
	// and HostTail are what the line says.
	HostHeader Field = "host header"
	SNI        Field = "sni"
	// What else a request line is made of: the spaces before and behind the target, the
	// last word with the spaces behind it, the scheme before a host, and a fragment behind
	// arguments that follow a host at once.
	Gap      Field = "spaces before the target"
	Before   Field = "spaces before the protocol"
	Protocol Field = "protocol"
	Scheme   Field = "scheme"
	Fragment Field = "fragment"
	Client   Field = "client" // the bytes of the address of the client, four or sixteen
)

// HeaderField is the field of a header, whose name is as in $http_name.
func HeaderField(name string) Field { return Field("header " + name) }

// CookieField is the field of a cookie.
func CookieField(name string) Field { return Field("cookie " + name) }

// Name is the name of a header or a cookie, and ok false for other fields.
func (f Field) Name(kind string) (name string, ok bool) {
	return strings.CutPrefix(string(f), kind+" ")
}

// constant is a text that does not depend on the request.
func constant(s string) Text { return Text{S: s} }

// input is a field of the request.
func (r *run) input(f Field, s string) Text {
	if r.trace == nil {
		return Text{S: s}
	}
	return Text{s, []Piece{{s, &Origin{Field: f}}}}
}

// made is a text that is made as the origin says.
func (t Text) made(s string, o Origin) Text {
	if t.Pieces == nil {
		return Text{S: s}
	}
	o.Of = &t
	return Text{s, []Piece{{s, &o}}}
}

// join puts texts one behind the other.
func join(parts ...Text) Text {
	if len(parts) == 1 {
		return parts[0]
	}
	n, traced := 0, false
	for _, p := range parts {
		n += len(p.S)
		traced = traced || p.Pieces != nil
	}
	var b strings.Builder
	b.Grow(n)
	var pieces []Piece
	for _, p := range parts {
		b.WriteString(p.S)
		switch {
		case !traced:
		case p.Pieces != nil:
			pieces = append(pieces, p.Pieces...)
		case p.S != "":
			pieces = append(pieces, Piece{S: p.S})
		}
	}
	return Text{b.String(), pieces}
}

// from leaves out the first n bytes.
func (t Text) from(n int) Text {
	out := Text{S: t.S[n:]}
	if t.Pieces == nil {
		return out
	}
	out.Pieces = []Piece{}
	for _, p := range t.Pieces {
		switch {
		case n == 0:
			out.Pieces = append(out.Pieces, p)
		case p.From == nil && n >= len(p.S):
			n -= len(p.S)
		case p.From == nil:
			out.Pieces, n = append(out.Pieces, Piece{S: p.S[n:]}), 0
		case n <= len(p.S):
			out.Pieces, n = append(out.Pieces, cut(p, n)), 0
		default: // where the cut is depends on how long the piece is
			return Text{out.S, []Piece{{out.S, &Origin{Opaque: "what is left of a value behind another"}}}}
		}
	}
	return out
}

func cut(p Piece, n int) Piece {
	return Piece{p.S[n:], &Origin{Of: &Text{p.S, []Piece{p}}, Cut: n}}
}

// split cuts a text at the first byte of a set that stands in a part which is the
// same for every request; found is false when there is none.
func (t Text) split(at string) (head, tail Text, found bool) {
	i := strings.IndexAny(t.S, at)
	if i < 0 {
		return t, Text{}, false
	}
	if t.Pieces == nil {
		return Text{S: t.S[:i]}, Text{S: t.S[i:]}, true
	}
	head, tail = Text{S: t.S[:i], Pieces: []Piece{}}, Text{S: t.S[i:], Pieces: []Piece{}}
	n := i
	for k, p := range t.Pieces {
		if n < len(p.S) {
			if p.From != nil && n > 0 {
				head.Pieces = append(head.Pieces, Piece{p.S[:n], &Origin{Opaque: "the start of a value"}})
				tail.Pieces = append(tail.Pieces, cut(p, n))
			} else if n > 0 {
				head.Pieces = append(head.Pieces, Piece{S: p.S[:n]})
				tail.Pieces = append(tail.Pieces, Piece{S: p.S[n:]})
			} else {
				tail.Pieces = append(tail.Pieces, p)
			}
			tail.Pieces = append(tail.Pieces, t.Pieces[k+1:]...)
			break
		}
		head.Pieces = append(head.Pieces, p)
		n -= len(p.S)
	}
	return head, tail, true
}

// Until is t up to the first byte of a set that stands in a part which is the same for
// every request.
func (t Text) Until(at string) Text {
	var head []Text
	for _, p := range t.Pieces {
		if i := strings.IndexAny(p.S, at); p.From == nil && i >= 0 {
			return join(append(head, Text{p.S[:i], []Piece{{S: p.S[:i]}}})...)
		}
		head = append(head, Text{p.S, []Piece{p}})
	}
	if t.Pieces == nil {
		if i := strings.IndexAny(t.S, at); i >= 0 {
			return Text{S: t.S[:i]}
		}
	}
	return t
}

// Constant reports whether t is the same for every request.
func (t Text) Constant() bool {
	for _, p := range t.Pieces {
		if p.From != nil {
			return false
		}
	}
	return true
}

// opaque keeps the string and forgets how it is made, unless it is constant.
func (t Text) opaque(why string) Text {
	if t.Constant() {
		return Text{S: t.S}
	}
	return Text{t.S, []Piece{{t.S, &Origin{Opaque: why}}}}
}

// orOpaque is a constant that depends on another text in a way that is not told.
func (t Text) orOpaque(from Text, why string) Text {
	if from.Constant() {
		return t
	}
	return Text{t.S, []Piece{{t.S, &Origin{Opaque: why}}}}
}

// neverEmpty reports whether t has a byte that every request gives it.
func (t Text) neverEmpty() bool {
	if t.Pieces == nil {
		return t.S != ""
	}
	for _, p := range t.Pieces {
		if p.From == nil && p.S != "" || p.From != nil && p.From.Field == Path {
			return true
		}
	}
	return false
}

// each applies a rewriting of bytes to all of t.
func (t Text) each(by automata.Transducer) Text {
	if t.Pieces == nil {
		return Text{S: apply(by, t.S)}
	}
	var parts []Text
	for _, p := range t.Pieces {
		s := apply(by, p.S)
		if p.From == nil {
			parts = append(parts, Text{S: s})
			continue
		}
		parts = append(parts, Text{p.S, []Piece{p}}.made(s, Origin{By: by}))
	}
	return join(parts...)
}

func apply(by automata.Transducer, s string) string {
	var b strings.Builder
	state := 0
	for i := range len(s) {
		out, next, _ := by.Step(state, s[i])
		b.WriteString(out)
		state = next
	}
	out, _ := by.Finish(state)
	return b.String() + out
}

// escape replaces bytes of a set, and those outside of ASCII, by their escaped form.
type escape string

func (e escape) Name() string { return "escape " + string(e) }

func (e escape) Step(_ int, b byte) (string, int, bool) {
	if b < 0x20 || b >= 0x7f || strings.IndexByte(string(e), b) >= 0 {
		const digits = "0123456789ABCDEF"
		return "%" + string(digits[b>>4]) + string(digits[b&15]), 0, true
	}
	return string([]byte{b}), 0, true
}

func (e escape) Finish(int) (string, bool) { return "", true }

// lowered folds ASCII letters.
type lowered struct{}

func (lowered) Name() string { return "lower" }

func (lowered) Step(_ int, b byte) (string, int, bool) {
	if b >= 'A' && b <= 'Z' {
		b |= 0x20
	}
	return string([]byte{b}), 0, true
}

func (lowered) Finish(int) (string, bool) { return "", true }

// dotted writes the four bytes of an address with dots.
type dotted struct{}

func (dotted) Name() string { return "dotted" }

func (dotted) Step(n int, b byte) (string, int, bool) {
	out := strconv.Itoa(int(b))
	if n < 3 {
		out += "."
	}
	return out, n + 1, n < 4
}

func (dotted) Finish(n int) (string, bool) { return "", n == 4 }

// writes notes a text that an upstream gets as it is.
func (r *run) writes(t Text) {
	if r.trace != nil {
		r.trace.Written = t
	}
}

// withoutDot leaves out a final dot.
func (t Text) withoutDot() Text {
	if s, ok := strings.CutSuffix(t.S, "."); ok {
		return t.opaque("a name without its final dot").replaced(s)
	}
	return t
}

func (t Text) replaced(s string) Text {
	t.S = s
	return t
}
