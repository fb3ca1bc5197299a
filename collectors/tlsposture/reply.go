// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"
)

// Bounds of a server's first flight. A flight that is longer is not read to
// its end; the hello at its start counts all the same.
const (
	maxRecord  = 16384 + 2048 // RFC 5246, 6.2.3
	maxFlight  = 192 << 10
	maxRecords = 512
)

// outcome is what a ClientHello led to.
type outcome int

const (
	// mute: no full answer before the deadline. It proves nothing.
	mute outcome = iota
	// served: a ServerHello or a HelloRetryRequest.
	served
	// alerted: a fatal alert.
	alerted
	// hungUp: the connection was closed or reset before any answer.
	hungUp
	// foreign: bytes that are not TLS.
	foreign
	// ended: the run ended first.
	ended
)

// reply is the listener's answer to one ClientHello, as far as it is in clear
// text. The zero value is an answer that has not come.
type reply struct {
	outcome outcome
	// reason says in words what came instead of a ServerHello.
	reason string
	alert  uint8
	hello  serverHello
	// certificates are in DER, in the order sent.
	certificates [][]byte
	// keyExchange is the body of the ServerKeyExchange.
	keyExchange        []byte
	certificateRequest bool
	stapled            bool
	// done: the flight came to its ServerHelloDone, so what is not in it was
	// not sent. Never set with TLS 1.3, which encrypts the rest.
	done bool

	handshake []byte
	total     int
	records   int
}

// serverHello holds the choices of a server. A HelloRetryRequest has the same
// form and names the same choices, so the two are not told apart.
type serverHello struct {
	version       uint16
	random        []byte
	session       []byte
	suite         uint16
	compression   uint8
	group         uint16
	alpn          string
	ticket        bool
	renegotiation bool
}

// settled reports whether the answer can be relied on: something came that
// only a TLS implementation, or a server of another protocol, would send.
func (r *reply) settled() bool {
	return r.outcome == served || r.outcome == alerted || r.outcome == foreign
}

// readFlight reads an answer: up to the ServerHello, or the whole clear flight.
func readFlight(in io.Reader, whole bool) *reply {
	r := &reply{}
	for {
		var header [5]byte
		if _, err := io.ReadFull(in, header[:]); err != nil {
			return r
		}
		if !r.acceptable(header) {
			return r
		}
		body := make([]byte, int(header[3])<<8|int(header[4]))
		if _, err := io.ReadFull(in, body); err != nil {
			return r
		}
		if r.feed(header[0], body) || (r.outcome == served && !whole) {
			return r
		}
	}
}

// acceptable looks at a record's header before its body is waited for.
func (r *reply) acceptable(header [5]byte) bool {
	size := int(header[3])<<8 | int(header[4])
	ok := header[0] >= recordChangeCipherSpec && header[0] <= recordApplicationData && header[1] == 3 && size <= maxRecord
	if !ok && r.outcome == mute {
		r.outcome, r.reason = foreign, "the answer is not TLS"
	}
	return ok
}

// feed takes one record and reports whether nothing more is wanted.
func (r *reply) feed(kind uint8, body []byte) bool {
	if r.records++; r.records > maxRecords {
		return r.notTLS("more records than a handshake has")
	}
	switch kind {
	case recordAlert:
		return r.feedAlert(body)
	case recordHandshake:
		r.handshake = append(r.handshake, body...)
		r.total += len(body)
		if r.total > maxFlight {
			return r.notTLS("a handshake message without end")
		}
		return r.messages()
	}
	// Encrypted records follow a TLS 1.3 hello; before one they are nonsense.
	return r.notTLS("the answer is not a TLS handshake")
}

func (r *reply) notTLS(reason string) bool {
	if r.outcome == mute {
		r.outcome, r.reason = foreign, reason
	}
	return true
}

func (r *reply) feedAlert(body []byte) bool {
	if r.outcome != mute {
		return true
	}
	if len(body) != 2 {
		return r.notTLS("the answer is not a TLS handshake")
	}
	const warning, closeNotify = 1, 0
	if body[0] == warning && body[1] != closeNotify {
		// Java and Apache warn about a name that they do not know, and go on.
		return false
	}
	r.outcome, r.alert, r.reason = alerted, body[1], "alert "+alertName(body[1])
	return true
}

func (r *reply) messages() bool {
	for len(r.handshake) >= 4 {
		size := int(r.handshake[1])<<16 | int(r.handshake[2])<<8 | int(r.handshake[3])
		if size > maxFlight {
			return r.notTLS("a handshake message without end")
		}
		if len(r.handshake) < 4+size {
			return false
		}
		kind, body := r.handshake[0], r.handshake[4:4+size]
		r.handshake = r.handshake[4+size:]
		if r.message(kind, body) {
			return true
		}
	}
	return false
}

