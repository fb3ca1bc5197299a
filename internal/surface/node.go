// SPDX-License-Identifier: Apache-2.0

package surface

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// keys reads a mapping that has only known keys, each once.
func (r reader) keys(n *yaml.Node, known ...string) (map[string]*yaml.Node, error) {
	if n.Kind != yaml.MappingNode {
		return nil, r.fail(n, "keys are "+strings.Join(known, ", "), "keys and values are wanted here")
	}
	out := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(known, key.Value):
			hint := "keys are " + strings.Join(known, ", ")
			if near := nearest(key.Value, known, 3); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return nil, r.fail(key, hint, "unknown key %q", clip(key.Value))
		case out[key.Value] != nil:
			return nil, r.fail(key, "keep one of them", "key %q stands twice", key.Value)
		case value.Kind == yaml.AliasNode:
			return nil, r.fail(value, "write the value out", "YAML aliases are not read in a surface")
		case value.Tag == "!!null":
			return nil, r.fail(key, "leave the key out, or write []", "%s has no value", key.Value)
		}
		out[key.Value] = value
	}
	return out, nil
}

// list reads a list; nil is none.
func (r reader) list(n *yaml.Node, what string) ([]*yaml.Node, error) {
	switch {
	case n == nil:
		return nil, nil
	case n.Kind != yaml.SequenceNode:
		return nil, r.fail(n, `start each entry with "- "`, "%s wants a list", what)
	case len(n.Content) > maxEntries:
		return nil, r.fail(n, "", "%s has more than %d entries", what, maxEntries)
	}
	for _, item := range n.Content {
		if item.Kind == yaml.AliasNode {
			return nil, r.fail(item, "write the value out", "YAML aliases are not read in a surface")
		}
	}
	return n.Content, nil
}

// text reads a plain value that must be there.
func (r reader) text(n, parent *yaml.Node, key string) (string, error) {
	if n == nil {
		return "", r.fail(parent, "", "%s is missing", key)
	}
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		return "", r.fail(n, "", "%s wants plain text", key)
	}
	return n.Value, nil
}

func (r reader) flag(n *yaml.Node, key string) (bool, error) {
	if n != nil && (n.Kind != yaml.ScalarNode || n.Value != "true" && n.Value != "false") {
		return false, r.fail(n, "write true or false", "%s is neither true nor false", key)
	}
	return n != nil && n.Value == "true", nil
}

func (r reader) template(n, parent *yaml.Node, closed bool) (Template, error) {
	text, err := r.text(n, parent, "path")
	if err != nil {
		return Template{}, err
	}
	t, err := ParseTemplate(text, closed)
	if err != nil {
		return t, r.fail(n, "write for example /desktop/api, /finesse/api/Queue/{id} or /desktop/**", "path %q: %v", clip(text), err)
	}
	return t, nil
}

func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "..."
	}
	return s
}

// nearest returns the known word with the smallest edit distance, if that is small
// enough to be a typing error: below least.
func nearest(word string, known []string, least int) string {
	best := ""
	for _, k := range known {
		if len(word) > len(k)+least || len(k) > len(word)+least {
			continue
		}
		row := make([]int, len(k)+1)
		for j := range row {
			row[j] = j
		}
		for i := range len(word) {
			previous := row[0]
			row[0] = i + 1
			for j := range len(k) {
				cost := 1
				if word[i] == k[j] {
					cost = 0
				}
				previous, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, previous+cost)
			}
		}
		if d := row[len(k)]; d < least {
			best, least = k, d
		}
	}
	return best
}
