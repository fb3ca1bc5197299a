// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/postern-audit/postern/internal/evidence"
)

// inputValue is the evidence as some rules see it: sections that none of them
// reads are left out, since reading them in is what costs.
func (s *Set) inputValue(in evidence.Input, ids []string) (ast.Value, error) {
	var wanted []string
	for _, rule := range s.rules {
		if slices.Contains(ids, rule.ID) {
			wanted = append(wanted, rule.Needs...)
		}
	}
	in.Only(wanted)
	c := converter{fields: map[reflect.Type][]field{}}
	term, err := c.term(reflect.ValueOf(in))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return term.Value, nil
}

// converter makes of evidence what its JSON would be read as, without writing and
// reading that JSON. Evidence holds structs, slices, strings, booleans and integers
// only.
type converter struct {
	fields map[reflect.Type][]field
}

// field is one field of a struct; fields of embedded structs count as its own.
type field struct {
	index []int
	name  *ast.Term
}

func (c *converter) of(t reflect.Type) []field {
	if known, ok := c.fields[t]; ok {
		return known
	}
	var out []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			for _, inner := range c.of(f.Type) {
				out = append(out, field{append([]int{i}, inner.index...), inner.name})
			}
		case f.IsExported() && name != "-":
			out = append(out, field{[]int{i}, ast.InternedTerm(name)})
		}
	}
	c.fields[t] = out
	return out
}

func (c *converter) term(v reflect.Value) (*ast.Term, error) {
	switch v.Kind() {
	case reflect.String:
		return ast.InternedTerm(strings.ToValidUTF8(v.String(), "\ufffd")), nil
	case reflect.Bool:
		return ast.InternedTerm(v.Bool()), nil
	case reflect.Int, reflect.Int64:
		return ast.InternedTerm(v.Int()), nil
	case reflect.Slice:
		items := make([]*ast.Term, v.Len())
		for i := range items {
			var err error
			if items[i], err = c.term(v.Index(i)); err != nil {
				return nil, err
			}
		}
		return ast.ArrayTerm(items...), nil
	case reflect.Struct:
		fields := c.of(v.Type())
		pairs := make([][2]*ast.Term, len(fields))
		for i, f := range fields {
			value, err := c.term(v.FieldByIndex(f.index))
			if err != nil {
				return nil, err
			}
			pairs[i] = [2]*ast.Term{f.name, value}
		}
		return ast.ObjectTerm(pairs...), nil
	}
	return nil, fmt.Errorf("%s is no type of evidence", v.Type())
}
