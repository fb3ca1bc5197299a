// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"

	"github.com/postern-audit/postern/internal/evidence"
)

// groupNames is the registry "TLS Supported Groups", the ones that a server
// may speak in our time.
var groupNames = []struct {
	id   uint16
	name string
}{
	{0x001d, "x25519"},
	{0x0017, "secp256r1"},
	{0x0018, "secp384r1"},
	{0x0019, "secp521r1"},
	{0x001e, "x448"},
	{0x11ec, "X25519MLKEM768"},
	{0x11eb, "SecP256r1MLKEM768"},
	{0x11ed, "SecP384r1MLKEM1024"},
	{0x6399, "X25519Kyber768Draft00"},
	{0x0200, "MLKEM512"},
	{0x0201, "MLKEM768"},
	{0x0202, "MLKEM1024"},
	{0x001a, "brainpoolP256r1"},
	{0x001b, "brainpoolP384r1"},
	{0x001c, "brainpoolP512r1"},
	{0x001f, "brainpoolP256r1tls13"},
	{0x0020, "brainpoolP384r1tls13"},
	{0x0021, "brainpoolP512r1tls13"},
	{0x0100, "ffdhe2048"},
	{0x0101, "ffdhe3072"},
	{0x0102, "ffdhe4096"},
	{0x0103, "ffdhe6144"},
	{0x0104, "ffdhe8192"},
	{0x0029, "curveSM2"},
	{0x0016, "secp256k1"},
	{0x0015, "secp224r1"},
	{0x0014, "secp224k1"},
	{0x0013, "secp192r1"},
	{0x0012, "secp192k1"},
	{0x0011, "secp160r2"},
	{0x0010, "secp160r1"},
	{0x000f, "secp160k1"},
	{0x000e, "sect571r1"},
	{0x000d, "sect571k1"},
	{0x000c, "sect409r1"},
	{0x000b, "sect409k1"},
	{0x000a, "sect283r1"},
	{0x0009, "sect283k1"},
	{0x0008, "sect239k1"},
	{0x0007, "sect233r1"},
	{0x0006, "sect233k1"},
	{0x0005, "sect193r2"},
	{0x0004, "sect193r1"},
	{0x0003, "sect163r2"},
	{0x0002, "sect163r1"},
	{0x0001, "sect163k1"},
}

// groupsOf is what is offered in a version: TLS 1.3 knows neither the small
// curves nor the old numbers of the brainpool ones, earlier versions neither
// hybrid groups nor, here, finite fields (see dhBits).
func groupsOf(version uint16) []uint16 {
	var out []uint16
	for _, g := range groupNames {
		switch hybrid := g.id >= 0x0200; {
		case version == tls13 && !hybrid && g.id < 0x0017:
		case version == tls13 && g.id >= 0x001a && g.id <= 0x001c:
		case version != tls13 && (g.id >= 0x0100 || g.id >= 0x001f):
		default:
			out = append(out, g.id)
		}
	}
	return out
}

func groupName(id uint16) string {
	for _, g := range groupNames {
		if g.id == id {
			return g.name
		}
	}
	return fmt.Sprintf("0x%04X", id)
}

// groups finds the key-exchange groups of a version the way suites are found:
// each choice is taken away until the server refuses. In TLS 1.2 a server with
// an ECDSA certificate may refuse as soon as the certificate's own curve is
// taken away, so the list can be short there; TLS 1.3 is exact.
func (l *listener) groups(ctx context.Context, found accepted) ([]evidence.TLSGroup, string) {
	var out []evidence.TLSGroup
	suites := found.order
	if found.protocol.id != tls13 {
		suites = slices.DeleteFunc(slices.Clone(suites), func(id uint16) bool { return !suiteOf(id).ecdhe() })
	}
	if len(suites) == 0 {
		return out, ""
	}
	left := groupsOf(found.protocol.id)
	for len(left) > 0 {
		h := l.helloOf(found.protocol.id, suites)
		h.groups = left
		r := l.hello(ctx, h, found.protocol.id != tls13)
		switch r.outcome {
		case served:
		case alerted, hungUp:
			return out, ""
		default:
			return out, r.reason
		}
		chosen := r.hello.group
		if found.protocol.id != tls13 {
			chosen = r.namedCurve()
		}
		at := slices.Index(left, chosen)
		if at < 0 {
			return out, "the server chose a group that was not offered"
		}
		out = append(out, evidence.TLSGroup{Version: found.protocol.name, ID: int(chosen), Name: groupName(chosen)})
		left = slices.Delete(slices.Clone(left), at, at+1)
	}
	return out, ""
}

// commonShares is a list with one real key share for each of the two groups
// that every server of TLS 1.3 has (RFC 8446, 9.1).
func commonShares() []byte {
	var b cryptobyte.Builder
	for _, g := range []struct {
		id    uint16
		curve ecdh.Curve
	}{{0x001d, ecdh.X25519()}, {0x0017, ecdh.P256()}} {
		key, err := g.curve.GenerateKey(rand.Reader)
		if err != nil {
			continue
		}
		b.AddUint16(g.id)
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes(key.PublicKey().Bytes()) })
	}
	return b.BytesOrPanic()
}
