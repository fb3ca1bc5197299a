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
)

// markPattern finds marks that redaction left.
var markPattern = regexp.MustCompile(`\[redacted:([a-z-]+):(\d+)(?::([0-9a-f]{64}))?\]`)

// secretPatterns find secrets by their surroundings. The first group that
// matched is the secret itself.
var secretPatterns = []struct {
	kind string
	re   *regexp.Regexp
}{
	{bearerToken, regexp.MustCompile(`\b(eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,2})`)},
	{passwordHash, regexp.MustCompile(`(\$(?:1|2[abxy]?|5|6|y|7|gy|apr1|argon2[a-z]{1,2}|pbkdf2[a-z0-9-]*)\$[^\s:;"']{8,}|\{(?:S?SHA(?:256|512)?|MD5|CRYPT)\}[^\s:;"']+)`)},
	{credential, regexp.MustCompile(`(?i)\b(?:basic|bearer|digest|negotiate)\s+((?:[A-Za-z0-9+/=_.~-]|%[0-9A-F]{2}){6,})`)},
	{cookieValue, regexp.MustCompile(`(?i)\b(?:set-)?cookie:?"?\s*:\s*"?([^\s"][^"\r\n]*)`)},
	{credential, regexp.MustCompile(`(?i)[a-z][a-z0-9+.-]*://[^\s/:@"']*:([^\s/@"']+)@`)},
	{credential, regexp.MustCompile(`(?i)(?:password|passwd|passphrase|passcode|\bpwd|secret|token|api[-_]?key|private[-_]?key|shared[-_]?key|access[-_]?key|credential)s?(?:["']?\]?\s*(?:=>|[=:])\s*)(?:"((?:[^"\\\r\n]|\\.)+)"|'((?:[^'\\\r\n]|\\.)+)'|([^\s;,"'{}()&|<>\[\]]+))`)},
	{credential, regexp.MustCompile(`(?i)(?:^|[^a-z_-])key=(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s;,"'{}()&|<>]+))`)},
	{credential, regexp.MustCompile(`(?i)\bset\s+\$[a-z0-9_]*(?:password|passwd|passphrase|secret|token|api_?key)[a-z0-9_]*\s+(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s;"'$]+))`)},
	{credential, regexp.MustCompile(`(?i)\b(?:proxy_set_header|more_set_(?:input_)?headers|add_header|fastcgi_param|uwsgi_param)\s+["']?[a-z0-9_-]*(?:password|secret|token|api-?key|authorization)[a-z0-9_-]*["']?\s*:?\s+(?:"([^"\r\n]+)"|'([^'\r\n]+)'|([^\s;"'$]+))`)},
}

var (
	keyBegin    = regexp.MustCompile(`-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----`)
	keyEnd      = regexp.MustCompile(`-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----`)
	pemBegin    = regexp.MustCompile(`-----BEGIN (?:[A-Z0-9 ]+)-----`)
	pemEnd      = regexp.MustCompile(`-----END (?:[A-Z0-9 ]+)-----`)
	mapToSecret = regexp.MustCompile(`(?i)\b(?:map|geo)\s+[^{]*\$[a-z0-9_]*(?:secret|token|password|passwd|api_?key)[a-z0-9_]*\s*\{`)
	mapValue    = regexp.MustCompile(`^\s*(?:"[^"]*"|'[^']*'|[^\s;{}]+)\s+(?:"([^"]+)"|'([^']+)'|([^\s;"']+))\s*;`)
	base64Token = regexp.MustCompile(`(?:^|[^A-Za-z0-9+/=_-])((?:[A-Za-z0-9+/]{42,}={1,2})|(?:[A-Za-z0-9_-]{42,}={1,2}))(?:$|[^A-Za-z0-9+/=_-])`)
)

// Redact returns text with every secret replaced by a mark, and the marks with
// their lines. Lines stay lines, so that places in the text keep their number.
// It needs no structure, so it also works on what no parser can read; on
// binary data (a NUL byte, or mostly not UTF-8) nothing is replaced unless it
// holds a private key in PEM form. Redacting twice changes nothing.
func Redact(text []byte) ([]byte, []SecretMark) {
	if !isText(text) && !keyBegin.Match(text) {
		return text, nil
	}
	var out bytes.Buffer
	out.Grow(len(text))
	var state redactState
	line := 0
	for len(text) > 0 {
		line++
		end := bytes.IndexByte(text, '\n')
		var ending []byte
		content := text
		if end >= 0 {
			content, ending, text = text[:end], text[end:end+1], text[end+1:]
		} else {
			text = nil
		}
		if n := len(content); n > 0 && content[n-1] == '\r' {
			content, ending = content[:n-1], append([]byte{'\r'}, ending...)
		}
		out.WriteString(state.line(string(content)))
		out.Write(ending)
	}
	clean := out.Bytes()
	return clean, findMarks(clean)
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

func isText(b []byte) bool {
	if bytes.IndexByte(b, 0) >= 0 {
		return false
	}
	if utf8.Valid(b) {
		return true
	}
	bad := 0
	for rest := b; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			bad++
		}
		rest = rest[n:]
	}
	return bad*10 < len(b)
}

