// SPDX-License-Identifier: Apache-2.0

package framing

import (
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Caps of one answer's policies; what exceeds them makes a gap.
const (
	maxPolicies = 32
	maxSources  = 256
)

// asciiSpace is the ASCII whitespace of the Infra standard.
const asciiSpace = "\t\n\f\r "

// ancestorLists parses Content-Security-Policy header values and returns one
// frame-ancestors list for each policy that has one, numbered by policy. CSP3
// section 2.2: a header holds several policies with commas between; directives
// end at semicolons; the first of a name counts; a directive that is not ASCII
// is skipped. cut is set when a cap was reached.
func ancestorLists(values []string) (lists [][]evidence.FrameAncestor, cut bool) {
	number := 0
	for _, value := range values {
		for text := range strings.SplitSeq(value, ",") {
			if strings.Trim(text, asciiSpace) == "" {
				continue
			}
			if number++; number > maxPolicies {
				return lists, true
			}
			sources, found := frameAncestors(text)
			if !found {
				continue
			}
			if len(sources) > maxSources {
				sources, cut = sources[:maxSources], true
			}
			list := []evidence.FrameAncestor{{Policy: number, Kind: evidence.AncestorNone}}
			if len(sources) > 0 {
				list = list[:0]
			}
			for _, s := range sources {
				list = append(list, parseSource(s, number, len(sources) == 1))
			}
			lists = append(lists, list)
		}
	}
	return lists, cut
}

// frameAncestors returns the words of a policy's frame-ancestors directive.
func frameAncestors(policy string) (sources []string, found bool) {
	for directive := range strings.SplitSeq(policy, ";") {
		words := strings.FieldsFunc(directive, func(r rune) bool { return strings.ContainsRune(asciiSpace, r) })
		if len(words) == 0 || !isASCII(directive) {
			continue
		}
		if strings.EqualFold(words[0], "frame-ancestors") {
			return words[1:], true
		}
	}
	return nil, false
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 })
}

// parseSource reads one ancestor-source. 'none' counts only when it stands
// alone; what fits no form of CSP3 section 2.3.1 matches nobody.
func parseSource(text string, policy int, alone bool) evidence.FrameAncestor {
	a := evidence.FrameAncestor{Policy: policy, Text: text, Kind: evidence.AncestorInvalid}
	lower := strings.ToLower(text)
	switch lower {
	case "'none'":
		if alone {
			a.Kind = evidence.AncestorNone
		}
		return a
	case "'self'":
		a.Kind = evidence.AncestorSelf
		return a
	case "*":
		a.Kind = evidence.AncestorAny
		return a
	}
	if scheme, ok := strings.CutSuffix(lower, ":"); ok && isScheme(scheme) {
		a.Kind, a.Scheme = evidence.AncestorScheme, scheme
		return a
	}
	rest := lower
	if scheme, after, ok := strings.Cut(lower, "://"); ok {
		if !isScheme(scheme) {
			return a
		}
		a.Scheme, rest = scheme, after
	}
	authority, path, hasPath := strings.Cut(rest, "/")
	host, port, hasPort := strings.Cut(authority, ":")
	number, anyPort, ok := parsePort(port)
	if !isHost(host) || hasPort && !ok {
		a.Scheme = ""
		return a
	}
	a.Kind, a.Host, a.Port, a.AnyPort = evidence.AncestorHost, host, number, anyPort
	if hasPath {
		// Browsers skip a query, which is no part of a source.
		path, _, _ = strings.Cut(path, "?")
		path, _, _ = strings.Cut(path, "#")
		a.Path = "/" + path
	}
	return a
}

func parsePort(text string) (number int, anyPort, ok bool) {
	if text == "*" {
		return 0, true, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return int(n), false, err == nil && strings.Trim(text, "0123456789") == ""
}

// isScheme reports whether text is a scheme (RFC 3986 section 3.1), lower case.
func isScheme(text string) bool {
	for i := range len(text) {
		c := text[i]
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '+' && c != '-' && c != '.') {
			return false
		}
	}
	return text != ""
}

// isHost reports whether text is a host-part, lower case: "*", or labels with
// "*." before them or not.
func isHost(text string) bool {
	if text == "*" {
		return true
	}
	labels := strings.Split(strings.TrimPrefix(text, "*."), ".")
	return !slices.ContainsFunc(labels, func(label string) bool {
		return label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != ""
	})
}
