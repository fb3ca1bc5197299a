// SPDX-License-Identifier: Apache-2.0

package mutation

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ApplyEvidence changes one fact of a document in JSON and returns the new one.
func (e *Edit) ApplyEvidence(document []byte) ([]byte, error) {
	var root any
	dec := json.NewDecoder(strings.NewReader(string(document)))
	dec.UseNumber()
	if err := dec.Decode(&root); err != nil {
		return nil, err
	}
	steps, err := parsePath(e.Evidence)
	if err != nil {
		return nil, err
	}
	if root, err = e.changeAt(root, steps); err != nil {
		return nil, fmt.Errorf("%s: %w", e.Evidence, err)
	}
	return json.Marshal(root)
}

// step is a field of an object, or an element of a list.
type step struct {
	text    string
	element bool
}

func parsePath(text string) ([]step, error) {
	var steps []step
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "["); ok {
			inside, after, closed := strings.Cut(rest, "]")
			// An IPv6 address brings brackets of its own: the last one before a dot
			// or the end closes.
			for closed && after != "" && after[0] != '.' && after[0] != '[' {
				more, next, again := strings.Cut(after, "]")
				inside, after, closed = inside+"]"+more, next, again
			}
			if !closed {
				return nil, fmt.Errorf("path %q: a bracket is not closed", text)
			}
			steps, text = append(steps, step{inside, true}), after
		} else {
			text = strings.TrimPrefix(text, ".")
			end := strings.IndexAny(text, ".[")
			if end < 0 {
				end = len(text)
			}
			steps, text = append(steps, step{text[:end], false}), text[end:]
		}
	}
	return steps, nil
}

func (e *Edit) changeAt(value any, steps []step) (any, error) {
	if len(steps) == 0 {
		return e.newValue(value)
	}
	here, rest := steps[0], steps[1:]
	if !here.element {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s is no field of an object", here.text)
		}
		if _, ok := object[here.text]; !ok {
			return nil, fmt.Errorf("there is no field %s", here.text)
		}
		var err error
		object[here.text], err = e.changeAt(object[here.text], rest)
		return object, err
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("[%s] selects from what is no list", here.text)
	}
	i := find(list, here.text)
	if i < 0 {
		return nil, fmt.Errorf("nothing is called %s", here.text)
	}
	if len(rest) == 0 && e.Remove {
		return slices.Delete(list, i, i+1), nil
	}
	var err error
	list[i], err = e.changeAt(list[i], rest)
	return list, err
}

func (e *Edit) newValue(old any) (any, error) {
	if !e.Append.IsZero() {
		list, ok := old.([]any)
		if !ok {
			return nil, fmt.Errorf("append wants a list")
		}
		var added any
		if err := e.Append.Decode(&added); err != nil {
			return nil, err
		}
		return append(list, added), nil
	}
	if e.Set.IsZero() {
		return nil, fmt.Errorf("only an element of a list can be removed")
	}
	var set any
	if err := e.Set.Decode(&set); err != nil {
		return nil, err
	}
	return set, nil
}

// find returns the index of the element that a selector names, or -1: an index, or
// the value of a field that identifies.
func find(list []any, selector string) int {
	if n, err := strconv.Atoi(selector); err == nil && n >= 0 && n < len(list) {
		return n
	}
	return slices.IndexFunc(list, func(element any) bool {
		object, ok := element.(map[string]any)
		if !ok {
			return element == selector
		}
		for _, key := range [...]string{"subject", "target", "name", "origin", "path", "host", "version", "variable"} {
			if object[key] == selector {
				return true
			}
		}
		return false
	})
}