// redactState is what a line needs to know about the lines before it.
type redactState struct {
	inKey, inPEM, inMap bool
}

func (s *redactState) line(text string) string {
	if s.inKey {
		if keyEnd.MatchString(text) {
			s.inKey = false
			return text
		}
		if text == "" || markPattern.MatchString(text) {
			return text
		}
		return mark(privateKey, "")
	}
	if loc := keyBegin.FindStringIndex(text); loc != nil {
		if end := keyEnd.FindStringIndex(text[loc[1]:]); end != nil {
			return text[:loc[1]] + mark(privateKey, "") + text[loc[1]+end[0]:]
		}
		s.inKey = true
		if loc[1] < len(text) && strings.TrimSpace(text[loc[1]:]) != "" {
			return text[:loc[1]] + mark(privateKey, "")
		}
		return text
	}
	if s.inPEM {
		if pemEnd.MatchString(text) {
			s.inPEM = false
			return text
		}
		// A certificate's body is public. Anything that is not base64 means
		// that the block was never closed.
		if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t") == "" {
			return text
		}
		s.inPEM = false
	}
	if pemBegin.MatchString(text) && !pemEnd.MatchString(text) {
		s.inPEM = true
		return text
	}

	var cuts []cut
	if s.inMap {
		if m := mapValue.FindStringSubmatchIndex(text); m != nil {
			cuts = appendCut(cuts, text, credential, m)
		}
		if strings.Contains(text, "}") {
			s.inMap = false
		}
	} else if loc := mapToSecret.FindStringIndex(text); loc != nil {
		rest := text[loc[1]:]
		s.inMap = !strings.Contains(rest, "}")
		for start := 0; ; {
			m := mapValue.FindStringSubmatchIndex(rest[start:])
			if m == nil {
				break
			}
			for i := range m {
				if m[i] >= 0 {
					m[i] += loc[1] + start
				}
			}
			cuts = appendCut(cuts, text, credential, m)
			start = m[1] - loc[1]
		}
	}
	for _, p := range secretPatterns {
		for _, m := range p.re.FindAllStringSubmatchIndex(text, -1) {
			cuts = appendCut(cuts, text, p.kind, m)
		}
	}
	for _, m := range base64Token.FindAllStringSubmatchIndex(text, -1) {
		if isRandomKey(text[m[2]:m[3]]) {
			cuts = append(cuts, cut{m[2], m[3], RandomKey})
		}
	}
	return replace(text, cuts)
}

// cut is a stretch of a line that is a secret.
type cut struct {
	from, to int
	kind     string
}

// appendCut adds the first group that matched, unless it plainly is no secret:
// a variable, a port of a map entry, a switch, or an earlier mark.
func appendCut(cuts []cut, text, kind string, m []int) []cut {
	for g := 2; g+1 < len(m); g += 2 {
		if m[g] < 0 {
			continue
		}
		value := text[m[g]:m[g+1]]
		switch {
		case value == "", value[0] == '$' && kind == credential, strings.HasPrefix(value, "[redacted:"), strings.HasPrefix(value, "redacted:"), portLike.MatchString(value), switchLike[strings.ToLower(value)]:
			return cuts
		}
		if isRandomKey(value) {
			kind = RandomKey
		}
		return append(cuts, cut{m[g], m[g+1], kind})
	}
	return cuts
}

var portLike = regexp.MustCompile(`^\d{1,5}(?:[=/].*)?$`)

var switchLike = map[string]bool{"on": true, "off": true, "true": true, "false": true, "yes": true, "no": true, "none": true}

// replace puts marks in place of the cuts. Where cuts overlap, the earlier and
// longer one stands.
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
	var b strings.Builder
	at := 0
	for _, c := range cuts {
		if c.from < at {
			continue
		}
		b.WriteString(text[at:c.from])
		b.WriteString(mark(c.kind, text[c.from:c.to]))
		at = c.to
	}
	b.WriteString(text[at:])
	return b.String()
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
