// SPDX-License-Identifier: Apache-2.0

package rewriter

import "strings"

// window is a stretch of a stream: src, and the few bytes that went before it.
type window struct {
	behind []byte
	src    []byte
	atEOF  bool
}

// lookBehind covers the longest spelling of "//", which is \u002f\u002f.
const lookBehind = 16

// before gives the k-th byte before index s, counting from 1; ok is false at the
// start of the stream and beyond the look-behind, of which no caller asks for more.
func (w *window) before(s, k int) (c byte, ok bool) {
	i := s - k
	if i >= 0 {
		return w.src[i], true
	}
	if i += len(w.behind); i >= 0 {
		return w.behind[i], true
	}
	return 0, false
}

func isHostByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-'
}

// leftBoundary reports whether a host name may begin at s: the character before it,
// undone from percent, JSON or JavaScript escaping, is no part of a name.
func (w *window) leftBoundary(s int) bool {
	c, ok := w.before(s, 1)
	if !ok || !isHostByte(c) {
		return true
	}
	second, ok := w.before(s, 2)
	if !ok {
		return false
	}
	if second == '\\' && strings.IndexByte("bfnrtv0", c) >= 0 {
		return true
	}
	if byteClass[c]&classHex == 0 || byteClass[second]&classHex == 0 {
		return false
	}
	decoded := hexValue(second)<<4 | hexValue(c)
	k := 3
	// %252F and deeper: the percent sign was itself escaped.
	for range 3 {
		five, _ := w.before(s, k)
		two, _ := w.before(s, k+1)
		if five != '5' || two != '2' {
			break
		}
		k += 2
	}
	if mark, _ := w.before(s, k); mark == '%' {
		return !isHostByte(decoded)
	}
	mark, _ := w.before(s, 3)
	slash, _ := w.before(s, 4)
	if mark == 'x' && slash == '\\' {
		return !isHostByte(decoded)
	}
	if byteClass[mark]&classHex != 0 && byteClass[slash]&classHex != 0 {
		u, _ := w.before(s, 5)
		back, _ := w.before(s, 6)
		if u == 'u' && back == '\\' {
			return mark != '0' || slash != '0' || !isHostByte(decoded)
		}
	}
	return false
}

// colons are the spellings of the colon between host and port, longest kin first.
var colons = [...]string{":", "%3a", "%253a", "%25253a", `\u003a`, `\x3a`, "&#58;", "&#x3a;", "&colon;"}

// slashes are the spellings of "//" and the spelling of a colon that suits them.
var slashes = [...]struct{ pair, colon string }{
	{"//", ":"},
	{`\/\/`, ":"},
	{"%2f%2f", "%3A"},
	{"%252f%252f", "%253A"},
	{`\u002f\u002f`, `\u003a`},
	{`\x2f\x2f`, `\x3a`},
	{"&#47;&#47;", "&#58;"},
	{"&#x2f;&#x2f;", "&#58;"},
}

// authority reports whether s stands behind "//" in some spelling.
func (w *window) authority(s int) (colon string, ok bool) {
	for _, style := range slashes {
		n := len(style.pair)
		same := true
		for k := 1; k <= n && same; k++ {
			c, ok := w.before(s, k)
			same = ok && lowerByte(c) == style.pair[n-k]
		}
		if same {
			return style.colon, true
		}
	}
	return "", false
}

// rightContext is what follows a host name.
type rightContext struct {
	end        int    // first byte behind host and port
	port       int    // -1 when none is written
	colon      string // as written
	incomplete bool   // more bytes may change the answer
	longer     bool   // the name goes on: another host
}

// maxPortDigits allows one digit more than a port has, enough to know it is none.
const maxPortDigits = 6

func (w *window) right(end int) rightContext {
	if c := w.port(end); c.port >= 0 || c.incomplete {
		return c
	}
	if end == len(w.src) {
		return rightContext{end: end, port: -1, incomplete: !w.atEOF}
	}
	switch c := w.src[end]; {
	case c == '.':
		// The root dot may stand between name and port.
		if c := w.port(end + 1); c.port >= 0 || c.incomplete {
			return c
		}
		if end+1 == len(w.src) {
			return rightContext{end: end, port: -1, incomplete: !w.atEOF}
		}
		next := w.src[end+1]
		return rightContext{end: end, port: -1, longer: next != '.' && next != '-' && isHostByte(next)}
	case isHostByte(c):
		return rightContext{end: end, port: -1, longer: true}
	}
	return rightContext{end: end, port: -1}
}

// port reads a colon and a port at i, if they are there.
func (w *window) port(i int) rightContext {
	none := rightContext{end: i, port: -1}
	for _, colon := range colons {
		have := w.src[i:min(len(w.src), i+len(colon))]
		if !foldEqual(have, colon[:len(have)]) {
			continue
		}
		if len(have) < len(colon) {
			if !w.atEOF && len(have) > 0 {
				return rightContext{end: i, port: -1, incomplete: true}
			}
			continue
		}
		digits, number := i+len(colon), 0
		end := digits
		for end < len(w.src) && end-digits < maxPortDigits && w.src[end] >= '0' && w.src[end] <= '9' {
			number = number*10 + int(w.src[end]-'0')
			end++
		}
		if end == len(w.src) && end-digits < maxPortDigits && !w.atEOF {
			return rightContext{end: i, port: -1, incomplete: true}
		}
		if end == digits {
			return none
		}
		return rightContext{end: end, port: number, colon: string(have)}
	}
	return none
}

// foldEqual compares with a lower-case literal.
func foldEqual(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i := range b {
		if lowerByte(b[i]) != lower[i] {
			return false
		}
	}
	return true
}
