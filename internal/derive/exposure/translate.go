// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// constraint limits one field of the request.
type constraint struct {
	field request.Field
	lang  automata.Lang
}

// translator turns what is said of texts into what is said of the request.
type translator struct{ *automata.Algebra }

// within returns limits of fields under which a text is in a language that it is in
// now. They may say more than the language does, where it speaks of several fields at
// once: then each field but the last keeps what it contributes. Reasons are given
// where the limits do not make sure of it.
func (t translator) within(x request.Text, b automata.Bounds) (list []constraint, why []string) {
	l := b.Lower
	if is, err := t.Contains(l, []byte(x.S)); err != nil || !is {
		l, why = b.Upper, b.Widened
		if len(why) == 0 {
			why = []string{"a pattern that is no regular language"}
		}
	}
	open := 0
	for _, p := range x.Pieces {
		if p.From != nil {
			open++
		}
	}
	for i, p := range x.Pieces {
		if p.From == nil {
			l = t.After(l, p.S)
			continue
		}
		mine, after := automata.None, automata.None
		if open--; open == 0 {
			mine = t.Before(l, text(x.Pieces[i+1:]))
		} else {
			after = t.After(l, p.S)
			mine = t.Between(l, after)
		}
		more, w := t.piece(p, mine)
		list, why = append(list, more...), append(why, w...)
		l = after
		if open == 0 {
			break
		}
	}
	return list, why
}

func text(pieces []request.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.S)
	}
	return b.String()
}

// piece is within for one piece.
func (t translator) piece(p request.Piece, l automata.Lang) ([]constraint, []string) {
	o := p.From
	if o.Field != "" {
		return []constraint{{o.Field, l}}, nil
	}
	if o.Of == nil {
		return nil, []string{o.Opaque}
	}
	return t.within(*o.Of, t.origin(o, l))
}

// origin is what a piece being in a language says of the text it is made from.
func (t translator) origin(o *request.Origin, l automata.Lang) automata.Bounds {
	switch {
	case o.Cut > 0:
		l = t.Concat(t.Repeat(t.Any(), o.Cut, o.Cut), l)
	case o.By != nil:
		l = t.Preimage(o.By, l)
	case o.Pattern != nil:
		return o.Pattern.Capturing(t.Algebra, o.Group, l)
	case o.Argument != "":
		l = t.argument(o.Argument, l)
	}
	return automata.Bounds{Lower: l, Upper: l}
}

// argument returns the queries whose first argument of the name has a value in l;
// one that is not there has the empty value.
func (t translator) argument(name string, l automata.Lang) automata.Lang {
	word := automata.Empty
	for i := len(name) - 1; i >= 0; i-- {
		word = t.Concat(t.Set(automata.Bytes(name[i]).Fold()), word)
	}
	one := t.Star(t.Set(automata.Bytes('&').Not()))
	named := t.Concat(word, t.Set(automata.Bytes('=')), one)
	other := t.Difference(one, named)
	amp := t.Set(automata.Bytes('&'))
	before := t.Star(t.Concat(other, amp))
	is := t.Concat(before, word, t.Set(automata.Bytes('=')), t.Intersect(one, l), t.Optional(t.Concat(amp, automata.All)))
	if t.Nullable(l) {
		is = t.Union(is, t.Concat(before, other))
	}
	return is
}

// sole is the one field that a text is made of, with an upper bound of what it must
// be for the text to be in l; exact says that the bound is no wider. ok is false for
// texts of several fields.
func (t translator) sole(x request.Text, l automata.Lang) (c constraint, exact, ok bool) {
	open, prefix := -1, ""
	for i, p := range x.Pieces {
		switch {
		case p.From == nil && open < 0:
			prefix += p.S
		case p.From != nil && open >= 0:
			return c, false, false
		case p.From != nil:
			open = i
		}
	}
	if open < 0 {
		return c, false, false
	}
	l = t.Before(t.After(l, prefix), text(x.Pieces[open+1:]))
	o := x.Pieces[open].From
	switch {
	case o.Field != "":
		return constraint{o.Field, l}, true, true
	case o.Of == nil:
		return c, false, false
	}
	b := t.origin(o, l)
	c, exact, ok = t.sole(*o.Of, b.Upper)
	return c, exact && b.Exact(), ok
}
