// SPDX-License-Identifier: Apache-2.0

package netfilter

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// The values of JSON are decoded into any, map[string]any, []any, string, bool and
// json.Number; the functions here look into them without ever failing.

func decode(raw json.RawMessage) any {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil
	}
	return v
}

// single returns the only field of an object, or "".
func single(v any) (string, any) {
	fields, ok := v.(map[string]any)
	if !ok || len(fields) != 1 {
		return "", nil
	}
	for key, value := range fields {
		return key, value
	}
	return "", nil
}

// field returns the text of a field of an object.
func field(v any, name string) string {
	fields, _ := v.(map[string]any)
	return plain(fields[name])
}

// texts reads a text or number, or a list of them.
func texts(raw json.RawMessage) []string {
	if len(raw) == 0 {
		return nil
	}
	var all []string
	for _, v := range list(decode(raw)) {
		if s := plain(v); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// list returns a list, or the one value as a list.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// plain writes a value in one word: 22, 10.0.0.0/8, 80-90, "1.1.1.1,22" for a
// tuple, "jump x" for a verdict. What is none of these is written as JSON.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	key, inner := single(v)
	parts, _ := inner.([]any)
	switch key {
	case "prefix":
		return field(inner, "addr") + "/" + field(inner, "len")
	case "range":
		if len(parts) == 2 {
			return word1(parts[0]) + "-" + word1(parts[1])
		}
	case "concat":
		words := make([]string, len(parts))
		for i, part := range parts {
			words[i] = word1(part)
		}
		return strings.Join(words, ",")
	case "jump", "goto":
		return key + " " + field(inner, "target")
	case "accept", "drop", "return", "continue":
		return key
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// word1 is plain for the inside of a range or tuple, which goes one level down.
func word1(v any) string {
	if key, inner := single(v); key == "prefix" {
		return field(inner, "addr") + "/" + field(inner, "len")
	} else if pair, ok := inner.([]any); ok && key == "range" && len(pair) == 2 {
		return scalar(pair[0]) + "-" + scalar(pair[1])
	}
	return scalar(v)
}

func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return "?"
}

// number reads a number up to most; text may be hexadecimal.
func number(v any, most uint64) (uint64, bool) {
	n, err := strconv.ParseUint(scalar(v), 0, 64)
	return n, err == nil && n <= most
}

// items are the alternatives on the right side of a match.
func items(right any) []any {
	values := []any{right}
	if key, inner := single(right); key == "set" {
		values = list(inner)
	}
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = bare(v)
	}
	return out
}

// bare takes the value out of an element.
func bare(v any) any {
	if key, inner := single(v); key == "elem" {
		fields, _ := inner.(map[string]any)
		return fields["val"]
	}
	return v
}
