// SPDX-License-Identifier: Apache-2.0

package policy

import (
	"encoding/json"
	"slices"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/postern-audit/postern/internal/evidence"
)

// Reading is what a rule reads of one section.
type Reading struct {
	Section string
	// Fields are those of the section's record that it reads; Whole means that it
	// may read any.
	Fields []string
	Whole  bool
}

// Reads returns what a rule reads, as the compiler sees it, and nothing for a rule
// that does not exist.
func (s *Set) Reads(id string) []Reading {
	read, ok := s.reads[id]
	if !ok {
		return nil
	}
	out := make([]Reading, len(read.sections))
	for i, section := range read.sections {
		out[i] = Reading{Section: section, Whole: read.whole[section]}
		for field := range read.fields {
			if of, name, _ := strings.Cut(field, "."); of == section {
				out[i].Fields = append(out[i].Fields, name)
			}
		}
		sort.Strings(out[i].Fields)
	}
	return out
}

// ProfileValue is one value of the profile that a rule reads.
type ProfileValue struct {
	// Name is its path in the profile, such as parameters.http.keep_alive.
	Name string
	// JSON is the value under the profile at hand.
	JSON string
}

// ProfileValues returns the values of a profile that a rule reads, by name.
func (s *Set) ProfileValues(id string, profile evidence.Profile) ([]ProfileValue, error) {
	text, err := evidence.Encode(profile)
	if err != nil {
		return nil, err
	}
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	s.eachRule(id, func(r *ast.Rule) {
		ast.WalkRefs(r, func(ref ast.Ref) bool {
			if name := profilePath(ref); name != "" {
				names[name] = true
			}
			return false
		})
	})
	var out []ProfileValue
	for name := range names {
		value, found := at(root, strings.Split(name, "."))
		if !found {
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		out = append(out, ProfileValue{Name: name, JSON: string(text)})
	}
	slices.SortFunc(out, func(a, b ProfileValue) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// profilePath is the path of a reference into the profile, as far as it is known
// before evaluation.
func profilePath(ref ast.Ref) string {
	var path []string
	for i, t := range ref {
		if i == 0 {
			if !t.Equal(ast.InputRootDocument) {
				return ""
			}
			continue
		}
		name, ok := t.Value.(ast.String)
		if !ok {
			break
		}
		path = append(path, string(name))
	}
	if len(path) < 2 || path[0] != "profile" {
		return ""
	}
	return strings.Join(path[1:], ".")
}

// at follows names into decoded JSON; where they lead into a list, the list counts.
func at(value any, path []string) (any, bool) {
	for _, name := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return value, true
		}
		if value, ok = object[name]; !ok {
			return nil, false
		}
	}
	return value, true
}
