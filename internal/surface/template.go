// SPDX-License-Identifier: Apache-2.0

package surface

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// maxSegments bounds a template; the widest real one has seven segments.
const maxSegments = 32

// Template is a path template in parts, for others to compile. Its language is
//
//	"/" segment for each of Segments, and then, with Rest, nothing or "/" and anything
//
// The zero value holds no path.
type Template struct {
	Segments []Segment
	// Rest is the /** at the end.
	Rest bool
	// Closed is true of a template that closes paths: an Any of it is any non-empty
	// segment, and otherwise one of unreserved bytes.
	Closed bool
}

// Segment is one part of a template: the bytes of Literal, or any one segment. A
// Literal is empty only at the end of a template that ends in a slash.
type Segment struct {
	Literal string
	Any     bool
	// Name is what stands between the braces of an Any; it has no meaning.
	Name string
}

var (
	unreserved    = regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)
	parameterName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	onlyDots      = regexp.MustCompile(`^\.+$`)
)

// ParseTemplate reads a template; closed says for which of the two lists.
func ParseTemplate(text string, closed bool) (Template, error) {
	t := Template{Closed: closed}
	body, slash := strings.CutPrefix(text, "/")
	if !slash {
		return t, errors.New("a path begins with a slash")
	}
	if text == "/**" {
		t.Rest = true
		return t, nil
	}
	body, t.Rest = strings.CutSuffix(body, "/**")
	words := strings.Split(body, "/")
	if len(words) > maxSegments {
		return t, fmt.Errorf("more than %d segments", maxSegments)
	}
	names := map[string]bool{}
	for i, word := range words {
		segment, err := parseSegment(word, i == len(words)-1 && !t.Rest)
		if err != nil {
			return t, err
		}
		if segment.Any && names[segment.Name] {
			return t, fmt.Errorf("{%s} stands twice", segment.Name)
		}
		names[segment.Name] = true
		t.Segments = append(t.Segments, segment)
	}
	return t, nil
}

func parseSegment(word string, last bool) (Segment, error) {
	if name, brace := strings.CutPrefix(word, "{"); brace {
		name, brace = strings.CutSuffix(name, "}")
		if !brace || !parameterName.MatchString(name) {
			return Segment{}, fmt.Errorf("%q is no {word} in small letters", word)
		}
		return Segment{Any: true, Name: name}, nil
	}
	switch {
	case word == "" && last:
		return Segment{}, nil
	case word == "":
		return Segment{}, errors.New("an empty segment stands inside")
	case onlyDots.MatchString(word):
		return Segment{}, fmt.Errorf("%q is a dot segment", word)
	case word == "**" || word == "*":
		return Segment{}, errors.New("a star stands only as /** at the end, for whole segments")
	case !unreserved.MatchString(word):
		return Segment{}, fmt.Errorf("%q holds a byte that is neither letter, digit nor one of - . _ ~", word)
	}
	return Segment{Literal: word}, nil
}

// String writes the template as it is read.
func (t Template) String() string {
	var b strings.Builder
	for _, s := range t.Segments {
		b.WriteByte('/')
		if s.Any {
			b.WriteString("{" + s.Name + "}")
		}
		b.WriteString(s.Literal)
	}
	if t.Rest {
		b.WriteString("/**")
	}
	return b.String()
}

// Pattern is the language as a regular expression for a whole path, without anchors,
// in what RE2 and PCRE have in common.
func (t Template) Pattern() string {
	var b strings.Builder
	for _, s := range t.Segments {
		b.WriteByte('/')
		switch {
		case !s.Any:
			b.WriteString(regexp.QuoteMeta(s.Literal))
		case t.Closed:
			b.WriteString("[^/]+")
		default:
			b.WriteString("[A-Za-z0-9._~-]+")
		}
	}
	switch {
	case t.Rest && len(t.Segments) == 0:
		b.WriteString("/(?s:.*)")
	case t.Rest:
		b.WriteString("(?:/(?s:.*))?")
	}
	return b.String()
}

// Match reports whether a path is in the language.
func (t Template) Match(path string) bool {
	if !strings.HasPrefix(path, "/") || len(t.Segments) == 0 {
		return t.Rest && strings.HasPrefix(path, "/")
	}
	rest := path
	for _, s := range t.Segments {
		if rest == "" {
			return false
		}
		word, tail, more := strings.Cut(rest[1:], "/")
		if !s.holds(word, t.Closed) {
			return false
		}
		if rest = ""; more {
			rest = "/" + tail
		}
	}
	return t.Rest || rest == ""
}

func (s Segment) holds(word string, closed bool) bool {
	switch {
	case !s.Any:
		return word == s.Literal
	case closed:
		return word != ""
	}
	return unreserved.MatchString(word)
}

// inside reports whether every path of t is one of wider.
func (t Template) inside(wider Template) bool {
	if len(t.Segments) < len(wider.Segments) || !wider.Rest && (t.Rest || len(t.Segments) != len(wider.Segments)) {
		return false
	}
	for i, w := range wider.Segments {
		s := t.Segments[i]
		if s.Any && !w.Any || !s.Any && !w.holds(s.Literal, wider.Closed) {
			return false
		}
	}
	return true
}
