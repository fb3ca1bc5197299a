// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"fmt"
	"strings"
)

// maxTemplateSegments bounds a template; the widest real one has seven segments.
const maxTemplateSegments = 32

// template is a compiled path template. Matching walks the path once, without
// backtracking and without allocation.
type template struct {
	text     string
	prefix   string // literal bytes that every matching path begins with
	segments []segment
	rest     bool // ends in /**
	closed   bool
}

type segment struct {
	literal string
	param   bool
}

// compileTemplate reads the grammar
//
//	template = 1*( "/" segment ) [ "/**" ] | "/**"
//	segment  = literal | "{" word "}"
//	literal  = *unreserved            ; empty only as the last one
//
// where unreserved is RFC 3986 section 2.3.
func compileTemplate(text string, closed bool) (template, error) {
	fail := func(fault string) (template, error) {
		return template{}, fmt.Errorf("path %q: %s", clip(text), fault)
	}
	t := template{text: text, closed: closed}
	if !strings.HasPrefix(text, "/") {
		return fail("does not begin with a slash")
	}
	body := text
	if strings.HasSuffix(body, "/**") {
		t.rest = true
		body = strings.TrimSuffix(body, "/**")
	}
	var names []string
	for body != "" {
		body = body[1:]
		word, tail, more := strings.Cut(body, "/")
		if word == "" && (more || t.rest) {
			return fail("empty segment inside")
		}
		if len(t.segments) == maxTemplateSegments {
			return fail("too many segments")
		}
		if name, param := strings.CutPrefix(word, "{"); param {
			name, param = strings.CutSuffix(name, "}")
			if !param || validLabel(name) != nil {
				return fail("parameter is not {word}")
			}
			for _, other := range names {
				if other == name {
					return fail("parameter name used twice")
				}
			}
			names = append(names, name)
			t.segments = append(t.segments, segment{param: true})
		} else {
			if strings.Trim(word, ".") == "" && word != "" {
				return fail("dot segment")
			}
			if word != "" && !unreserved(word) {
				return fail("literal segment holds a byte outside the unreserved set")
			}
			t.segments = append(t.segments, segment{literal: word})
		}
		if !more {
			break
		}
		body = "/" + tail
	}
	var prefix strings.Builder
	for _, s := range t.segments {
		prefix.WriteByte('/')
		if s.param {
			break
		}
		prefix.WriteString(s.literal)
	}
	t.prefix = prefix.String()
	return t, nil
}

// match reports whether the path, already accepted by parseTarget, is in the
// language of the template. A parameter of a closed template takes any non-empty
// segment, so that a percent-encoded one cannot slip past the closing rule into a
// wider allowed path.
func (t *template) match(path string) bool {
	if !strings.HasPrefix(path, t.prefix) {
		return false
	}
	rest := path
	for _, s := range t.segments {
		if rest == "" {
			return false
		}
		rest = rest[1:]
		end := strings.IndexByte(rest, '/')
		if end < 0 {
			end = len(rest)
		}
		word := rest[:end]
		switch {
		case !s.param:
			if word != s.literal {
				return false
			}
		case word == "" || (!t.closed && !unreserved(word)):
			return false
		}
		rest = rest[end:]
	}
	return t.rest || rest == ""
}

// unreserved reports whether s is non-empty and of RFC 3986 unreserved bytes only.
func unreserved(s string) bool {
	for i := 0; i < len(s); i++ {
		if byteClass[s[i]]&classUnreserved == 0 {
			return false
		}
	}
	return s != ""
}
