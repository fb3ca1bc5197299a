// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/postern-audit/postern/internal/evidence"
)

// refuseUntyped rejects what would get around the schema or the derivation of
// needs: the whole input as a value, an input field chosen at run time, and
// "with", which replaces what a rule reads.
func refuseUntyped(m *ast.Module, file string) error {
	var err error
	report := func(loc *ast.Location, format string, args ...any) {
		if err == nil {
			row := 0
			if loc != nil {
				row = loc.Row
			}
			err = fmt.Errorf("%s:%d: %s", file, row, fmt.Sprintf(format, args...))
		}
	}
	ast.WalkTerms(m, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.Var:
			if v.Equal(ast.InputRootDocument.Value) {
				report(t.Location, "input is used as a value: name the section, as in input.nginxrules")
			}
		case ast.Ref:
			if len(v) == 0 || !v[0].Equal(ast.InputRootDocument) {
				return false
			}
			if len(v) == 1 {
				report(t.Location, "input is used as a value: name the section, as in input.nginxrules")
			} else if _, ok := v[1].Value.(ast.String); !ok {
				report(t.Location, "input[...] with a computed name: name the section, as in input.nginxrules")
			}
			for _, operand := range v[1:] {
				ast.WalkTerms(operand, func(inner *ast.Term) bool {
					if iv, ok := inner.Value.(ast.Var); ok && iv.Equal(ast.InputRootDocument.Value) {
						report(t.Location, "input is used as a value: name the section, as in input.nginxrules")
					}
					return false
				})
			}
			return true
		}
		return false
	})
	ast.WalkExprs(m, func(e *ast.Expr) bool {
		if len(e.With) > 0 {
			report(e.Location, "\"with\" may only be used in tests")
		}
		return false
	})
	return err
}

// requireResolved makes sure that each reference to data leads to a rule of a
// library or of the module itself: a misspelt one would be undefined for ever.
func (s *Set) requireResolved(file string, m *ast.Module) []error {
	var errs []error
	own := m.Package.Path
	ast.WalkRefs(m, func(r ast.Ref) bool {
		if len(r) == 0 || !r[0].Equal(ast.DefaultRootDocument) || r.Equal(own) {
			return false
		}
		ground := r.GroundPrefix()
		switch {
		case ground.HasPrefix(own):
		case len(ground) >= 4 && ground[1].Equal(ast.StringTerm("policies")) && ground[2].Equal(ast.StringTerm("lib")):
		default:
			errs = append(errs, fmt.Errorf("%s:%d: %s: a rule may only refer to policies.lib and to itself", file, refRow(r), r))
			return false
		}
		if len(s.compiler.GetRules(ground)) == 0 {
			errs = append(errs, fmt.Errorf("%s:%d: %s leads to no rule", file, refRow(r), r))
		}
		return false
	})
	return errs
}

func refRow(r ast.Ref) int {
	for _, t := range r {
		if t.Location != nil {
			return t.Location.Row
		}
	}
	return 0
}

// shapes are the schemas that terms are known to have: the input itself, and
// what library indexes hold where it comes from the input unchanged.
type shapes struct {
	root evidence.Schema
	// indexes maps the path of a library rule to what it yields after keys.
	indexes map[string]index
}

// index is a library rule such as servers[subject] := server.
type index struct {
	// keys is how many operands select one element.
	keys    int
	element evidence.Schema
}

// indexShapes works out what library rules hold. Libraries may build on each
// other, so it repeats until nothing new is learned.
func (s *Set) indexShapes() shapes {
	known := shapes{root: evidence.InputSchema(), indexes: map[string]index{}}
	for range 4 {
		for _, m := range s.compiler.Modules {
			if !strings.HasPrefix(m.Package.Path.String(), "data.policies.lib.") {
				continue
			}
			for _, r := range m.Rules {
				if len(r.Head.Args) > 0 {
					continue
				}
				ref := r.Head.Ref()
				name := append(append(ast.Ref{}, m.Package.Path...), ref[0])
				name[len(name)-1] = ast.StringTerm(strings.Trim(ref[0].Value.String(), `"`))
				value, keys := r.Head.Value, len(ref)-1
				if r.Head.RuleKind() == ast.MultiValue {
					value, keys = r.Head.Key, keys+1
				}
				if value == nil {
					continue
				}
				if element, ok := known.of(value, known.bind(r)); ok {
					known.indexes[name.String()] = index{keys, element}
				}
			}
		}
	}
	return known
}

