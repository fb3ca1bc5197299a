// SPDX-License-Identifier: Apache-2.0

package rewriter

import "bytes"

var (
	samlStem  = []byte("SAMLRe")
	samlNames = [...][]byte{[]byte("SAMLRequest"), []byte("SAMLResponse")}
)

// samlEvent tells whether a whole SAML parameter name stands at i, where its stem
// was found.
func samlEvent(w *window, i int) event {
	for _, name := range samlNames {
		have := w.src[i:min(len(w.src), i+len(name))]
		if !bytes.HasPrefix(name, have) {
			continue
		}
		if len(have) == len(name) {
			return event{kind: eventSAML, start: i, end: i + len(name)}
		}
		if !w.atEOF {
			return event{kind: eventHold, start: i}
		}
	}
	// Not one of the names: pass over the stem as plain text.
	return event{kind: eventText, start: i, end: i + len(samlStem)}
}

// samlSkipper walks over the value that belongs to a SAML parameter name, so that
// the bytes under its signature stay as they are. It knows three settings: a query
// or form pair (name=value), a JSON member ("name": "value") and an HTML control,
// whose tag is skipped to its end because the value may stand in any attribute.
type samlSkipper struct {
	state samlState
	quote byte
	left  int
}

type samlState uint8

const (
	samlIdle samlState = iota
	samlName
	samlNameClosed
	samlMember
	samlPair
	samlPlain
	samlQuoted
	samlEscaped
	samlTag
)

// maxSAMLValue ends the skipping: beyond it a page that merely mentions the name
// would go out unrewritten.
const maxSAMLValue = 1 << 20

func (k *samlSkipper) active() bool { return k.state != samlIdle }

func (k *samlSkipper) begin() { *k = samlSkipper{state: samlName, left: maxSAMLValue} }

// span is how many bytes of b belong to the value; the byte that ends it does not.
func (k *samlSkipper) span(b []byte) int {
	probe := *k
	for i, c := range b {
		if probe.step(c); !probe.active() {
			if i == 0 {
				// Nothing is skipped: leave at once, or the caller would stand still.
				*k = probe
			}
			return i
		}
	}
	return len(b)
}

func (k *samlSkipper) advance(b []byte) {
	for _, c := range b {
		k.step(c)
	}
}

func (k *samlSkipper) step(c byte) {
	if k.left--; k.left <= 0 {
		k.state = samlIdle
		return
	}
	quote := c == '"' || c == '\''
	blank := c == ' ' || c == '\t' || c == '\r' || c == '\n'
	switch k.state {
	case samlName:
		switch {
		case c == '=':
			k.state = samlPair
		case quote:
			k.state = samlNameClosed
		default:
			k.state = samlIdle
		}
	case samlNameClosed:
		switch {
		case blank:
		case c == ':':
			k.state = samlMember
		case c == '>' || c == ',' || c == ')' || c == ']' || c == '}' || c == ';':
			k.state = samlIdle
		default:
			k.state = samlTag
		}
	case samlMember:
		switch {
		case blank:
		case quote:
			k.state, k.quote = samlQuoted, c
		default:
			k.state = samlIdle
		}
	case samlPair:
		switch {
		case quote:
			k.state, k.quote = samlQuoted, c
		case blank || c == '&' || c == '<' || c == '>':
			k.state = samlIdle
		default:
			k.state = samlPlain
		}
	case samlPlain:
		if quote || blank || c == '&' || c == '<' || c == '>' {
			k.state = samlIdle
		}
	case samlQuoted:
		switch c {
		case '\\':
			k.state = samlEscaped
		case k.quote:
			k.state = samlIdle
		}
	case samlEscaped:
		k.state = samlQuoted
	case samlTag:
		if c == '>' {
			k.state = samlIdle
		}
	}
}
