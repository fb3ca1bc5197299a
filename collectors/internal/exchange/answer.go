// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Caps of one answer. What a gate sends beyond them is not read.
const (
	readBuffer = 4 << 10
	maxLine    = 8 << 10
	maxHead    = 64 << 10
	maxFields  = 200
	maxInterim = 5
	// MaxBody is how much of a body is kept. A little more is skipped to keep
	// the connection; a longer one costs it.
	MaxBody = 256 << 10
	maxSkip = 64 << 10
)

// recordAlert is the first byte of a TLS alert.
const recordAlert = 0x15

var errAlert = errors.New("a TLS alert")

// head is the status line and the fields of a response.
type head struct {
	status  int
	minor   byte
	fields  []Field
	nothing bool // not a byte came
	// odd is set when lines were skipped that are no fields: nobody can be
	// sure then where the body ends.
	odd bool
}

// readHead reads the final response's head and skips up to five interim ones.
// On an error the status is what was read until then.
func readHead(r *bufio.Reader) (head, error) {
	budget := maxHead
	first, err := r.Peek(1)
	if err != nil {
		return head{nothing: true}, err
	}
	if first[0] == recordAlert {
		return head{}, errAlert
	}
	for range maxInterim + 1 {
		h, err := readOneHead(r, &budget)
		if err != nil || h.status >= 200 || h.status == http.StatusSwitchingProtocols {
			return h, err
		}
	}
	return head{}, fmt.Errorf("more than %d interim answers", maxInterim)
}

func readOneHead(r *bufio.Reader, budget *int) (head, error) {
	var h head
	line, err := readLine(r, budget)
	if err != nil {
		return h, err
	}
	if !h.statusLine(line) {
		return h, errors.New("the answer is no HTTP/1")
	}
	for {
		line, err := readLine(r, budget)
		if err != nil {
			return h, err
		}
		if line == "" {
			return h, nil
		}
		if len(h.fields) >= maxFields {
			return h, fmt.Errorf("an answer with more than %d header fields", maxFields)
		}
		h.field(line)
	}
}

// readLine returns a line without its end, CR LF or a bare LF (RFC 9112
// section 2.2).
func readLine(r *bufio.Reader, budget *int) (string, error) {
	var line []byte
	for {
		piece, err := r.ReadSlice('\n')
		if *budget -= len(piece); *budget < 0 || len(line)+len(piece) > maxLine {
			return "", fmt.Errorf("an answer with a head longer than %d bytes, or a line longer than %d", maxHead, maxLine)
		}
		line = append(line, piece...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return "", err
		}
		return string(bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))), nil
	}
}

// statusLine reads "HTTP/1.x NNN reason".
func (h *head) statusLine(line string) bool {
	const prefix = "HTTP/1."
	if len(line) < len(prefix)+5 || !strings.HasPrefix(line, prefix) {
		return false
	}
	h.minor = line[len(prefix)]
	rest := line[len(prefix)+1:]
	if h.minor < '0' || h.minor > '9' || rest[0] != ' ' || len(rest) > 4 && rest[4] != ' ' {
		return false
	}
	status, err := strconv.ParseUint(rest[1:4], 10, 16)
	if err != nil || status < 100 || status > 599 {
		return false
	}
	h.status = int(status)
	return true
}

