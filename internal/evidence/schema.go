// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"reflect"
	"strings"
)

// Schema is a JSON schema (draft 7 subset) of a type of this package. It is
// generated from the Go types, closed (no further properties), and names the
// members of each enumeration.
type Schema struct {
	Dialect     string            `json:"$schema,omitempty"`
	Type        string            `json:"type"`
	Properties  map[string]Schema `json:"properties,omitempty"`
	Required    []string          `json:"required,omitempty"`
	Closed      *bool             `json:"additionalProperties,omitempty"`
	Items       *Schema           `json:"items,omitempty"`
	Enumeration []string          `json:"enum,omitempty"`
}

// InputSchema returns the schema of Input, which type-checks every rule.
func InputSchema() Schema {
	s := schemaOf(reflect.TypeFor[Input]())
	s.Dialect = "http://json-schema.org/draft-07/schema#"
	return s
}

// At returns the schema at a path of property names; "[]" descends into the
// elements of an array.
func (s Schema) At(path ...string) (Schema, bool) {
	for _, p := range path {
		if p == "[]" {
			if s.Items == nil {
				return Schema{}, false
			}
			s = *s.Items
			continue
		}
		next, ok := s.Properties[p]
		if !ok {
			return Schema{}, false
		}
		s = next
	}
	return s, true
}

type enumerated interface{ Values() []string }

func schemaOf(t reflect.Type) Schema {
	if t.Implements(reflect.TypeFor[enumerated]()) {
		values := reflect.Zero(t).Interface().(enumerated).Values()
		return Schema{Type: "string", Enumeration: values}
	}
	switch t.Kind() {
	case reflect.String:
		return Schema{Type: "string"}
	case reflect.Bool:
		return Schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return Schema{Type: "integer"}
	case reflect.Slice:
		items := schemaOf(t.Elem())
		return Schema{Type: "array", Items: &items}
	case reflect.Struct:
		closed := false
		s := Schema{Type: "object", Properties: map[string]Schema{}, Closed: &closed}
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous {
				inner := schemaOf(f.Type)
				for name, p := range inner.Properties {
					s.Properties[name] = p
				}
				s.Required = append(s.Required, inner.Required...)
				continue
			}
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			s.Properties[name] = schemaOf(f.Type)
			s.Required = append(s.Required, name)
		}
		return s
	}
	panic("evidence: type " + t.String() + " has no place in the contract")
}
