// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"strconv"
	"strings"
	"unicode"
)

// Limits of one Lua script.
const (
	maxLuaBytes  = 1 << 20
	maxLuaTokens = 200_000
)

// luaKind is what a token is.
type luaKind uint8

const (
	luaEOF luaKind = iota
	luaName
	luaString
	// luaOther is a number, or an operator or bracket.
	luaOther
)

// luaToken is a word of Lua. Text is the name, the operator, or what the string
// literal means.
type luaToken struct {
	kind luaKind
	text string
	line int
}

// is reports whether the token is the operator or bracket.
func (t luaToken) is(operator string) bool { return t.kind == luaOther && t.text == operator }

// luaTokens cuts Lua into words, without comments (Lua 5.1 reference manual,
// section 2.1, and the escapes that LuaJIT adds). The words before a place that
// cannot be read are returned with the reason; line is where that is.
func luaTokens(s string) (tokens []luaToken, line int, reason string) {
	if len(s) > maxLuaBytes {
		return nil, 1, "the Lua code is longer than " + strconv.Itoa(maxLuaBytes) + " bytes"
	}
	l := luaLexer{s: s, line: 1}
	if strings.HasPrefix(s, "#") { // as a program's first line
		l.skipLine()
	}
	for {
		token, reason := l.next()
		switch {
		case reason != "":
			return tokens, token.line, reason
		case token.kind == luaEOF:
			return tokens, l.line, ""
		case len(tokens) == maxLuaTokens:
			return tokens, l.line, "the Lua code has more than " + strconv.Itoa(maxLuaTokens) + " words"
		}
		tokens = append(tokens, token)
	}
}

type luaLexer struct {
	s    string
	i    int
	line int
}

// skipLine skips what is left of a line. For LuaJIT a carriage return ends one too.
func (l *luaLexer) skipLine() {
	if n := strings.IndexAny(l.s[l.i:], "\r\n"); n >= 0 {
		l.i += n
		return
	}
	l.i = len(l.s)
}

// next returns the next word; reason is set when there is none to be found, and
// the word then has the line only.
func (l *luaLexer) next() (t luaToken, reason string) {
	for l.i < len(l.s) {
		c := l.s[l.i]
		switch {
		case c == '\n':
			l.line++
			l.i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			l.i++
		case strings.HasPrefix(l.s[l.i:], "--"):
			l.i += 2
			t.line = l.line
			_, long, closed := l.long()
			switch {
			case long && !closed:
				return t, "a long comment in the Lua code is not closed"
			case !long:
				l.skipLine()
			}
		default:
			return l.word(c)
		}
	}
	return luaToken{kind: luaEOF, line: l.line}, ""
}

func (l *luaLexer) word(c byte) (t luaToken, reason string) {
	t.line = l.line
	start := l.i
	switch {
	case c >= '0' && c <= '9' || c == '.' && l.i+1 < len(l.s) && l.s[l.i+1] >= '0' && l.s[l.i+1] <= '9':
		l.take(func(c byte) bool { return isLuaLetter(c) || c == '.' })
		t.kind, t.text = luaOther, l.s[start:l.i]
		return t, ""
	case isLuaLetter(c):
		l.take(isLuaLetter)
		t.kind, t.text = luaName, l.s[start:l.i]
		return t, ""
	case c == '"' || c == '\'':
		t.kind = luaString
		if t.text, reason = l.quoted(c); reason != "" {
			return t, reason
		}
		return t, ""
	case c == '[':
		text, long, closed := l.long()
		switch {
		case long && !closed:
			return t, "a long string in the Lua code is not closed"
		case long:
			t.kind, t.text = luaString, text
			return t, ""
		}
	}
	t.kind = luaOther
	for _, operator := range [...]string{"...", "..", "::", "==", "~=", "<=", ">="} {
		if strings.HasPrefix(l.s[l.i:], operator) {
			l.i += len(operator)
			t.text = operator
			return t, ""
		}
	}
	l.i++
	t.text = l.s[start:l.i]
	return t, ""
}

func (l *luaLexer) take(member func(byte) bool) {
	for l.i < len(l.s) && member(l.s[l.i]) {
		l.i++
	}
}

// isLuaLetter knows what a name is made of. LuaJIT takes every byte above ASCII
// for a letter.
func isLuaLetter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// long reads a long bracket such as [==[text]==], if one opens here.
func (l *luaLexer) long() (text string, long, closed bool) {
	if l.i >= len(l.s) || l.s[l.i] != '[' {
		return "", false, false
	}
	j := l.i + 1
	for j < len(l.s) && l.s[j] == '=' {
		j++
	}
	if j >= len(l.s) || l.s[j] != '[' {
		return "", false, false
	}
	// The closing bracket has as many "=" as the opening one.
	closing := "]" + l.s[l.i+1:j] + "]"
	n := strings.Index(l.s[j+1:], closing)
	if n < 0 {
		return "", true, false
	}
	text = l.s[j+1 : j+1+n]
	l.line += strings.Count(text, "\n")
	l.i = j + 1 + n + len(closing)
	// A line feed right behind the opening bracket is no part of the string.
	text = strings.TrimPrefix(text, "\r")
	return strings.TrimPrefix(text, "\n"), true, true
}

// quoted reads a string in quotes, which may go on behind an escaped line feed.
func (l *luaLexer) quoted(quote byte) (text, reason string) {
	var b strings.Builder
	for l.i++; l.i < len(l.s); l.i++ {
		c := l.s[l.i]
		switch {
		case c == quote:
			l.i++
			return b.String(), ""
		case c == '\n' || c == '\r':
			return "", "a string in the Lua code is not closed"
		case c == '\\' && l.i+1 < len(l.s):
			l.i++
			l.escape(&b)
		default:
			b.WriteByte(c)
		}
	}
	return "", "a string in the Lua code is not closed"
}

// escape writes what the escape at hand means, and stops at its last byte.
func (l *luaLexer) escape(b *strings.Builder) {
	switch c := l.s[l.i]; {
	case c >= '0' && c <= '9':
		n := 1
		for n < 3 && l.i+n < len(l.s) && l.s[l.i+n] >= '0' && l.s[l.i+n] <= '9' {
			n++
		}
		if code, err := strconv.ParseUint(l.s[l.i:l.i+n], 10, 8); err == nil {
			b.WriteByte(byte(code))
		}
		l.i += n - 1
	case c == 'x' && l.i+2 < len(l.s):
		if code, err := strconv.ParseUint(l.s[l.i+1:l.i+3], 16, 8); err == nil {
			b.WriteByte(byte(code))
			l.i += 2
		}
	case c == 'u' && strings.HasPrefix(l.s[l.i+1:], "{"):
		digits, _, closed := strings.Cut(l.s[l.i+2:], "}")
		if code, err := strconv.ParseUint(digits, 16, 32); closed && err == nil && code <= unicode.MaxRune {
			b.WriteRune(rune(code))
			l.i += len(digits) + 2
		}
	case c == 'z':
		for l.i+1 < len(l.s) && strings.IndexByte(" \t\r\n\v\f", l.s[l.i+1]) >= 0 {
			l.i++
			if l.s[l.i] == '\n' {
				l.line++
			}
		}
	case c == '\n':
		l.line++
		b.WriteByte(c)
	default:
		if i := strings.IndexByte("abfnrtv", c); i >= 0 {
			c = "\a\b\f\n\r\t\v"[i]
		}
		b.WriteByte(c)
	}
}
