// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/postern-audit/postern/internal/evidence"
)

// readings are what a rule reads, directly or through libraries.
type readings struct {
	sections []string
	// whole are the sections whose records it takes as they are, or reads by a
	// name that is computed: it may then read any field.
	whole map[string]bool
	// fields are "section.field" that it reads, and words all constant strings
	// of it, for what the analysis of types does not follow.
	fields, words map[string]bool
}

// mayRead reports whether the rule may read a field of a section's record, or
// any field where none is named.
func (r readings) mayRead(section, field string) bool {
	return field == "" || r.whole[section] || r.fields[section+"."+field] || r.words[field]
}

// reads reports whether the rule reads a section at all.
func (r readings) reads(section string) bool { return slices.Contains(r.sections, section) }

// ledger works out what rules read from the compiled modules. What one definition
// reads is worked out once, however many rules depend on it.
type ledger struct {
	set   *Set
	known shapes
	// records maps what a record looks like to its section.
	records map[string]string
	own     map[*ast.Rule]readings
	// sections are all that there are, in order of their names.
	sections []string
}

func (s *Set) newLedger(known shapes) *ledger {
	return &ledger{set: s, known: known, records: recordShapes(), own: map[*ast.Rule]readings{}, sections: slices.Sorted(slices.Values(evidence.InputSections()))}
}

func newReadings() readings {
	return readings{whole: map[string]bool{}, fields: map[string]bool{}, words: map[string]bool{}}
}

// of returns what a rule reads with all that it depends on.
func (l *ledger) of(id string) readings {
	out := newReadings()
	l.set.eachRule(id, func(r *ast.Rule) {
		own := l.definition(r)
		out.sections = append(out.sections, own.sections...)
		maps.Copy(out.whole, own.whole)
		maps.Copy(out.fields, own.fields)
		maps.Copy(out.words, own.words)
	})
	slices.Sort(out.sections)
	out.sections = slices.Compact(out.sections)
	return out
}

// definition returns what one definition reads itself.
func (l *ledger) definition(r *ast.Rule) readings {
	if own, ok := l.own[r]; ok {
		return own
	}
	w := reader{known: l.known, records: l.records, out: newReadings()}
	names := map[string]bool{}
	ast.WalkTerms(r, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.String:
			w.out.words[string(v)] = true
		case ast.Ref:
			if len(v) > 1 && v[0].Equal(ast.InputRootDocument) {
				if name, ok := v[1].Value.(ast.String); ok {
					names[string(name)] = true
				}
			}
		}
		return false
	})
	w.rule(r)
	for _, section := range l.sections {
		if names[section] {
			w.out.sections = append(w.out.sections, section)
		}
	}
	l.own[r] = w.out
	return w.out
}

// eachRule visits all that a rule's answer may depend on, its own definitions and
// those of libraries, once each.
func (s *Set) eachRule(id string, visit func(*ast.Rule)) {
	seen := map[*ast.Rule]bool{}
	var follow func(r *ast.Rule)
	follow = func(r *ast.Rule) {
		if seen[r] {
			return
		}
		seen[r] = true
		visit(r)
		for dep := range s.compiler.Graph.Dependencies(r) {
			if next, ok := dep.(*ast.Rule); ok {
				follow(next)
			}
		}
	}
	for _, r := range s.compiler.Modules[s.files[id]].Rules {
		follow(r)
	}
}

// reader follows records through a rule.
type reader struct {
	known shapes
	// records maps what a record looks like to its section.
	records map[string]string
	env     map[ast.Var]evidence.Schema
	out     readings
}

// recordShapes names each section by the fields of its record.
func recordShapes() map[string]string {
	out := map[string]string{}
	root := evidence.InputSchema()
	for _, section := range evidence.InputSections() {
		if record, ok := root.At(section, "[]"); ok {
			out[shapeOf(record)] = section
		}
	}
	return out
}

