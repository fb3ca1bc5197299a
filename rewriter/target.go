// SPDX-License-Identifier: Apache-2.0

package rewriter

import "strings"

const (
	classUnreserved = 1 << iota // RFC 3986 section 2.3
	classSubDelim               // RFC 3986 section 2.2 without ';', plus ':' and '@'
	classQuery                  // further bytes that browsers leave raw in a query
	classHex
	classToken // letters, digits and hyphen
)

// byteClass gives each byte its roles in a request head.
var byteClass = func() (table [256]uint8) {
	mark := func(set string, class uint8) {
		for i := 0; i < len(set); i++ {
			table[set[i]] |= class
		}
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	const digits = "0123456789"
	mark(letters+digits+"-._~", classUnreserved)
	mark("!$&'()*+,=:@", classSubDelim)
	mark("/?;[]{}|^`", classQuery)
	mark(digits+"abcdefABCDEF", classHex)
	mark(letters+digits+"-", classToken)
	return table
}()

// parseTarget splits an origin-form target (RFC 9112 section 3.2.1) into its raw
// path and raw query, or names why it is refused. Nothing is normalised: a spelling
// that any upstream could normalise into another path is refused instead, so path
// is at once what we matched, what we forward, and what every normaliser leaves
// alone.
func parseTarget(raw string) (path, query string, refused Reason) {
	if raw == "" || raw[0] != '/' {
		for i := 0; i < len(raw); i++ {
			switch c := raw[i]; {
			case c <= ' ' || c == 0x7f:
				return "", "", TargetControl
			case c >= 0x80:
				return "", "", TargetNonASCII
			case c == '\\':
				return "", "", TargetBackslash
			}
		}
		return "", "", TargetForm
	}
	path = raw
	if q := strings.IndexByte(raw, '?'); q >= 0 {
		path, query = raw[:q], raw[q+1:]
	}
	if refused = scanPath(path); refused != "" {
		return "", "", refused
	}
	if refused = scanQuery(query); refused != "" {
		return "", "", refused
	}
	return path, query, ""
}

func scanPath(path string) Reason {
	start := 1
	for i := 1; i < len(path); i++ {
		c := path[i]
		switch {
		case byteClass[c]&(classUnreserved|classSubDelim) != 0:
		case c == '/':
			if refused := scanSegment(path[start:i], false); refused != "" {
				return refused
			}
			start = i + 1
		case c == '%':
			if refused := scanEscape(path[i:]); refused != "" {
				return refused
			}
			i += 2
		default:
			return refusedByte(c)
		}
	}
	return scanSegment(path[start:], true)
}

func refusedByte(c byte) Reason {
	switch {
	case c <= ' ' || c == 0x7f:
		return TargetControl
	case c >= 0x80:
		return TargetNonASCII
	case c == '#':
		return TargetFragment
	case c == '\\':
		return TargetBackslash
	case c == ';':
		return TargetSemicolon
	}
	return TargetByte
}

// scanEscape judges the escape at the start of s. What remains allowed (a blank,
// reserved bytes that no server gives structure to, and bytes that may not stand
// raw) has one meaning for every reader.
func scanEscape(s string) Reason {
	c, ok := unescape(s)
	switch {
	case !ok:
		return TargetPercent
	case c < ' ' || c == 0x7f:
		return TargetEncControl
	case c >= 0x80:
		// Overlong forms and full-width dots and slashes live here; file names
		// outside ASCII are the price.
		return TargetEncHigh
	case c == '/':
		return TargetEncSlash
	case c == '\\':
		return TargetEncBack
	case c == '%':
		return TargetEncPercent
	case c == ';':
		return TargetSemicolon
	case c == '?' || c == '#':
		return TargetEncDelim
	case byteClass[c]&classUnreserved != 0:
		return TargetEncPlain
	}
	return ""
}

func unescape(s string) (byte, bool) {
	if len(s) < 3 || byteClass[s[1]]&classHex == 0 || byteClass[s[2]]&classHex == 0 {
		return 0, false
	}
	return hexValue(s[1])<<4 | hexValue(s[2]), true
}

func hexValue(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

func scanSegment(s string, last bool) Reason {
	switch {
	case s == "":
		if !last {
			return TargetEmptyPart
		}
	case s == "." || s == "..":
		return TargetDotPart
	case s[len(s)-1] == '.':
		// Windows file systems and some servlet containers drop it.
		return TargetDotEnd
	case strings.HasPrefix(s, "%20") || strings.HasSuffix(s, "%20"):
		return TargetSpaceEdge
	}
	return ""
}

// scanQuery is lenient where the path is strict: a query chooses no upstream. It
// still refuses what could end the request line or hide bytes from a log.
func scanQuery(query string) Reason {
	for i := 0; i < len(query); i++ {
		c := query[i]
		switch {
		case byteClass[c]&(classUnreserved|classSubDelim|classQuery) != 0:
		case c == '%':
			decoded, ok := unescape(query[i:])
			if !ok {
				return TargetPercent
			}
			if decoded == 0 {
				return TargetEncControl
			}
			i += 2
		default:
			return refusedByte(c)
		}
	}
	return ""
}
