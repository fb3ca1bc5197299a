// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"crypto/rand"
	"net/netip"

	"golang.org/x/crypto/cryptobyte"
)

// Numbers of the wire, RFC 8446 sections 4 to 6 and the registries it names.
const (
	recordChangeCipherSpec = 20
	recordAlert            = 21
	recordHandshake        = 22
	recordApplicationData  = 23

	typeClientHello        = 1
	typeServerHello        = 2
	typeCertificate        = 11
	typeServerKeyExchange  = 12
	typeCertificateRequest = 13
	typeServerHelloDone    = 14
	typeCertificateStatus  = 22

	extServerName        = 0
	extStatusRequest     = 5
	extSupportedGroups   = 10
	extPointFormats      = 11
	extSignatures        = 13
	extALPN              = 16
	extPadding           = 21
	extExtendedMaster    = 23
	extSessionTicket     = 35
	extSupportedVersions = 43
	extKeyShare          = 51
	extRenegotiation     = 0xff01
)

// Protocol versions as they stand on the wire.
const (
	ssl30 = 0x0300
	tls10 = 0x0301
	tls11 = 0x0302
	tls12 = 0x0303
	tls13 = 0x0304
)

// clientHello is what one handshake offers. Nothing of it is secret, and no
// key is agreed: TLS 1.3 is asked with an empty list of key shares, which a
// server answers with a HelloRetryRequest that names its suite and its group
// (RFC 8446, 4.1.4 and 4.2.8). So one round trip tells the choice.
type clientHello struct {
	version uint16
	suites  []uint16
	// name is the server name; empty, or an address, sends none (RFC 6066, 3).
	name   string
	groups []uint16
	alpn   []string
	// session asks to resume; the TLS 1.3 compatibility mode fills it itself.
	session []byte
	// verified is what a renegotiation is bound to (RFC 5746, 3.5).
	verified []byte
	// shares is the body of the key share list, empty for a retry request.
	shares []byte
	// staple asks for an OCSP response, deflate offers compression. Neither is
	// sent with TLS 1.3, which has no compression and encrypts its staple.
	staple, deflate bool
}

// signatures is every algorithm that a server could need to use its key, new
// and old, since the certificate must never be what decides about a suite.
var signatures = []uint16{
	0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b,
	0x0401, 0x0501, 0x0601, 0x0904, 0x0905, 0x0906, 0x081a, 0x081b, 0x081c,
	0x0303, 0x0301, 0x0302, 0x0402, 0x0502, 0x0602, 0x0203, 0x0201, 0x0202,
}

// record returns the hello as one record with a fresh random.
func (h clientHello) record() []byte {
	var random [64]byte
	// crypto/rand never fails: it ends the program instead (Go 1.24).
	_, _ = rand.Read(random[:])
	session := h.session
	if h.version == tls13 && session == nil {
		session = random[32:]
	}
	legacy, recordVersion := min(h.version, tls12), uint16(tls10)
	if h.version == ssl30 {
		recordVersion = ssl30
	}
	var b cryptobyte.Builder
	b.AddUint8(recordHandshake)
	b.AddUint16(recordVersion)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(typeClientHello)
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint16(legacy)
			b.AddBytes(random[:32])
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(session) })
			addList(b, h.suites)
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) {
				if h.deflate {
					b.AddUint8(1)
				}
				b.AddUint8(0)
			})
			// SSL 3.0 has no extensions (RFC 6101).
			if h.version != ssl30 {
				b.AddUint16LengthPrefixed(h.extensions)
			}
		})
	})
	return b.BytesOrPanic()
}

func (h clientHello) extensions(b *cryptobyte.Builder) {
	if sendsName(h.name) {
		extension(b, extServerName, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				b.AddUint8(0)
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(h.name)) })
			})
		})
	}
	extension(b, extSupportedGroups, func(b *cryptobyte.Builder) { addList(b, h.groups) })
	extension(b, extSignatures, func(b *cryptobyte.Builder) { addList(b, signatures) })
	if len(h.alpn) > 0 {
		extension(b, extALPN, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				for _, p := range h.alpn {
					b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(p)) })
				}
			})
		})
	}
	if h.version == tls13 {
		extension(b, extSupportedVersions, func(b *cryptobyte.Builder) {
			b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddUint16(tls13) })
		})
		extension(b, extKeyShare, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(h.shares) })
		})
		return
	}
	extension(b, extPointFormats, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) })
	extension(b, extExtendedMaster, func(*cryptobyte.Builder) {})
	extension(b, extSessionTicket, func(*cryptobyte.Builder) {})
	extension(b, extRenegotiation, func(b *cryptobyte.Builder) {
		b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(h.verified) })
	})
	if h.staple {
		extension(b, extStatusRequest, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0, 0, 0, 0}) })
	}
	// Some old load balancers hang on a hello of 256 to 511 bytes (RFC 7685).
	// The padding lifts every hello over that, whatever is left to offer.
	if room := 512 - h.sizeWithout(); room > 0 {
		extension(b, extPadding, func(b *cryptobyte.Builder) { b.AddBytes(make([]byte, room)) })
	}
}

// sizeWithout is a lower bound of the hello's size without its padding.
func (h clientHello) sizeWithout() int {
	return 4 + 2 + 32 + 1 + len(h.session) + 2 + 2*len(h.suites) + 2 + 2 +
		6 + 2*len(h.groups) + 6 + 2*len(signatures) + 4
}

// sendsName reports whether a host can stand in the server name extension.
func sendsName(host string) bool {
	if host == "" {
		return false
	}
	_, err := netip.ParseAddr(host)
	return err != nil
}

func extension(b *cryptobyte.Builder, id uint16, body func(*cryptobyte.Builder)) {
	b.AddUint16(id)
	b.AddUint16LengthPrefixed(body)
}

func addList(b *cryptobyte.Builder, values []uint16) {
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		for _, v := range values {
			b.AddUint16(v)
		}
	})
}