// bind records the schema of each variable of a rule that is set to a part of
// the input, as the compiler's rewriting leaves it: local = input.a[i].b.
func (k shapes) bind(r *ast.Rule) map[ast.Var]evidence.Schema {
	env := map[ast.Var]evidence.Schema{}
	for range 4 {
		ast.WalkExprs(r, func(e *ast.Expr) bool {
			ops := e.Operands()
			if !e.IsCall() || len(ops) != 2 || (e.Operator().String() != "eq" && e.Operator().String() != "assign") {
				return false
			}
			for i := range ops {
				if v, ok := ops[i].Value.(ast.Var); ok {
					if schema, ok := k.of(ops[1-i], env); ok {
						env[v] = schema
					}
				}
			}
			return false
		})
	}
	return env
}

// of returns the schema of a term, where it is known.
func (k shapes) of(t *ast.Term, env map[ast.Var]evidence.Schema) (evidence.Schema, bool) {
	unknown := func() (evidence.Schema, bool) { return evidence.Schema{}, false }
	v, isRef := t.Value.(ast.Ref)
	if !isRef {
		if name, ok := t.Value.(ast.Var); ok {
			s, bound := env[name]
			return s, bound
		}
		return unknown()
	}
	var s evidence.Schema
	rest := v[1:]
	switch {
	case v[0].Equal(ast.InputRootDocument):
		s = k.root
	case v[0].Equal(ast.DefaultRootDocument):
		found := false
		for n := len(v); n > 1 && !found; n-- {
			if at, ok := k.indexes[v[:n].String()]; ok && len(v) >= n+at.keys {
				s, rest, found = at.element, v[n+at.keys:], true
			}
		}
		if !found {
			return unknown()
		}
	default:
		head, ok := v[0].Value.(ast.Var)
		if !ok {
			return unknown()
		}
		if s, ok = env[head]; !ok {
			return unknown()
		}
	}
	for _, step := range rest {
		name := "[]"
		if str, ok := step.Value.(ast.String); ok {
			name = string(str)
		}
		next, ok := s.At(name)
		if !ok {
			return unknown()
		}
		s = next
	}
	return s, true
}

// requireMembers reports string constants that are compared with an enumerated
// field of the evidence and are none of its members: such a comparison never
// holds, and its rule would be silent for ever.
func requireMembers(file string, m *ast.Module, known shapes) []error {
	var errs []error
	for _, r := range m.Rules {
		env := known.bind(r)
		ast.WalkExprs(r, func(e *ast.Expr) bool {
			ops := e.Operands()
			if !e.IsCall() || len(ops) != 2 {
				return false
			}
			switch e.Operator().String() {
			case "eq", "equal", "neq", "assign":
				errs = append(errs, known.compare(file, e, ops[0], ops[1], env)...)
				errs = append(errs, known.compare(file, e, ops[1], ops[0], env)...)
			case "internal.member_2":
				errs = append(errs, known.compare(file, e, ops[0], ops[1], env)...)
			}
			return false
		})
	}
	return errs
}

func (k shapes) compare(file string, e *ast.Expr, field, constant *ast.Term, env map[ast.Var]evidence.Schema) []error {
	s, ok := k.of(field, env)
	if !ok || len(s.Enumeration) == 0 {
		return nil
	}
	var errs []error
	judge := func(t *ast.Term) {
		if c, ok := t.Value.(ast.String); ok && !slices.Contains(s.Enumeration, string(c)) {
			errs = append(errs, fmt.Errorf("%s:%d: %q is none of the values that this field can have: %s",
				file, e.Location.Row, string(c), strings.Join(s.Enumeration, ", ")))
		}
	}
	switch c := constant.Value.(type) {
	case ast.String:
		judge(constant)
	case ast.Set:
		c.Foreach(judge)
	case *ast.Array:
		c.Foreach(judge)
	}
	return errs
}
