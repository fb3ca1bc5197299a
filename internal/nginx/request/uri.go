// SPDX-License-Identifier: Apache-2.0

package request

import "github.com/postern-audit/postern/internal/nginx"

// normalized is what nginx makes of a target.
type normalized struct {
	path string
	args string
	// quoted and plus say that the path had a percent sign or a plus, which decides
	// later whether captures and paths are escaped again.
	quoted, plus bool
}

type uriState uint8

const (
	inName uriState = iota
	afterSlash
	afterDot
	afterDotDot
	firstDigit
	secondDigit
)

// normalize decodes the percent signs of a target once, resolves dot segments and
// joins slashes; ok is false where nginx answers 400.
func normalize(target string, emptyPath, mergeSlashes bool) (n normalized, ok bool) {
	u := make([]byte, 0, len(target)+1)
	if emptyPath {
		u = append(u, '/')
	}
	var (
		state, before uriState
		decoded       byte
	)
	i := 0
	for i < len(target) {
		c := target[i]
		switch state {
		case firstDigit, secondDigit:
			d, ok := hexDigit(c)
			if !ok {
				return n, false
			}
			i++
			if state == firstDigit {
				decoded, state = d<<4, secondDigit
				continue
			}
			c = decoded | d
			state = before
			switch c {
			case 0:
				return n, false
			case '%', '#', '?':
				u, state = append(u, c), inName
				continue
			}
			n.plus = n.plus || c == '+'
			if u, state, ok = takeByte(u, c, state, mergeSlashes); !ok {
				return n, false
			}
			continue
		}
		i++
		switch c {
		case '%':
			n.quoted = true
			before, state = state, firstDigit
		case '?', '#':
			if u, ok = closeSegment(u, state); !ok {
				return n, false
			}
			n.path = string(u)
			if c == '?' {
				n.args = target[i:]
				for j := range len(n.args) {
					if n.args[j] == '#' {
						n.args = n.args[:j]
						break
					}
				}
			}
			return n, true
		default:
			n.plus = n.plus || c == '+'
			if u, state, ok = takeByte(u, c, state, mergeSlashes); !ok {
				return n, false
			}
		}
	}
	if state == firstDigit || state == secondDigit {
		return n, false
	}
	u, ok = closeSegment(u, state)
	n.path = string(u)
	return n, ok
}

// takeByte adds one byte of the path, decoded or not.
func takeByte(u []byte, c byte, state uriState, mergeSlashes bool) ([]byte, uriState, bool) {
	switch {
	case c == '/' && state == afterSlash:
		if !mergeSlashes {
			u = append(u, c)
		}
		return u, afterSlash, true
	case c == '/' && (state == afterDot || state == afterDotDot):
		u, ok := closeSegment(u, state)
		return u, afterSlash, ok
	case c == '/':
		return append(u, c), afterSlash, true
	case c == '.' && state == afterSlash:
		return append(u, c), afterDot, true
	case c == '.' && state == afterDot:
		return append(u, c), afterDotDot, true
	}
	return append(u, c), inName, true
}

// closeSegment takes back a last segment that is "." or "..".
func closeSegment(u []byte, state uriState) ([]byte, bool) {
	switch state {
	case afterDot:
		return u[:len(u)-1], true
	case afterDotDot:
		for i := len(u) - 4; i >= 0; i-- {
			if u[i] == '/' {
				return u[:i+1], true
			}
		}
		return u, false
	}
	return u, true
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case isDigit(c):
		return c - '0', true
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return (c | 0x20) - 'a' + 10, true
	}
	return 0, false
}

// understood is what an upstream makes of the path that proxy_pass puts before what is
// left of the one that was asked for: it decodes it, while nginx does not. Plain says that
// there is nothing to decode.
func (r *run) understood(prefix string, at nginx.Pos) (path string, plain bool) {
	if r.trace == nil {
		return prefix, true // nobody asks what the upstream reads
	}
	out, plain := make([]byte, 0, len(prefix)), true
	for i := 0; i < len(prefix); i++ {
		c := prefix[i]
		switch {
		case c == '?' || c == '#' || c <= 0x20 || c == 0x7f:
			r.unsure(at, "%q ends the path for the upstream before what follows it", prefix)
		case c == '%':
			if i+2 >= len(prefix) {
				r.unsure(at, "%q cannot be decoded", prefix)
			}
			high, ok := hexDigit(prefix[i+1])
			low, also := hexDigit(prefix[i+2])
			if !ok || !also {
				r.unsure(at, "%q cannot be decoded", prefix)
			}
			c, plain = high<<4|low, false
			i += 2
		}
		out = append(out, c)
	}
	return string(out), plain
}

// Normalize is what nginx makes of a target: the decoded path without dot segments,
// and the arguments. ok is false where it answers 400.
func Normalize(target string, mergeSlashes bool) (path, args string, ok bool) {
	n, ok := normalize(target, false, mergeSlashes)
	return n.path, n.args, ok
}
