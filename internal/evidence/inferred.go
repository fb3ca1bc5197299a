// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"reflect"
	"strings"
)

// InferredFact is a fact that was read from an output whose format is inferred
// from similar ones, not seen in public documents.
type InferredFact struct {
	Section, Target string
	Source          Source
	// Places are all places of the fact: its own, and those of its items.
	Places []Source
}

// Inferred lists the facts whose format is inferred, in document order.
func (s *Sections) Inferred() []InferredFact {
	var out []InferredFact
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		section := v.Type().Field(i).Tag.Get("json")
		for j := range v.Field(i).Len() {
			record := v.Field(i).Index(j)
			target := record.FieldByName("Target").String()
			eachInferred(record, func(fact reflect.Value, prefix string) {
				f := InferredFact{Section: section, Target: target, Source: fact.FieldByName(prefix + "Source").Interface().(Source)}
				if f.Places = []Source{f.Source}; prefix == "" {
					f.Places = sourcesIn(fact, nil)
				}
				out = append(out, f)
			})
		}
	}
	return out
}

// sourcesIn gathers the sources inside a value.
func sourcesIn(v reflect.Value, found []Source) []Source {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			found = sourcesIn(v.Index(i), found)
		}
	case reflect.Struct:
		if s, ok := v.Interface().(Source); ok {
			return append(found, s)
		}
		for i := range v.NumField() {
			found = sourcesIn(v.Field(i), found)
		}
	}
	return found
}

var formatType = reflect.TypeFor[Format]()

// eachInferred calls f for every struct in v that has an inferred format, with
// what stands before "Format" in the name of that field.
func eachInferred(v reflect.Value, f func(fact reflect.Value, prefix string)) {
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			eachInferred(v.Index(i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if prefix, ok := strings.CutSuffix(field.Name, "Format"); ok && field.Type == formatType && v.Field(i).String() == string(FormatInferred) {
				if v.FieldByName(prefix + "Source").IsValid() {
					f(v, prefix)
				}
			}
			eachInferred(v.Field(i), f)
		}
	}
}

// Doubts is how many ways of doubting Doubt knows.
const Doubts = 3

// Doubt returns a copy in which every inferred fact says something else: that
// there is nothing (0), something that no site has (1), or the opposite (2). A
// verdict that is then another one rests on such a fact.
func (s *Sections) Doubt(way int) Sections {
	out := clone(reflect.ValueOf(*s)).Interface().(Sections)
	v := reflect.ValueOf(&out).Elem()
	for i := range v.NumField() {
		eachInferred(v.Field(i), func(fact reflect.Value, prefix string) {
			if prefix == "" {
				for j := range fact.NumField() {
					doubt(fact.Field(j), fact.Type().Field(j).Name, way)
				}
				return
			}
			doubt(fact.FieldByName(prefix), prefix, way)
		})
	}
	return out
}

// opposites are the words of status answers.
var opposites = map[string]string{
	"enabled": "disabled", "disabled": "enabled", "enable_all": "disabled", "true": "false", "false": "true", "on": "off", "off": "on",
}

// doubt changes one value of an inferred fact. What only says where it stands,
// or that it is known, stays.
func doubt(v reflect.Value, name string, way int) {
	if name == "Source" || name == "Format" || name == "Known" || strings.HasSuffix(name, "Format") {
		return
	}
	const nobody = "inferred.invalid"
	switch v.Kind() {
	case reflect.String:
		if values := enumeration(v); len(values) > 0 {
			for i, value := range values {
				if value == v.String() {
					v.SetString(values[(i+1+way)%len(values)])
					return
				}
			}
			return
		}
		opposite, ok := opposites[v.String()]
		if !ok {
			opposite = "0.0.0.0-0" // the lowest version there is
		}
		v.SetString([...]string{"", nobody, opposite}[way])
	case reflect.Int:
		v.SetInt([...]int64{0, 1 << 30, 1}[way])
	case reflect.Bool:
		v.SetBool(way > 0)
	case reflect.Slice:
		if way == 0 || v.Len() == 0 && way == 2 {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
			return
		}
		if way == 1 && v.Type().Elem() == reflect.TypeFor[CLIItem]() {
			v.Set(reflect.ValueOf([]CLIItem{{Value: "https://" + nobody}}))
		}
	}
}

func enumeration(v reflect.Value) []string {
	if e, ok := v.Interface().(interface{ Values() []string }); ok {
		return e.Values()
	}
	return nil
}

// clone copies a value with all its slices.
func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			return out
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(clone(v.Index(i)))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(clone(v.Field(i)))
		}
	default:
		out.Set(v)
	}
	return out
}