func (r *reply) message(kind uint8, body []byte) bool {
	if r.outcome != served {
		hello, ok := parseServerHello(body)
		if kind != typeServerHello || !ok {
			return r.notTLS("the answer is not a ServerHello")
		}
		r.outcome, r.hello = served, hello
		return hello.version == tls13
	}
	switch kind {
	case typeCertificate:
		r.certificates = parseCertificates(body)
	case typeCertificateStatus:
		r.stapled = len(body) > 4
	case typeServerKeyExchange:
		r.keyExchange = append([]byte{}, body...)
	case typeCertificateRequest:
		r.certificateRequest = true
	case typeServerHelloDone:
		r.done = true
		return true
	}
	return false
}

func parseServerHello(body []byte) (serverHello, bool) {
	var h serverHello
	s := cryptobyte.String(body)
	var session cryptobyte.String
	if !s.ReadUint16(&h.version) || !s.ReadBytes(&h.random, 32) || !s.ReadUint8LengthPrefixed(&session) ||
		len(session) > 32 || !s.ReadUint16(&h.suite) || !s.ReadUint8(&h.compression) {
		return h, false
	}
	if h.version < ssl30 || h.version > tls12 {
		return h, false
	}
	h.session = append([]byte{}, session...)
	if s.Empty() {
		return h, true
	}
	var extensions cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&extensions) {
		return h, false
	}
	for !extensions.Empty() {
		var id uint16
		var value cryptobyte.String
		if !extensions.ReadUint16(&id) || !extensions.ReadUint16LengthPrefixed(&value) {
			return h, false
		}
		h.extension(id, value)
	}
	return h, true
}

func (h *serverHello) extension(id uint16, value cryptobyte.String) {
	switch id {
	case extSupportedVersions:
		value.ReadUint16(&h.version)
	case extKeyShare:
		value.ReadUint16(&h.group)
	case extRenegotiation:
		h.renegotiation = true
	case extSessionTicket:
		h.ticket = true
	case extALPN:
		var list, name cryptobyte.String
		if value.ReadUint16LengthPrefixed(&list) && list.ReadUint8LengthPrefixed(&name) {
			h.alpn = string(name)
		}
	}
}

// parseCertificates reads a Certificate message of TLS 1.2 and before.
func parseCertificates(body []byte) [][]byte {
	s := cryptobyte.String(body)
	var list cryptobyte.String
	if !s.ReadUint24LengthPrefixed(&list) {
		return nil
	}
	var out [][]byte
	for !list.Empty() {
		var one cryptobyte.String
		if !list.ReadUint24LengthPrefixed(&one) {
			break
		}
		out = append(out, append([]byte{}, one...))
	}
	return out
}

// namedCurve is the group of an ECDHE key exchange, 0 where it is another.
func (r *reply) namedCurve() uint16 {
	const named = 3 // RFC 8422, 5.4
	s := cryptobyte.String(r.keyExchange)
	var kind uint8
	var group uint16
	if s.ReadUint8(&kind) && kind == named && s.ReadUint16(&group) {
		return group
	}
	return 0
}

// primeBits is the size of the prime of a DHE key exchange, 0 where unreadable.
func (r *reply) primeBits() int {
	s := cryptobyte.String(r.keyExchange)
	var prime cryptobyte.String
	if !s.ReadUint16LengthPrefixed(&prime) {
		return 0
	}
	for len(prime) > 0 && prime[0] == 0 {
		prime = prime[1:]
	}
	if len(prime) == 0 {
		return 0
	}
	bits := 8 * len(prime)
	for mask := uint8(0x80); prime[0]&mask == 0; mask >>= 1 {
		bits--
	}
	return bits
}

// alertName names an alert as RFC 8446, 6 and the registry do.
func alertName(code uint8) string {
	names := map[uint8]string{
		0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow",
		30: "decompression_failure", 40: "handshake_failure", 41: "no_certificate", 42: "bad_certificate", 46: "certificate_unknown",
		47: "illegal_parameter", 48: "unknown_ca", 49: "access_denied", 50: "decode_error", 51: "decrypt_error",
		70: "protocol_version", 71: "insufficient_security", 80: "internal_error", 86: "inappropriate_fallback",
		90: "user_canceled", 100: "no_renegotiation", 109: "missing_extension", 110: "unsupported_extension",
		112: "unrecognized_name", 113: "bad_certificate_status_response", 116: "certificate_required", 120: "no_application_protocol",
	}
	if name, ok := names[code]; ok {
		return name
	}
	return fmt.Sprintf("number %d", code)
}

// versionName names a version that a server answered with.
func versionName(v uint16) string {
	for _, p := range protocols {
		if p.id == v {
			return p.name
		}
	}
	return fmt.Sprintf("version 0x%04x", v)
}
