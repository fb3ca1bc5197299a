// SPDX-License-Identifier: Apache-2.0

package env

import (
	"fmt"
	"maps"
	"strings"
)

// value is what a name stands for.
type value struct {
	assigned bool
	text     string
	// secret is set when the text holds, or was made of, a redacted text.
	secret bool
	// why says why the text is not known.
	why string
}

// shared are the names of the files that belong to no component.
type shared map[string]value

// merge adds the names of one more common file. One that two of them give
// different values has none: their order is not known.
func merge(into, more shared) shared {
	out := maps.Clone(into)
	for name, v := range more {
		if other, ok := out[name]; ok && other != v {
			v = value{assigned: true, why: "the common files give it different values", secret: v.secret || other.secret}
		}
		out[name] = v
	}
	return out
}

// evaluate computes the values of a file, from its first line to its last.
func (f *file) evaluate(common shared) {
	f.values = map[string]value{}
	lookup := func(name string) value {
		if v, ok := f.values[name]; ok {
			return v
		}
		return common[name]
	}
	for i := range f.parsed.assignments {
		a := &f.parsed.assignments[i]
		a.result = value{assigned: true}
		if a.trouble != "" {
			a.result.why = a.trouble
			a.result.secret = secretName(a.name) || strings.Contains(a.raw, markPrefix)
		} else {
			var text strings.Builder
			expand(&a.result, &text, a.parts, lookup)
			a.result.text = text.String()
			a.result.secret = a.result.secret || secretName(a.name) || strings.Contains(a.result.text, markPrefix)
		}
		if len(a.result.text) > maxValueBytes {
			a.result.why = fmt.Sprintf("its variables make it longer than %d bytes", maxValueBytes)
		}
		if a.result.why != "" || a.result.secret {
			a.result.text = ""
		}
		f.values[a.name] = a.result
	}
}

// expand writes out the parts of a value. It stops at the limit, so that values
// made of each other cannot grow without end.
func expand(v *value, out *strings.Builder, parts []part, lookup func(string) value) {
	for i := range parts {
		p := &parts[i]
		if out.Len() > maxValueBytes || v.why != "" {
			return
		}
		if p.variable == "" {
			out.WriteString(p.text)
			continue
		}
		other := lookup(p.variable)
		switch {
		case other.assigned && other.why != "":
			v.why = fmt.Sprintf("%s has no known value", p.variable)
		case other.assigned && (!p.orEmpty || other.text != "" || other.secret):
			out.WriteString(other.text)
			v.secret = v.secret || other.secret
		case p.hasFallback:
			expand(v, out, p.fallback, lookup)
		case !other.assigned:
			v.why = fmt.Sprintf("no file assigns %s", p.variable)
		}
	}
}

const markPrefix = "[redacted:"

// secretName reports whether the table knows a property as a secret. Its value
// is withheld even where redaction left it alone.
func secretName(name string) bool {
	for i := range catalogue {
		if catalogue[i].name == name {
			return catalogue[i].kind == secret
		}
	}
	return false
}
