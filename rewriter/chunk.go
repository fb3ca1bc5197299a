// SPDX-License-Identifier: Apache-2.0

package rewriter

import "errors"

var errBodySyntax = errors.New("rewriter: chunk framing outside the strict grammar")

// chunkScanner follows a chunked body (RFC 9112 section 7.1) and refuses what
// implementations read differently: extensions, trailers, bare line ends, blanks
// and long sizes.
type chunkScanner struct {
	state  chunkState
	digits int
	left   int64 // bytes of data outstanding in this chunk
}

type chunkState uint8

const (
	chunkSize chunkState = iota
	chunkSizeLF
	chunkData
	chunkDataCR
	chunkDataLF
	chunkEndCR
	chunkEndLF
	chunkDone
)

// maxChunkDigits keeps sizes within 32 bits: larger ones have wrapped in others' code.
const maxChunkDigits = 8

// scan consumes a prefix of b and returns its length; it stops behind the body, and
// done is then true.
func (c *chunkScanner) scan(b []byte) (n int, done bool, err error) {
	for n < len(b) && c.state != chunkDone {
		if c.state == chunkData {
			take := min(int64(len(b)-n), c.left)
			n += int(take)
			if c.left -= take; c.left == 0 {
				c.state = chunkDataCR
			}
			continue
		}
		if !c.step(b[n]) {
			return n, false, errBodySyntax
		}
		n++
	}
	return n, c.state == chunkDone, nil
}

func (c *chunkScanner) step(b byte) bool {
	switch c.state {
	case chunkSize:
		if byteClass[b]&classHex != 0 {
			c.left = c.left<<4 | int64(hexValue(b))
			c.digits++
			return c.digits <= maxChunkDigits
		}
		c.state = chunkSizeLF
		return b == '\r' && c.digits > 0
	case chunkSizeLF:
		c.digits = 0
		c.state = chunkData
		if c.left == 0 {
			c.state = chunkEndCR
		}
		return b == '\n'
	case chunkDataCR:
		c.state = chunkDataLF
		return b == '\r'
	case chunkDataLF:
		c.state = chunkSize
		return b == '\n'
	case chunkEndCR:
		c.state = chunkEndLF
		return b == '\r'
	case chunkEndLF:
		c.state = chunkDone
		return b == '\n'
	}
	return false
}
