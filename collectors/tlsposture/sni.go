// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"slices"

	"github.com/postern-audit/postern/internal/evidence"
)

// foreignName is a name that no listener serves: .invalid is reserved
// (RFC 6761, 6.4).
const foreignName = "postern-unknown.invalid"

// named offers a server name, or none, and tells which leaf came back.
func (l *listener) named(ctx context.Context, found accepted, name string) evidence.SNIAnswer {
	var r *reply
	var leaf []byte
	if found.protocol.id == tls13 {
		r, leaf = l.namedTLS13(ctx, name)
	} else {
		h := l.helloOf(found.protocol.id, signed(found.order))
		h.name = name
		r = l.hello(ctx, h, true)
		if len(r.certificates) > 0 {
			leaf = r.certificates[0]
		}
	}
	switch r.outcome {
	case served:
		a := evidence.SNIAnswer{Answer: evidence.Accepted}
		if leaf != nil {
			a.Certificate = digest(leaf)
		}
		return a
	case alerted, hungUp:
		return evidence.SNIAnswer{Answer: evidence.Refused, Reason: r.reason}
	}
	return evidence.SNIAnswer{Answer: evidence.AnswerUnknown, Reason: r.reason}
}

// signed leaves out the suites in which a server shows no certificate.
func signed(suites []uint16) []uint16 {
	return slices.DeleteFunc(slices.Clone(suites), func(id uint16) bool {
		s := suiteOf(id)
		return s.broken() == "no authentication of the server"
	})
}

// namedTLS13 needs the keys of the handshake, since the certificate is sealed.
func (l *listener) namedTLS13(ctx context.Context, name string) (*reply, []byte) {
	var leaf []byte
	say := func(ctx context.Context, w *wire) {
		config := l.config(tls13)
		config.ServerName = name
		config.VerifyConnection = func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) > 0 {
				leaf = s.PeerCertificates[0].Raw
			}
			return nil
		}
		conn := tls.Client(w, config)
		_ = conn.HandshakeContext(ctx)
	}
	_, r := l.exchange(ctx, say)
	return r, leaf
}

// config is what a complete handshake of one version is made with. The chain
// is judged elsewhere, against the roots that the site declares.
func (l *listener) config(version uint16) *tls.Config {
	c := &tls.Config{
		MinVersion: version, MaxVersion: version,
		InsecureSkipVerify: true,
	}
	if sendsName(l.endpoint.Host) {
		c.ServerName = l.endpoint.Host
	}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		c.CipherSuites = append(c.CipherSuites, s.ID)
	}
	return c
}

func digest(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// alpn offers one application protocol.
func (l *listener) alpn(ctx context.Context, found accepted, name string) (evidence.TLSALPN, string) {
	fact := evidence.TLSALPN{Protocol: name, Answer: evidence.AnswerUnknown}
	chosen := ""
	var r *reply
	if found.protocol.id == tls13 {
		say := func(ctx context.Context, w *wire) {
			config := l.config(tls13)
			config.NextProtos = []string{name}
			conn := tls.Client(w, config)
			if conn.HandshakeContext(ctx) == nil {
				chosen = conn.ConnectionState().NegotiatedProtocol
			} else {
				chosen = "?"
			}
		}
		_, r = l.exchange(ctx, say)
		if r.outcome == served && chosen == "?" {
			return fact, "the handshake did not finish"
		}
	} else {
		h := l.helloOf(found.protocol.id, found.order)
		h.alpn = []string{name}
		r = l.hello(ctx, h, false)
		chosen = r.hello.alpn
	}
	const noApplicationProtocol = 120 // RFC 7301, 3.2
	switch {
	case r.outcome == served && chosen == name:
		fact.Answer = evidence.Accepted
	case r.outcome == served, r.outcome == alerted && r.alert == noApplicationProtocol:
		fact.Answer = evidence.Refused
	default:
		return fact, r.reason
	}
	return fact, ""
}
