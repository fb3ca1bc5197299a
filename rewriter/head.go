// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"
	"strings"
)

// ParseHead reads the head of an HTTP/1 request, from the request line to the empty
// line that ends it, by the strict grammar of RFC 9112 without its allowances for
// old peers: lines end in CRLF, blanks are single, nothing is folded. Everything
// between two readings is refused. ServerName, Port and Plain of the result are the
// caller's to fill.
func ParseHead(head []byte) (Request, Reason) {
	var r Request
	text, complete := bytes.CutSuffix(head, []byte("\r\n\r\n"))
	if !complete {
		return r, RequestLine
	}
	for i, line := range strings.Split(string(text), "\r\n") {
		if strings.IndexByte(line, '\n') >= 0 {
			return r, BareLF
		}
		if strings.IndexByte(line, '\r') >= 0 {
			return r, BareCR
		}
		if i == 0 {
			if refused := r.readLine(line); refused != "" {
				return r, refused
			}
			continue
		}
		if line == "" {
			return r, RequestLine
		}
		if line[0] == ' ' || line[0] == '\t' {
			return r, ObsFold
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			return r, FieldName
		}
		r.Fields = append(r.Fields, Field{Name: name, Value: strings.Trim(value, " \t")})
	}
	return r, ""
}

func (r *Request) readLine(line string) Reason {
	method, rest, found := strings.Cut(line, " ")
	if !found {
		return RequestLine
	}
	target, proto, found := strings.Cut(rest, " ")
	if !found || method == "" || target == "" || strings.IndexByte(proto, ' ') >= 0 {
		return RequestLine
	}
	r.Method, r.Target, r.Proto = method, target, proto
	switch {
	case proto == "HTTP/1.1" || proto == "HTTP/1.0":
		return ""
	case strings.HasPrefix(proto, "HTTP/"):
		return Version
	}
	return RequestLine
}

// headEnd looks for the end of a head in data, of which the first seen bytes were
// looked at before. It answers as early as the bytes allow: a bare LF is refused at
// once, for a peer that ends its lines so will never send the end we wait for.
func headEnd(data []byte, seen int) (end int, refused Reason) {
	for i := seen; i < len(data); i++ {
		next := bytes.IndexByte(data[i:], '\n')
		if next < 0 {
			break
		}
		i += next
		if i == 0 || data[i-1] != '\r' {
			return 0, BareLF
		}
		if i >= 3 && data[i-2] == '\n' {
			return i + 1, ""
		}
		if i == 1 {
			return 0, RequestLine
		}
	}
	return 0, ""
}