// field takes one line of the header. A continued line belongs to the field
// before (RFC 9112 section 5.2); one that is no field is skipped.
func (h *head) field(line string) {
	if line[0] == ' ' || line[0] == '\t' {
		if n := len(h.fields); n > 0 && !strings.ContainsAny(line, "\x00\r") {
			last := &h.fields[n-1]
			last.Value = strings.TrimSpace(last.Value + " " + strings.Trim(line, " \t"))
		}
		h.odd = true
		return
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok || !IsToken(name) || strings.ContainsAny(value, "\x00\r") {
		h.odd = true
		return
	}
	h.fields = append(h.fields, Field{Name: name, Value: strings.Trim(value, " \t")})
}

func (h *head) values(name string) []string { return Answer{Fields: h.fields}.Values(name) }

// keepsAlive reports whether the connection may be used again (RFC 9112
// section 9.3).
func (h *head) keepsAlive() bool {
	if h.minor == '0' || h.odd || h.status == http.StatusSwitchingProtocols {
		return false
	}
	for _, element := range Elements(h.values("Connection")) {
		if strings.EqualFold(element, "close") {
			return false
		}
	}
	return true
}

// body is what was read of a body.
type body struct {
	// kept is its beginning, up to MaxBody.
	kept []byte
	// fault says why kept is not the whole body as a reader would see it.
	fault string
	// ended is set when the next byte of the connection belongs to the next
	// answer for sure.
	ended bool
}

// Why a body is not in hand.
var (
	faultLong   = fmt.Sprintf("is longer than %d bytes", MaxBody)
	faultBroken = "broke off"
	faultUnsure = "ends where nobody can be sure"
)

// readBody reads what follows a head. A body that lasts until the connection
// ends is whole only when TLS says that it ended on purpose.
func readBody(r *bufio.Reader, method string, h head) body {
	if method == http.MethodHead || h.status < 200 || h.status == http.StatusNoContent || h.status == http.StatusNotModified {
		return body{ended: h.status >= 200}
	}
	b := readFramed(r, h)
	if b.fault != "" {
		return b
	}
	for _, coding := range Elements(h.values("Content-Encoding")) {
		if !strings.EqualFold(coding, "identity") {
			// Only identity was asked for, and what is inside stays unread.
			b.fault = "is encoded although that was not asked for"
		}
	}
	return b
}

func readFramed(r *bufio.Reader, h head) body {
	lengths, codings := h.values("Content-Length"), Elements(h.values("Transfer-Encoding"))
	switch {
	case len(codings) == 1 && strings.EqualFold(codings[0], "chunked"):
		b := readChunks(r)
		b.ended = b.ended && len(lengths) == 0
		return b
	case len(codings) == 0 && len(lengths) == 1:
		if n, err := strconv.ParseUint(lengths[0], 10, 62); err == nil {
			var b bounded
			return b.take(r, int64(n)).body()
		}
	case len(codings) == 0 && len(lengths) == 0:
		var b bounded
		if b.take(r, MaxBody+maxSkip); b.whole {
			return body{kept: b.kept, fault: faultLong}
		}
		switch {
		case !errors.Is(b.err, io.EOF):
			return body{kept: b.kept, fault: faultBroken}
		case b.skipped > 0:
			return body{kept: b.kept, fault: faultLong}
		}
		return body{kept: b.kept}
	}
	var b bounded
	return body{kept: b.take(r, MaxBody+maxSkip).kept, fault: faultUnsure}
}

// bounded collects up to MaxBody bytes and skips some more.
type bounded struct {
	kept    []byte
	skipped int64
	// whole is set when the last piece was read to its end, else err is why not.
	whole bool
	err   error
}

func (b *bounded) take(r io.Reader, n int64) *bounded {
	b.whole = false
	keep := min(n, int64(MaxBody-len(b.kept)))
	var piece bytes.Buffer
	var got int64
	got, b.err = io.CopyN(&piece, r, keep)
	b.kept = append(b.kept, piece.Bytes()...)
	if b.err != nil {
		return b
	}
	var skipped int64
	skipped, b.err = io.CopyN(io.Discard, r, min(n-got, maxSkip-b.skipped))
	b.skipped += skipped
	b.whole = b.err == nil && got+skipped == n
	return b
}

// body is the state after the last piece.
func (b *bounded) body() body {
	switch {
	case b.err != nil:
		return body{kept: b.kept, fault: faultBroken}
	case !b.whole || b.skipped > 0:
		return body{kept: b.kept, fault: faultLong, ended: b.whole}
	}
	return body{kept: b.kept, ended: true}
}

// readChunks puts a chunked body together. Trailers are skipped.
func readChunks(r *bufio.Reader) body {
	var b bounded
	budget := maxHead
	broken := func() body { return body{kept: b.kept, fault: faultBroken} }
	for {
		line, err := readLine(r, &budget)
		if err != nil {
			return broken()
		}
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.Trim(size, " \t"), 16, 62)
		if err != nil {
			return broken()
		}
		if n == 0 {
			break
		}
		if b.take(r, int64(n)); !b.whole {
			return b.body()
		}
		if end, err := readLine(r, &budget); err != nil || end != "" {
			return broken()
		}
	}
	b.whole = true
	for {
		line, err := readLine(r, &budget)
		if err != nil {
			return broken()
		}
		if line == "" {
			return b.body()
		}
	}
}

// Elements splits header values at their commas and leaves out empty elements
// (RFC 9110 section 5.6.1).
func Elements(values []string) []string {
	var out []string
	for _, v := range values {
		for element := range strings.SplitSeq(v, ",") {
			if element = strings.Trim(element, " \t"); element != "" {
				out = append(out, element)
			}
		}
	}
	return out
}

// IsToken reports whether text is a token (RFC 9110 section 5.6.2), as methods
// and field names are.
func IsToken(text string) bool {
	for i := range len(text) {
		c := text[i]
		alphanumeric := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !alphanumeric && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return text != ""
}
