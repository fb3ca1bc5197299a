// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kinds of secret that a mark in redacted text names.
const (
	// RandomKey is a key of at least 128 bit of randomness. Its digest is
	// kept: it allows comparison and cannot be searched for.
	RandomKey    = "random-key"
	privateKey   = "private-key"
	credential   = "credential"
	bearerToken  = "token"
	cookieValue  = "cookie"
	passwordHash = "password-hash"
	// binaryContent stands for a whole file that is no text.
	binaryContent = "binary"
)

const markStart = "[redacted:"

// placedMark is a mark and where in a text it stands.
type placedMark struct {
	from, to             int
	kind, length, digest string
}

// nextMark finds the first mark that redaction left, from a place on: a kind in
// lower case, a length, and for a random key its digest.
func nextMark(text string, at int) (placedMark, bool) {
	for {
		i := strings.Index(text[at:], markStart)
		if i < 0 {
			return placedMark{}, false
		}
		m := placedMark{from: at + i}
		at += i + len(markStart)
		rest := text[at:]
		m.kind, rest = span(rest, func(c byte) bool { return c >= 'a' && c <= 'z' || c == '-' })
		if m.kind == "" || !strings.HasPrefix(rest, ":") {
			continue
		}
		m.length, rest = span(rest[1:], func(c byte) bool { return c >= '0' && c <= '9' })
		if m.length == "" {
			continue
		}
		if strings.HasPrefix(rest, ":") {
			m.digest, rest = span(rest[1:], func(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' })
			if len(m.digest) != 2*sha256.Size {
				continue
			}
		}
		if strings.HasPrefix(rest, "]") {
			m.to = len(text) - len(rest) + 1
			return m, true
		}
	}
}

// span splits a text after its first bytes of a class.
func span(text string, in func(byte) bool) (head, rest string) {
	n := 0
	for n < len(text) && in(text[n]) {
		n++
	}
	return text[:n], text[n:]
}

// marksIn returns the places of all marks of a text.
func marksIn(text string) [][]int {
	var places [][]int
	for at := 0; ; {
		m, ok := nextMark(text, at)
		if !ok {
			return places
		}
		places = append(places, []int{m.from, m.to})
		at = m.to
	}
}

// Redact returns text with every secret replaced by a mark, and the marks with
// their lines. Lines stay lines, so that places in the text keep their number.
// It needs no structure, so it also works on what no parser can read. UTF-16
// becomes UTF-8. Of content that is no text nothing is kept but its length,
// unless it is one certificate in DER form, which stays as it is: a key in that
// form must never be copied. Redacting twice changes nothing.
//
// A secret is found by its form or by the words around it. One that stands
// under a harmless name, in words of everyday use, is not.
func Redact(content []byte) ([]byte, []SecretMark) {
	if isCertificate(content) {
		return content, nil
	}
	return redactWith(content, cluesOf)
}

// redactWith is Redact with another way to find the clues of a line.
func redactWith(content []byte, look func(string) clue) ([]byte, []SecretMark) {
	text, ok := plainText(content)
	clean := string(text)
	// What is taken away can bring words together that were apart. Two rounds
	// settle all but made-up text.
	var last round
	for range maxRounds {
		if !ok {
			break
		}
		next, changed := last.redact(clean, look)
		if !changed {
			return []byte(clean), findMarks(clean)
		}
		clean, ok = next, !plainlyBinary(next)
	}
	clean = placeholder(content)
	return []byte(clean), findMarks(clean)
}

const maxRounds = 12

// round is what one pass over a text leaves for the next, so that a line which
// stayed as it was, after lines that mean the same to it, is not read again.
type round struct {
	// changed are the numbers of the lines that changed.
	changed []int
	// states tell what the lines before one meant to it, from a line on.
	states []stateFrom
}

type stateFrom struct {
	line  int
	state redactState
}

// redact passes over a text and returns what it becomes.
func (r *round) redact(text string, look func(string) clue) (clean string, changed bool) {
	before := *r
	*r = round{}
	again := before.states != nil && !strings.Contains(text, "X509Certificate")
	s := redactor{look: look, text: text, public: publicStretches(text), keySet: strings.Contains(text, "kty") && keyType.MatchString(text)}
	var out strings.Builder
	kept := 0 // how much of the text is in out
	at := 0
	for n := 0; at < len(text); n++ {
		if n == 0 || s.redactState != r.states[len(r.states)-1].state {
			r.states = append(r.states, stateFrom{n, s.redactState})
		}
		end, next := len(text), len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end, next = at+i, at+i+1
			if end > at && text[end-1] == '\r' {
				end--
			}
		}
		same := false
		if again {
			var was redactState
			was, same = before.of(n)
			if same = same && was == s.redactState; same {
				s.redactState = before.after(n)
			}
		}
		if line := text[at:end]; !same {
			s.end = end
			if redacted := s.line(line); redacted != line {
				if kept == 0 {
					out.Grow(len(text) + len(text)/8)
				}
				out.WriteString(text[kept:at])
				out.WriteString(redacted)
				kept = end
				r.changed = append(r.changed, n)
			}
		}
		at = next
	}
	if len(r.changed) == 0 {
		return text, false
	}
	out.WriteString(text[kept:])
	return out.String(), true
}

// of returns the state before a line, and whether the line stayed as it was.
// Lines are asked for in order, once each.
func (r *round) of(line int) (redactState, bool) {
	for len(r.states) > 1 && r.states[1].line <= line {
		r.states = r.states[1:]
	}
	if len(r.changed) > 0 && r.changed[0] == line {
		r.changed = r.changed[1:]
		return redactState{}, false
	}
	return r.states[0].state, true
}

// after returns the state after the line that was asked for last.
func (r *round) after(line int) redactState {
	if len(r.states) > 1 && r.states[1].line == line+1 {
		return r.states[1].state
	}
	return r.states[0].state
}

// findMarks lists the marks of a redacted text.
func findMarks[T []byte | string](redacted T) []SecretMark {
	text := string(redacted)
	var marks []SecretMark
	line, at := 1, 0
	for {
		found, ok := nextMark(text, at)
		if !ok {
			return marks
		}
		between := text[at:found.from]
		line += strings.Count(between, "\n")
		column := len(between) - strings.LastIndexByte(between, '\n')
		n, err := strconv.Atoi(found.length)
		if err != nil {
			n = 0
		}
		marks = append(marks, SecretMark{Kind: found.kind, Length: n, SHA256: found.digest, Source: Source{Line: line, Column: column}})
		at = found.to
	}
}

// replace puts marks in place of the cuts. Where cuts overlap, the earlier and
// longer one stands. Neither an earlier mark nor
// what is public is ever cut into.
func replace(text string, cuts []cut, public [][]int) string {
	if len(cuts) == 0 {
		return text
	}
	sort.SliceStable(cuts, func(i, j int) bool {
		if cuts[i].from != cuts[j].from {
			return cuts[i].from < cuts[j].from
		}
		return cuts[i].to > cuts[j].to
	})
	marks := marksIn(text)
	if len(public) > 0 {
		marks = append(marks, public...)
		slices.SortFunc(marks, func(a, b []int) int { return a[0] - b[0] })
	}
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		if m := around(marks, c.from); m != nil {
			// The words of a mark are no name of what follows it.
			if endsWord(text, m[1]) {
				continue
			}
			c.from = m[1]
		}
		if m := around(marks, c.to); m != nil && c.to > m[0] {
			c.to = m[0]
		}
		if c.from < at || c.from >= c.to || strings.TrimSpace(text[c.from:c.to]) == "" {
			continue
		}
		b.WriteString(text[at:c.from])
		b.WriteString(mark(c.kind, text[c.from:c.to]))
		at = c.to
	}
	b.WriteString(text[at:])
	return b.String()
}