func shapeOf(s evidence.Schema) string {
	return strings.Join(slices.Sorted(maps.Keys(s.Properties)), " ")
}

// section returns the section that a term is a record of, or all records of.
func (w *reader) section(t *ast.Term) (name string, all bool) {
	s, ok := w.known.of(t, w.env)
	switch {
	case !ok:
		return "", false
	case s.Items != nil:
		return w.records[shapeOf(*s.Items)], true
	case len(s.Properties) == 0:
		return "", false
	}
	return w.records[shapeOf(s)], false
}

func (w *reader) rule(r *ast.Rule) {
	w.env = w.known.bind(r)
	typed := strings.HasPrefix(r.Module.Package.Path.String(), "data.policies.lib.") && len(r.Head.Args) == 0
	for _, t := range []*ast.Term{r.Head.Key, r.Head.Value} {
		if t == nil {
			continue
		}
		// What a library index holds is followed where the index is used.
		if section, all := w.section(t); typed && section != "" && !all {
			continue
		}
		w.term(t)
	}
	for _, t := range r.Head.Reference {
		if _, isVar := t.Value.(ast.Var); !isVar {
			w.term(t)
		}
	}
	w.body(r.Body)
	if r.Else != nil {
		w.rule(r.Else)
	}
}

func (w *reader) body(b ast.Body) {
	for _, e := range b {
		switch terms := e.Terms.(type) {
		case *ast.Term:
			w.term(terms)
		case *ast.Every:
			// The variables of "every" are not followed.
			w.term(terms.Domain)
			w.body(terms.Body)
		case []*ast.Term:
			w.call(terms)
		}
		for _, with := range e.With {
			w.term(with.Value)
		}
	}
}

// call walks the operands of a call. Giving a record a name is not reading it,
// nor is counting records.
func (w *reader) call(terms []*ast.Term) {
	operator, operands := terms[0].String(), terms[1:]
	naming := len(operands) == 2 && (operator == "eq" || operator == "assign") &&
		(isVar(operands[0]) || isVar(operands[1]))
	for _, t := range operands {
		section, all := w.section(t)
		if section != "" && (naming && !all || all && operator == "count") {
			if ref, ok := t.Value.(ast.Ref); ok {
				w.steps(ref)
			}
			continue
		}
		w.term(t)
	}
}

func isVar(t *ast.Term) bool {
	_, ok := t.Value.(ast.Var)
	return ok
}

// term walks a term that is used as a value.
func (w *reader) term(t *ast.Term) {
	if section, _ := w.section(t); section != "" {
		w.out.whole[section] = true
	}
	switch v := t.Value.(type) {
	case ast.Ref:
		w.steps(v)
	case ast.Call:
		w.call(v)
	case *ast.ArrayComprehension:
		w.term(v.Term)
		w.body(v.Body)
	case *ast.SetComprehension:
		w.term(v.Term)
		w.body(v.Body)
	case *ast.ObjectComprehension:
		w.term(v.Key)
		w.term(v.Value)
		w.body(v.Body)
	case *ast.Array:
		v.Foreach(w.term)
	case ast.Set:
		v.Foreach(w.term)
	case ast.Object:
		v.Foreach(func(key, value *ast.Term) {
			w.term(key)
			w.term(value)
		})
	}
}

// steps notes the field by which each step into a record goes.
func (w *reader) steps(ref ast.Ref) {
	for i := 1; i < len(ref); i++ {
		var prefix *ast.Term
		if i == 1 {
			prefix = ref[0]
		} else {
			prefix = ast.NewTerm(ref[:i])
		}
		if section, all := w.section(prefix); section != "" && !all {
			if name, ok := ref[i].Value.(ast.String); ok {
				w.out.fields[section+"."+string(name)] = true
			} else {
				w.out.whole[section] = true
			}
		}
		if !isVar(ref[i]) {
			w.term(ref[i])
		}
	}
}
