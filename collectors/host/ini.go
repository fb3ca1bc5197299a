// SPDX-License-Identifier: Apache-2.0

package host

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of configuration in sections.
const (
	maxOptions       = 5000
	maxOptionBytes   = 64 << 10
	maxInterpolation = 10 // the depth of Python's configparser
	maxSubstitutions = 1000
	maxIncludes      = 100
)

// option is a value of a section.
type option struct {
	value  string
	source evidence.Source
	// lines are the numbers of the value's lines.
	lines []int
}

// line is the source of one of the value's lines, counted from 0, where the
// expanded value still has the same lines.
func (o option) line(n int, expanded string) evidence.Source {
	source := o.source
	if strings.Count(expanded, "\n")+1 == len(o.lines) {
		source.Line = o.lines[n]
	}
	return source
}

// sections is configuration as fail2ban reads it: sections of options, with
// [DEFAULT] below all of them. known holds what a later file overrode.
type sections struct {
	order    []string
	options  map[string]map[string]option
	known    map[string]map[string]option
	defaults map[string]option
	count    int
}

func newSections() *sections {
	return &sections{options: map[string]map[string]option{}, known: map[string]map[string]option{}, defaults: map[string]option{}}
}

// parseSections reads one file in the manner of Python's configparser: what is
// indented deeper than its option continues it, lines that start with "#" or ";"
// are comments, and " ;" starts one within a line.
func parseSections(x *text) *sections {
	s := newSections()
	var section, name string
	indent, inSection := 0, false
	for i, line := range x.lines {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';' {
			continue
		}
		for at := 1; at < len(line); at++ {
			if line[at] == ';' && (line[at-1] == ' ' || line[at-1] == '\t') {
				line = line[:at]
				break
			}
		}
		trimmed = strings.TrimSpace(line)
		depth := len(line) - len(strings.TrimLeft(line, " \t"))
		if name != "" && depth > indent {
			o := s.get(section, name)
			if len(o.value)+len(trimmed) > maxOptionBytes {
				x.bad(i+1, "the value is too long")
				continue
			}
			o.value += "\n" + trimmed
			o.lines = append(o.lines, i+1)
			s.set(section, name, o)
			continue
		}
		if trimmed[0] == '[' {
			end := strings.IndexByte(trimmed, ']')
			if end < 2 {
				x.bad(i+1, "is no head of a section")
				continue
			}
			section, name, inSection = trimmed[1:end], "", true
			if section != "DEFAULT" && s.options[section] == nil {
				s.options[section] = map[string]option{}
				s.order = append(s.order, section)
			}
			continue
		}
		at := strings.IndexAny(trimmed, "=:")
		if at < 1 || !inSection {
			name = ""
			x.bad(i+1, "is no option of a section")
			continue
		}
		if s.count++; s.count > maxOptions {
			x.bad(i+1, fmt.Sprintf("more than %d options: the rest was left out", maxOptions))
			return s
		}
		name, indent = strings.ToLower(strings.TrimSpace(trimmed[:at])), depth
		s.set(section, name, option{value: strings.TrimSpace(trimmed[at+1:]), source: x.at(i + 1), lines: []int{i + 1}})
	}
	return s
}

func (s *sections) get(section, name string) option {
	if section == "DEFAULT" {
		return s.defaults[name]
	}
	return s.options[section][name]
}

func (s *sections) set(section, name string, o option) {
	if section == "DEFAULT" {
		s.defaults[name] = o
		return
	}
	s.options[section][name] = o
}

// merge lays a later file over this one.
func (s *sections) merge(later *sections) {
	for name, o := range later.defaults {
		s.defaults[name] = o
	}
	for _, section := range later.order {
		mine := s.options[section]
		if mine == nil {
			mine = map[string]option{}
			s.options[section] = mine
			s.order = append(s.order, section)
		}
		for name, o := range later.options[section] {
			if before, ok := mine[name]; ok {
				if s.known[section] == nil {
					s.known[section] = map[string]option{}
				}
				s.known[section][name] = before
			}
			mine[name] = o
		}
	}
}

// lookup finds an option of a section, or of [DEFAULT].
func (s *sections) lookup(section, name string) (option, bool) {
	if o, ok := s.options[section][name]; ok {
		return o, true
	}
	o, ok := s.defaults[name]
	return o, ok
}

// expand finds an option and replaces each %(name)s in it. extra holds names
// that come before all others. It fails on a name that is nowhere, and on names
// that need each other.
func (s *sections) expand(section, name string, extra map[string]string) (value string, o option, err error) {
	o, ok := s.lookup(section, name)
	if !ok {
		return "", option{}, nil
	}
	e := expansion{sections: s, section: section, extra: extra}
	value, err = e.replace(o.value, 1)
	return value, o, err
}

