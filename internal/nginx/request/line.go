// SPDX-License-Identifier: Apache-2.0

package request

import "strings"

// requestLine is what nginx reads from the first line.
type requestLine struct {
	method string
	// target is from the slash, or from the question mark of an absolute form without
	// a path, to the end.
	target    string
	emptyPath bool
	host      string
	hasHost   bool
	// noTarget says that the line ends with the host, port that it has one, ":80".
	noTarget     bool
	scheme, port string
	// gap and before are the spaces around the target, protocol is what follows them.
	gap, before, protocol string

	version int // 9, 1000, 1001 ...
	size    int // bytes up to and with the line feed, or with the byte that is wrong
	status  int // 0 when the line is good, else the status of the refusal
}

// parseLine reads the first line of raw as nginx's state machine does.
func parseLine(raw string) (l requestLine) {
	l = requestLine{version: 1000, status: 400}
	i := 0
	defer func() {
		if l.status != 0 {
			l.size = i + 1
		}
	}()
	for i < len(raw) && (raw[i] == '\r' || raw[i] == '\n') {
		i++
	}
	start := i
	for i < len(raw) && (raw[i] >= 'A' && raw[i] <= 'Z' || raw[i] == '_' || raw[i] == '-') {
		i++
	}
	if i == start || i == len(raw) || raw[i] != ' ' {
		return l
	}
	l.method = raw[start:i]
	l.gap = spaces(raw[i:])
	i, ok := l.absolute(raw, i+len(l.gap))
	if !ok {
		return l
	}
	if l.target == "" {
		from := i
		for i < len(raw) && raw[i] != ' ' && raw[i] != '\r' && raw[i] != '\n' {
			if raw[i] < 0x20 || raw[i] == 0x7f {
				return l
			}
			i++
		}
		l.target = raw[from:i]
	}
	l.before = spaces(raw[i:])
	l.protocol, _, _ = strings.Cut(raw[i+len(l.before):], "\n")
	l.protocol = strings.TrimSuffix(l.protocol, "\r")
	i, version, ok := parseVersion(raw, i)
	if !ok {
		if version > 1 {
			l.status = 505
		}
		return l
	}
	if version == 9 && l.method != "GET" {
		return l
	}
	l.version, l.size, l.status = version, i, 0
	return l
}

// absolute reads scheme and authority; target is set when the path is not in the
// line.
func (l *requestLine) absolute(raw string, i int) (next int, ok bool) {
	if i < len(raw) && raw[i] == '/' {
		return i, true
	}
	start := i
	for i < len(raw) && (isLetter(raw[i]) || i > start && (isDigit(raw[i]) || strings.IndexByte("+-.", raw[i]) >= 0)) {
		i++
	}
	if i == start || !strings.HasPrefix(raw[i:], "://") {
		return i, false
	}
	l.scheme = raw[start:i]
	i += 3
	start = i
	if i < len(raw) && raw[i] == '[' {
		for i++; i < len(raw) && raw[i] != ']'; i++ {
			if !isLetter(raw[i]) && !isDigit(raw[i]) && strings.IndexByte(":-._~!$&'()*+,;=", raw[i]) < 0 {
				return i, false
			}
		}
		if i == len(raw) {
			return i, false
		}
		i++
	} else {
		for i < len(raw) && (isLetter(raw[i]) || isDigit(raw[i]) || raw[i] == '.' || raw[i] == '-') {
			i++
		}
	}
	l.host, l.hasHost = raw[start:i], true
	if start = i; i < len(raw) && raw[i] == ':' {
		for i++; i < len(raw) && isDigit(raw[i]); i++ {
		}
		l.port = raw[start:i]
	}
	if i == len(raw) {
		return i, false
	}
	switch raw[i] {
	case '/':
		return i, true
	case '?':
		l.emptyPath = true
		return i, true
	case ' ':
		l.target, l.noTarget = "/", true
		return i, true
	}
	return i, false
}

// parseVersion reads from behind the target to the end of the line. When ok is
// false, version is the major number that is too high, or 0.
func parseVersion(raw string, i int) (next, version int, ok bool) {
	before := len(spaces(raw[i:]))
	i += before
	if end, ok := lineEnd(raw, i); ok {
		return end, 9, true
	}
	rest, found := strings.CutPrefix(raw[i:], "HTTP/")
	if !found || before == 0 || rest == "" || rest[0] < '1' || rest[0] > '9' {
		return i, 0, false
	}
	if rest[0] > '1' {
		return i, int(rest[0] - '0'), false
	}
	i += len("HTTP/1")
	major := 1
	for ; i < len(raw) && isDigit(raw[i]); i++ {
		if major = major*10 + int(raw[i]-'0'); major > 1 {
			return i, major, false
		}
	}
	if i >= len(raw) || raw[i] != '.' {
		return i, 0, false
	}
	i++
	digits, minor := i, 0
	for ; i < len(raw) && isDigit(raw[i]); i++ {
		if minor > 99 {
			return i, 0, false
		}
		minor = minor*10 + int(raw[i]-'0')
	}
	if digits == i {
		return i, 0, false
	}
	i += len(spaces(raw[i:]))
	end, ok := lineEnd(raw, i)
	if !ok {
		return end, 0, false
	}
	return end, 1000 + minor, true
}

// spaces are those that a text begins with.
func spaces(s string) string { return s[:len(s)-len(strings.TrimLeft(s, " "))] }

// lineEnd takes a line feed, or a carriage return and a line feed.
func lineEnd(raw string, i int) (next int, ok bool) {
	if i < len(raw) && raw[i] == '\r' {
		i++
	}
	if i < len(raw) && raw[i] == '\n' {
		return i + 1, true
	}
	return i, false
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// Raw is the head of the request as it goes over the wire.
func (q *Request) Raw() string {
	var b strings.Builder
	b.WriteString(q.Method + " " + q.Target)
	if q.Version == "0.9" {
		return b.String() + "\r\n"
	}
	b.WriteString(" " + VersionWord(q.Version))
	b.WriteString("\r\n")
	if q.Host != nil {
		b.WriteString("Host: " + *q.Host + "\r\n")
	}
	for _, h := range q.Headers {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	return b.String() + "\r\n"
}

// VersionWord is the last word of a request line of that Request.Version; empty for
// HTTP/0.9, whose line has none.
func VersionWord(version string) string {
	switch {
	case version == "":
		return "HTTP/1.1"
	case version == "0.9":
		return ""
	case isDigit(version[0]):
		return "HTTP/" + version
	}
	return version
}
