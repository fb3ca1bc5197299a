// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"
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

// markPattern finds marks that redaction left.
var markPattern = regexp.MustCompile(`\[redacted:([a-z-]+):(\d+)(?::([0-9a-f]{64}))?\]`)

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
	clean, ok := plainText(content)
	// What is taken away can bring words together that were apart. Two rounds
	// settle all but made-up text.
	for range maxRounds {
		if !ok {
			break
		}
		next := redactOnce(clean)
		if bytes.Equal(next, clean) {
			return clean, findMarks(clean)
		}
		clean, ok = next, !plainlyBinary(next)
	}
	clean = placeholder(content)
	return clean, findMarks(clean)
}

const maxRounds = 12

func redactOnce(text []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(text))
	var state redactState
	for line := range bytes.SplitAfterSeq(text, []byte{'\n'}) {
		content := bytes.TrimSuffix(line, []byte{'\n'})
		content = bytes.TrimSuffix(content, []byte{'\r'})
		out.WriteString(state.line(string(content)))
		out.Write(line[len(content):])
	}
	return out.Bytes()
}

// findMarks lists the marks of a redacted text.
func findMarks(text []byte) []SecretMark {
	var marks []SecretMark
	line := 1
	for rest := text; ; {
		loc := markPattern.FindSubmatchIndex(rest)
		if loc == nil {
			return marks
		}
		line += bytes.Count(rest[:loc[0]], []byte{'\n'})
		column := loc[0] - bytes.LastIndexByte(rest[:loc[0]], '\n')
		n, err := strconv.Atoi(string(rest[loc[4]:loc[5]]))
		if err != nil {
			n = 0
		}
		m := SecretMark{Kind: string(rest[loc[2]:loc[3]]), Length: n, Source: Source{Line: line, Column: column}}
		if loc[6] >= 0 {
			m.SHA256 = string(rest[loc[6]:loc[7]])
		}
		marks = append(marks, m)
		rest = rest[loc[1]:]
	}
}

// replace puts marks in place of the cuts. Where cuts overlap, the earlier and
// longer one stands. An earlier mark is never cut into.
func replace(text string, cuts []cut) string {
	if len(cuts) == 0 {
		return text
	}
	sort.SliceStable(cuts, func(i, j int) bool {
		if cuts[i].from != cuts[j].from {
			return cuts[i].from < cuts[j].from
		}
		return cuts[i].to > cuts[j].to
	})
	marks := markPattern.FindAllStringIndex(text, -1)
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		if m := around(marks, c.from); m != nil {
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
		return fmt.Sprintf("[redacted:%s:0]", kind)
	}
	sum := sha256.Sum256([]byte(secret))
	return fmt.Sprintf("[redacted:%s:%d:%s]", kind, len(secret), hex.EncodeToString(sum[:]))
}

// isRandomKey reports whether a text is a key of at least 128 random bit in
// base64 or hex. It errs towards no: then not even a digest is kept, so that a
// password can never be found by guessing.
func isRandomKey(s string) bool {
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