type expansion struct {
	*sections
	section string
	extra   map[string]string
	done    int
	size    int
}

func (e *expansion) replace(value string, depth int) (string, error) {
	if depth > maxInterpolation {
		return "", fmt.Errorf("names need each other more than %d deep", maxInterpolation)
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(value, '%')
		if i < 0 {
			b.WriteString(value)
			return b.String(), e.limit(b.Len())
		}
		b.WriteString(value[:i])
		value = value[i+1:]
		if strings.HasPrefix(value, "%") {
			b.WriteByte('%')
			value = value[1:]
			continue
		}
		end := strings.Index(value, ")s")
		if !strings.HasPrefix(value, "(") || end < 0 {
			return "", fmt.Errorf("a percent sign that is neither doubled nor before a name")
		}
		name := value[1:end]
		value = value[end+2:]
		if e.done++; e.done > maxSubstitutions {
			return "", fmt.Errorf("more than %d names are replaced", maxSubstitutions)
		}
		raw, ok := e.find(name)
		if !ok {
			return "", fmt.Errorf("the name %q is set nowhere", shorten(name))
		}
		inner, err := e.replace(raw, depth+1)
		if err != nil {
			return "", err
		}
		b.WriteString(inner)
	}
}

func (e *expansion) limit(n int) error {
	if e.size += n; e.size > 4*maxOptionBytes {
		return fmt.Errorf("a value grows beyond %d bytes", 4*maxOptionBytes)
	}
	return nil
}

// find looks a name up: "known/NAME" is what a later file overrode, and
// "SECTION/NAME" stands in another section.
func (e *expansion) find(name string) (string, bool) {
	if v, ok := e.extra[name]; ok {
		return v, true
	}
	name = strings.ToLower(name)
	if v, ok := e.extra[name]; ok {
		return v, true
	}
	if name == "__name__" {
		return e.section, true
	}
	where, rest, ok := strings.Cut(name, "/")
	if !ok {
		o, ok := e.lookup(e.section, name)
		return o.value, ok
	}
	if where == "known" {
		if o, ok := e.known[e.section][rest]; ok {
			return o.value, true
		}
	}
	for _, section := range e.order {
		if strings.EqualFold(section, where) {
			if o, ok := e.options[section][rest]; ok {
				return o.value, true
			}
		}
	}
	o, ok := e.defaults[rest]
	return o.value, ok
}

func shorten(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

// sectionFiles reads configuration files of the tree one over the other, with
// what they include: "before" comes before a file, "after" after it, and
// NAME.local after NAME.conf.
type sectionFiles struct {
	g *gatherer
	// read counts the includes of one load.
	read  int
	cache map[string]*sections
}

// load reads the files that exist; false when none does.
func (f *sectionFiles) load(names []string) (*sections, bool) {
	if f.cache == nil {
		f.cache = map[string]*sections{}
	}
	all, found := newSections(), false
	f.read = 0
	for _, name := range f.order(names, nil) {
		if s := f.cache[name]; s != nil {
			all.merge(s)
			found = true
		}
	}
	return all, found
}

// order lists the files and what they include, in the order of reading.
func (f *sectionFiles) order(names, seen []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, name)
		local := strings.TrimSuffix(name, path.Ext(name)) + ".local"
		if !slices.Contains(names, local) {
			all = append(all, local)
		}
	}
	var out []string
	for _, name := range all {
		s := f.file(name)
		if s == nil {
			continue
		}
		out = append(out, f.included(s, "before", name, seen)...)
		out = append(out, name)
		out = append(out, f.included(s, "after", name, seen)...)
	}
	return out
}

func (f *sectionFiles) included(s *sections, key, name string, seen []string) []string {
	o, ok := s.options["INCLUDES"][key]
	if !ok {
		return nil
	}
	var out []string
	for _, include := range strings.Split(o.value, "\n") {
		if include == "" {
			continue
		}
		// An absolute name is one of the host, whose root the tree plays.
		full := path.Join(path.Dir(name), include)
		if path.IsAbs(include) {
			full = strings.TrimPrefix(path.Clean(include), "/")
		}
		if slices.Contains(seen, full) || full == name {
			continue
		}
		if f.read++; f.read > maxIncludes || len(seen) > maxInterpolation {
			f.g.gap(fmt.Sprintf("%s: includes too many files, or too deep", o.source.Artifact), o.source)
			return out
		}
		out = append(out, f.order([]string{full}, append(slices.Clone(seen), name))...)
	}
	return out
}

// file parses one file once; nil when it does not exist or does not open.
func (f *sectionFiles) file(name string) *sections {
	if s, ok := f.cache[name]; ok {
		return s
	}
	var s *sections
	if x, ok := f.g.open(name, false); ok {
		s = parseSections(x)
	}
	f.cache[name] = s
	return s
}
