// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"reflect"
	"strings"
)

// FormattedFact is a fact that was read from the output of a command line whose
// format is documented or inferred.
type FormattedFact struct {
	Section, Target string
	// Part is the field of the record that holds the fact, by its JSON name.
	Part string
	// Source is where the fact stands; Places are that and those of its items.
	Source Source
	Places []Source
}

// OfFormat lists the facts of one format, in document order.
func (s *Sections) OfFormat(format Format) []FormattedFact {
	var out []FormattedFact
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		section := v.Type().Field(i).Tag.Get("json")
		for j := range v.Field(i).Len() {
			record := v.Field(i).Index(j)
			for k := range record.NumField() {
				fact := FormattedFact{Section: section, Target: record.FieldByName("Target").String(), Part: record.Type().Field(k).Tag.Get("json")}
				name := strings.TrimSuffix(record.Type().Field(k).Name, "Format")
				if record.Type().Field(k).Type == formatType {
					// A field with a format of its own beside it, such as ModeFormat.
					if of, ok := record.Type().FieldByName(name); ok && record.Field(k).String() == string(format) {
						fact.Part = of.Tag.Get("json")
						fact.Source, _ = record.FieldByName(name + "Source").Interface().(Source)
						fact.Places = []Source{fact.Source}
						out = append(out, fact)
					}
					continue
				}
				out = append(out, formatted(record.Field(k), fact, format)...)
			}
		}
	}
	return out
}

var formatType = reflect.TypeFor[Format]()

// formatted finds the structs of a format inside a value.
func formatted(v reflect.Value, fact FormattedFact, format Format) []FormattedFact {
	var out []FormattedFact
	switch v.Kind() {
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, formatted(v.Index(i), fact, format)...)
		}
	case reflect.Struct:
		if f := v.FieldByName("Format"); f.IsValid() && f.Type() == formatType {
			if f.String() != string(format) {
				return nil
			}
			if source := v.FieldByName("Source"); source.IsValid() {
				fact.Source, _ = source.Interface().(Source)
			}
			fact.Places = sourcesIn(v, nil)
			return []FormattedFact{fact}
		}
		for i := range v.NumField() {
			out = append(out, formatted(v.Field(i), fact, format)...)
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
