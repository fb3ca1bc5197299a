// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// plainText brings content into a form in which secrets can be found: UTF-16,
// as Windows shells write it, becomes UTF-8, and NUL bytes are taken out. It
// returns false for content that is no text.
func plainText(content []byte) ([]byte, bool) {
	text := content
	if order, body := utf16Order(content); order != nil {
		text = fromUTF16(body, order)
	}
	if bytes.IndexByte(text, 0) < 0 {
		return text, !plainlyBinary(text)
	}
	if bytes.Count(text, []byte{0})*10 > len(text)*6 {
		return nil, false
	}
	text = withoutNUL(text)
	return text, !plainlyBinary(text)
}

// placeholder stands for content of which nothing but the length is kept.
func placeholder(content []byte) string {
	return fmt.Sprintf("[redacted:%s:%d]\n", binaryContent, len(content))
}

// isCertificate reports whether content is one certificate in DER form and
// nothing else. A certificate is public; a key in the same form is not.
func isCertificate(content []byte) bool {
	if len(content) == 0 || content[0] != 0x30 {
		return false
	}
	_, err := x509.ParseCertificate(content)
	return err == nil
}

// utf16Order returns the byte order of UTF-16 text and the text without its
// mark, or nil. Without a mark, three quarters of the bytes of one parity must
// be zero, and hardly any of the other: so is text that is mostly ASCII.
func utf16Order(b []byte) (binary.ByteOrder, []byte) {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return binary.LittleEndian, b[2:]
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		return binary.BigEndian, b[2:]
	case len(b) < 4:
		return nil, b
	}
	if bytes.IndexByte(b, 0) < 0 {
		return nil, b
	}
	var zero [2]int
	for i, c := range b {
		if c == 0 {
			zero[i%2]++
		}
	}
	units := len(b) / 2
	switch {
	case zero[1]*4 >= units*3 && zero[0]*10 <= units:
		return binary.LittleEndian, b
	case zero[0]*4 >= units*3 && zero[1]*10 <= units:
		return binary.BigEndian, b
	}
	return nil, b
}

func fromUTF16(b []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(b)/2+1)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	if len(b) == 1 {
		units = append(units, utf8.RuneError)
	}
	out := make([]byte, 0, len(units))
	for _, r := range utf16.Decode(units) {
		out = utf8.AppendRune(out, r)
	}
	return out
}

// withoutNUL takes NUL bytes out, line by line. Where they are many, the line is
// UTF-16 amid other text, and what remains reads as it was meant; a single one
// is replaced, so that it does not go unseen.
func withoutNUL(text []byte) []byte {
	if bytes.IndexByte(text, 0) < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for line := range bytes.SplitAfterSeq(text, []byte{'\n'}) {
		by := []byte("\uFFFD")
		if bytes.Count(line, []byte{0})*4 >= len(line) {
			by = nil
		}
		out = append(out, bytes.ReplaceAll(line, []byte{0}, by)...)
	}
	return out
}

// plainlyBinary reports whether bytes are no text in any encoding that has the
// ASCII characters: many control characters, some beside much that is not
// UTF-8, or a whole ASN.1 value. High bytes alone are text in an older encoding.
func plainlyBinary[T []byte | string](text T) bool {
	var invalid, control int
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c >= 0x20 && c < 0x7f:
			i++
		case c < utf8.RuneSelf:
			if (c < '\a' || c > '\r') && c != 0x1b {
				control++
			}
			i++
		default:
			r, n := utf8.DecodeRuneInString(string(text[i:min(i+utf8.UTFMax, len(text))]))
			if r == utf8.RuneError && n == 1 {
				invalid++
			}
			i += n
		}
	}
	if invalid+control == 0 {
		return false
	}
	b := []byte(text)
	switch {
	case control*10 >= len(b):
		return true
	case invalid*10 >= len(b) && (control*100 >= len(b) || bytes.IndexByte(b, '\n') < 0):
		return true
	}
	var value asn1.RawValue
	rest, err := asn1.Unmarshal(b, &value)
	return err == nil && b[0] == 0x30 && len(b) >= 16 && len(bytes.TrimSpace(rest)) == 0
}
