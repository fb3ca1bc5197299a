// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"errors"
	"io"
	"mime"
	"strings"

	"golang.org/x/text/transform"
)

// bodyBuffer is how much of a body is worked on at once, on either side.
const bodyBuffer = 32 << 10

// bodyReader rewrites a response body while it streams, in constant memory.
type bodyReader struct {
	source      io.ReadCloser
	transformer *Transformer
	done        func(residual int) // called once, when the body ends or is closed

	in, out  []byte
	pendIn   []byte // of in: read, not yet transformed
	pendOut  []byte // of out: transformed, not yet handed on
	sourceIs error  // why the source ended
}

func newBodyReader(source io.ReadCloser, t *Transformer, done func(int)) *bodyReader {
	return &bodyReader{
		source: source, transformer: t, done: done,
		in: make([]byte, bodyBuffer), out: make([]byte, bodyBuffer),
	}
}

func (b *bodyReader) Read(p []byte) (int, error) {
	for len(b.pendOut) == 0 {
		atEOF := errors.Is(b.sourceIs, io.EOF)
		if len(b.pendIn) == 0 && b.sourceIs != nil {
			b.finish()
			return 0, b.sourceIs
		}
		nDst, nSrc, err := b.transformer.Transform(b.out, b.pendIn, atEOF)
		b.pendOut, b.pendIn = b.out[:nDst], b.pendIn[nSrc:]
		if nDst > 0 {
			break
		}
		switch {
		case b.sourceIs != nil && !atEOF:
			// A broken body is never completed: what is held back is dropped.
			b.finish()
			return 0, b.sourceIs
		case err != nil && !errors.Is(err, transform.ErrShortSrc):
			b.finish()
			return 0, err
		}
		if !atEOF {
			b.fill()
		}
	}
	n := copy(p, b.pendOut)
	b.pendOut = b.pendOut[n:]
	return n, nil
}

func (b *bodyReader) fill() {
	held := copy(b.in, b.pendIn)
	n, err := b.source.Read(b.in[held:])
	b.pendIn, b.sourceIs = b.in[:held+n], err
}

func (b *bodyReader) Close() error {
	b.finish()
	return b.source.Close()
}

func (b *bodyReader) finish() {
	if b.done != nil {
		b.done(b.transformer.Residual())
		b.done = nil
	}
}

// bodyKind is what is done with a response body.
type bodyKind uint8

const (
	bodyOpaque bodyKind = iota // handed on as it is
	bodyText                   // rewritten
	bodyUnread                 // text in a character encoding we cannot read
	bodySigned                 // signed XML: handed on as it is
)

// kindOf sorts a Content-Type. A missing or malformed type counts as text: a browser
// would guess, and guess HTML where it finds some.
func kindOf(contentType string) bodyKind {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil && media == "" {
		media = "text/plain"
	}
	text := strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "+json") || strings.HasSuffix(media, "+xml")
	switch media {
	case "application/samlmetadata+xml":
		return bodySigned
	case "application/json", "application/xml", "application/javascript", "application/x-javascript",
		"application/ecmascript", "application/x-www-form-urlencoded", "application/manifest", "application/ndjson", "application/x-ndjson":
		text = true
	}
	if !text {
		return bodyOpaque
	}
	switch charset := asciiLower(params["charset"]); {
	case charset == "", charset == "utf-8", charset == "utf8", charset == "us-ascii", charset == "ascii",
		strings.HasPrefix(charset, "iso-8859-"), strings.HasPrefix(charset, "windows-125"), charset == "latin1":
		return bodyText
	}
	return bodyUnread
}