// around returns the stretch, of those sorted by place, that holds a place.
func around(stretches [][]int, at int) []int {
	i := sort.Search(len(stretches), func(i int) bool { return stretches[i][1] > at })
	if i < len(stretches) && stretches[i][0] <= at {
		return stretches[i]
	}
	return nil
}

func mark(kind, secret string) string {
	if kind != RandomKey {
		return "[redacted:" + kind + ":0]"
	}
	sum := sha256.Sum256([]byte(secret))
	return "[redacted:" + kind + ":" + strconv.Itoa(len(secret)) + ":" + hex.EncodeToString(sum[:]) + "]"
}

// isRandomKey reports whether a text is a key of at least 128 random bit in
// base64 or hex. It errs towards no: then not even a digest is kept, so that a
// password can never be found by guessing.
func isRandomKey(s string) bool {
	// 16 bytes take 24 characters in base64 and 32 in hex.
	if len(s) < 24 || len(s) > 2048 {
		return false
	}
	var raw []byte
	if len(s)%2 == 0 && len(s) >= 32 && len(s) <= 1024 {
		if b, err := hex.DecodeString(s); err == nil {
			return entropy([]byte(s)) >= 3.0 && len(b) >= 16
		}
	}
	for _, enc := range [...]*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		if b, err := enc.DecodeString(s); err == nil {
			raw = b
			break
		}
	}
	if len(raw) < 16 || len(raw) > 1024 {
		return false
	}
	upper := strings.ContainsAny(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	lower := strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz")
	digit := strings.ContainsAny(s, "0123456789")
	// Decoded text is words, not randomness.
	return upper && lower && digit && entropy([]byte(s)) >= 3.5 && !printable(raw)
}

// appendRandomKeys adds the random keys that stand on their own: runs of at
// least 42 characters of base64, of one of its two alphabets, with padding at
// the end. Of two that one character keeps apart it finds the first, as the
// character is taken for part of it; the next round finds the other.
func appendRandomKeys(cuts []cut, text string) []cut {
	taken := 0
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '=')
		if i < 0 {
			return cuts
		}
		end := at + i + 1
		pad := end - 1
		if end < len(text) && text[end] == '=' {
			end++
		}
		at = end
		if end < len(text) && base64Class[text[end]] != 0 {
			continue
		}
		from, classes := pad, byte(0)
		for from > taken && base64Class[text[from-1]] != 0 {
			from--
			classes |= base64Class[text[from]]
		}
		// With padding amid it, or letters of both alphabets, it is neither.
		if pad-from < 42 || classes&base64Pad != 0 || classes&(base64Std|base64URL) == base64Std|base64URL {
			continue
		}
		if from == taken && taken > 0 {
			continue
		}
		_, width := utf8.DecodeRuneInString(text[end:])
		taken = end + width
		if isRandomKey(text[from:end]) {
			cuts = append(cuts, cut{from, end, RandomKey})
		}
	}
}

const (
	base64Both byte = 1 << iota
	base64Std
	base64URL
	base64Pad
)

// base64Class tells which alphabets a byte belongs to.
var base64Class = func() (class [256]byte) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
		class[c] = base64Both
	}
	class['+'], class['/'] = base64Std, base64Std
	class['-'], class['_'] = base64URL, base64URL
	class['='] = base64Pad
	return class
}()

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			return false
		}
	}
	return true
}

// entropy is the Shannon entropy of the byte distribution, in bit a byte.
func entropy(b []byte) float64 {
	var counts [256]int
	for _, c := range b {
		counts[c]++
	}
	h := 0.0
	for _, n := range counts {
		if n > 0 {
			p := float64(n) / float64(len(b))
			h -= p * math.Log2(p)
		}
	}
	return h
}
