// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bytes"

	"golang.org/x/text/transform"
)

// Transformer rewrites one text stream. It implements transform.Transformer and
// gives the same output however the stream is cut; it holds back only those bytes at
// the end of a piece that may still become a name, so event streams are not delayed.
// It is not safe for concurrent use.
//
// A host is replaced where it stands as a whole token, in any letter case, with its
// port if one follows in any spelling of the colon. Names cannot overlap: a token
// ends where no longer name goes on, so the longest match is the only one. Base64
// and the parts of a JWT hold no dots and every host does, so neither is ever
// touched; the values of SAMLRequest and SAMLResponse are skipped besides, because
// some bindings carry them unencoded.
type Transformer struct {
	names    *Rewriter
	saml     samlSkipper
	tail     [lookBehind]byte // last bytes consumed, right aligned
	tailLen  int
	residual int
	scratch  []byte
}

// Residual counts the internal hosts seen that were left in the output, because the
// map names no single external endpoint for them.
func (t *Transformer) Residual() int { return t.residual }

// Reset makes the transformer ready for another stream.
func (t *Transformer) Reset() { *t = Transformer{names: t.names, scratch: t.scratch[:0]} }

// event is the next place in the stream where copying stops.
type event struct {
	start, end int
	kind       eventKind
	rule       *hostRule
	right      rightContext
}

type eventKind uint8

const (
	eventNone eventKind = iota // copy to the end
	eventHold                  // copy to start, then wait for more
	eventHost
	eventSAML
	eventText // copy this stretch too, then look on
)

// Transform implements transform.Transformer. It never fails of itself.
func (t *Transformer) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	w := window{behind: t.tail[lookBehind-t.tailLen:], src: src, atEOF: atEOF}
	samlAt := -1
	defer func() { t.remember(src[:nSrc]) }()
	for nSrc < len(src) {
		if t.saml.active() {
			n := min(t.saml.span(src[nSrc:]), len(dst)-nDst)
			t.saml.advance(src[nSrc : nSrc+n])
			copy(dst[nDst:], src[nSrc:nSrc+n])
			nDst, nSrc = nDst+n, nSrc+n
			if nDst == len(dst) && nSrc < len(src) {
				return nDst, nSrc, transform.ErrShortDst
			}
			continue
		}
		e := t.next(&w, nSrc, &samlAt)
		n := copy(dst[nDst:], src[nSrc:e.start])
		nDst, nSrc = nDst+n, nSrc+n
		if nSrc < e.start {
			return nDst, nSrc, transform.ErrShortDst
		}
		switch e.kind {
		case eventNone:
			return nDst, nSrc, nil
		case eventHold:
			return nDst, nSrc, transform.ErrShortSrc
		}
		replacement, left := src[e.start:e.end], 0
		if e.kind == eventHost {
			replacement, left = t.replace(&w, e)
		}
		if len(replacement) > len(dst)-nDst {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += copy(dst[nDst:], replacement)
		nSrc = e.end
		t.residual += left
		if e.kind == eventSAML {
			t.saml.begin()
		}
	}
	return nDst, nSrc, nil
}

// replace gives the bytes that stand for a host, and 1 when they still name it.
func (t *Transformer) replace(w *window, e event) (replacement []byte, residual int) {
	colon, web := e.right.colon, false
	if e.right.port < 0 {
		colon, web = w.authority(e.start)
	}
	out, ok := e.rule.external(t.scratch[:0], e.right.port, web, colon)
	if !ok {
		return w.src[e.start:e.end], 1
	}
	t.scratch = out
	return out, 0
}

// next finds the first event at or behind from. samlAt caches the next SAML name so
// that the search for it stays linear: -1 unknown, len(src) none.
func (t *Transformer) next(w *window, from int, samlAt *int) event {
	if *samlAt < from {
		*samlAt = len(w.src)
		if i := bytes.Index(w.src[from:], samlStem); i >= 0 {
			*samlAt = from + i
		}
	}
	dot := from
	for {
		i := bytes.IndexByte(w.src[dot:], '.')
		if i < 0 {
			break
		}
		dot += i
		e, found := t.hostAt(w, from, dot)
		if *samlAt < dot && (!found || *samlAt < e.start) {
			break
		}
		if found {
			return e
		}
		dot++
	}
	if *samlAt < len(w.src) {
		return samlEvent(w, *samlAt)
	}
	return t.hold(w, max(from, dot))
}

// hostAt looks for a host whose first dot is at dot and which begins at or behind
// from.
func (t *Transformer) hostAt(w *window, from, dot int) (event, bool) {
	if dot == from {
		return event{}, false
	}
	if dot+1 < len(w.src) && !t.names.after[lowerByte(w.src[dot+1])] {
		return event{}, false
	}
	for _, rule := range t.names.byLast[lowerByte(w.src[dot-1])] {
		start := dot - rule.dot
		if start < from {
			continue
		}
		have := w.src[start:min(len(w.src), start+len(rule.host))]
		if !foldEqual(have, rule.host[:len(have)]) || !w.leftBoundary(start) {
			continue
		}
		if len(have) < len(rule.host) {
			if w.atEOF {
				continue
			}
			return event{kind: eventHold, start: start}, true
		}
		right := w.right(start + len(rule.host))
		switch {
		case right.longer:
			continue
		case right.incomplete:
			return event{kind: eventHold, start: start}, true
		}
		return event{kind: eventHost, start: start, end: right.end, rule: rule, right: right}, true
	}
	return event{}, false
}

// hold decides how much of the end of the window, which has no dot behind from, may
// go out: all but the beginning of a host's first label or of a SAML name.
func (t *Transformer) hold(w *window, from int) event {
	none := event{start: len(w.src)}
	if w.atEOF {
		return none
	}
	for s := max(from, len(w.src)-max(t.names.maxLabel, len(samlStem)-1)); s < len(w.src); s++ {
		rest := w.src[s:]
		if len(rest) < len(samlStem) && bytes.HasPrefix(samlStem, rest) {
			return event{kind: eventHold, start: s}
		}
		if !t.names.starts[rest[0]] || !w.leftBoundary(s) {
			continue
		}
		for _, rule := range t.names.hosts {
			if len(rest) <= rule.dot && foldEqual(rest, rule.host[:len(rest)]) {
				return event{kind: eventHold, start: s}
			}
		}
	}
	return none
}

// remember keeps the last bytes consumed for the look-behind of the next call.
func (t *Transformer) remember(consumed []byte) {
	if len(consumed) >= lookBehind {
		copy(t.tail[:], consumed[len(consumed)-lookBehind:])
		t.tailLen = lookBehind
		return
	}
	copy(t.tail[:], t.tail[len(consumed):])
	copy(t.tail[lookBehind-len(consumed):], consumed)
	t.tailLen = min(lookBehind, t.tailLen+len(consumed))
}
