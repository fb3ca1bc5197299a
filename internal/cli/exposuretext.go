// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// parseRequest reads a request as a person writes it: a request line, and behind
// the first line end the headers, if any. Escapes stand for bytes; see unescape.
//
// A line without a version is HTTP/1.1, which is then assumed; with a line end
// behind it, it is what it would be on the wire: HTTP/0.9.
func parseRequest(text string) (q request.Request, assumed []string, err error) {
	raw, err := unescape(text)
	if err != nil {
		return q, nil, err
	}
	line, head, ended := strings.Cut(raw, "\n")
	line = strings.TrimSuffix(line, "\r")
	var ok bool
	if q.Method, q.Target, ok = strings.Cut(line, " "); !ok {
		return q, nil, withHint(fmt.Errorf("%q is no request line", text), `write METHOD TARGET HTTP/1.1, such as --explain "GET /desktop/ HTTP/1.1"`)
	}
	switch i := versionAt(q.Target); {
	case i >= 0:
		q.Target, q.Version = q.Target[:i], q.Target[i+1:]
	case ended:
		q.Version = "0.9"
	default:
		assumed = append(assumed, "HTTP/1.1")
	}
	for line := range strings.SplitSeq(head, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" {
			break // what follows is the body, which decides nothing here
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		if len(q.Headers) == 0 && q.Host == nil && strings.EqualFold(name, "host") {
			q.Host = &value
			continue
		}
		q.Headers = append(q.Headers, [2]string{name, value})
	}
	return q, assumed, nil
}

// versionAt is where the version begins, -1 for none.
func versionAt(s string) int {
	const start = " HTTP/"
	for i := len(s) - len(start); i >= 0; i-- {
		if strings.EqualFold(s[i:i+len(start)], start) {
			return i
		}
	}
	return -1
}

// parseHeader reads "Name: value".
func parseHeader(text string) (pair [2]string, err error) {
	raw, err := unescape(text)
	if err != nil {
		return pair, fmt.Errorf("--header: %w", err)
	}
	name, value, ok := strings.Cut(raw, ":")
	if !ok {
		return pair, withHint(fmt.Errorf("--header %q has no colon", text), "for example --header 'Cookie: a=b'")
	}
	return [2]string{name, strings.TrimPrefix(value, " ")}, nil
}

// unescape replaces \r, \n, \t, \\ and \xHH by the bytes that they stand for.
func unescape(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b = append(b, text[i])
			continue
		}
		rest := text[i+1:]
		switch {
		case strings.HasPrefix(rest, "r"):
			b = append(b, '\r')
		case strings.HasPrefix(rest, "n"):
			b = append(b, '\n')
		case strings.HasPrefix(rest, "t"):
			b = append(b, '\t')
		case strings.HasPrefix(rest, `\`):
			b = append(b, '\\')
		case strings.HasPrefix(rest, "x") && len(rest) >= 3:
			n, err := strconv.ParseUint(rest[1:3], 16, 8)
			if err != nil {
				return "", escapeError(text, i)
			}
			b = append(b, byte(n))
			i += 2
		default:
			return "", escapeError(text, i)
		}
		i++
	}
	return string(b), nil
}

func escapeError(text string, at int) error {
	return withHint(fmt.Errorf("%q has an escape that does not exist at byte %d", text, at+1), `there are \r \n \t \xHH, and \\ for a backslash`)
}

// escaped is the inverse of unescape for what a terminal should not get, and
// leaves the rest as it is.
func escaped(raw string) string {
	var b strings.Builder
	for i := range len(raw) {
		switch c := raw[i]; {
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\\':
			b.WriteString(`\\`)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
