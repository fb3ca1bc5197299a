// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// protocol is one version with its names: ours, and tlsx's.
type protocol struct {
	id         uint16
	name, tlsx string
}

var protocols = []protocol{
	{ssl30, "SSLv3", "ssl30"},
	{tls10, "TLSv1.0", "tls10"},
	{tls11, "TLSv1.1", "tls11"},
	{tls12, "TLSv1.2", "tls12"},
	{tls13, "TLSv1.3", "tls13"},
}

// suite is a cipher suite with what its name says about it.
type suite struct {
	id   uint16
	name string
}

// forTLS13 reports whether the suite belongs to TLS 1.3, whose names do not
// speak of a key exchange.
func (s suite) forTLS13() bool { return !strings.Contains(s.name, "_WITH_") }

// exchange is the key exchange and authentication part of the name.
func (s suite) exchange() string {
	before, _, _ := strings.Cut(strings.TrimPrefix(s.name, "TLS_"), "_WITH_")
	return before
}

func (s suite) forwardSecret() bool {
	kx := s.exchange()
	return s.forTLS13() || strings.HasPrefix(kx, "ECDHE_") || strings.HasPrefix(kx, "DHE_") || strings.HasSuffix(kx, "_anon") ||
		strings.Contains(kx, "_anon_EXPORT") || strings.HasPrefix(kx, "GOSTR341112")
}

func (s suite) dhe() bool {
	kx := s.exchange()
	return !s.forTLS13() && (strings.HasPrefix(kx, "DHE_") || strings.HasPrefix(kx, "DH_anon"))
}

func (s suite) ecdhe() bool {
	kx := s.exchange()
	return strings.HasPrefix(kx, "ECDHE_") || strings.HasPrefix(kx, "ECDH_anon")
}

func (s suite) aead() bool {
	for _, mode := range []string{"_GCM", "_CCM", "_POLY1305", "_MGM"} {
		if strings.Contains(s.name, mode) {
			return true
		}
	}
	return false
}

func (s suite) cbc() bool { return strings.Contains(s.name, "_CBC_") }

// broken says why nobody should speak the suite, empty where there is no
// reason known. RFC 9325, 4.1, RFC 7465 and RFC 8429 hold the arguments.
func (s suite) broken() string {
	for _, mark := range []struct{ part, why string }{
		{"_NULL_", "no encryption"},
		{"_anon_", "no authentication of the server"},
		{"_EXPORT", "export key of 40 to 56 bit"},
		{"_RC4_", "RC4 has biased output"},
		{"_RC2_", "RC2 is obsolete"},
		{"_DES40_", "DES has a key of 56 bit or less"},
		{"_3DES_", "64 bit blocks collide in long connections"},
		{"_DES_", "DES has a key of 56 bit or less"},
		{"_IDEA_", "64 bit blocks collide in long connections"},
		{"_MD5", "MD5 has collisions"},
	} {
		if strings.Contains(s.name, mark.part) {
			return mark.why
		}
	}
	if s.name == "TLS_SHA256_SHA256" || s.name == "TLS_SHA384_SHA384" {
		return "no encryption"
	}
	return ""
}

// offered is every suite that a version knows, the sound ones first: a server
// that follows the client's order then answers with what it would use.
func offered(version uint16) []uint16 {
	var sealed, older, broken []uint16
	for _, entry := range suiteNames {
		s := suite{entry.id, entry.name}
		switch {
		case s.forTLS13() != (version == tls13):
		case s.broken() != "":
			broken = append(broken, s.id)
		case s.aead():
			sealed = append(sealed, s.id)
		default:
			older = append(older, s.id)
		}
	}
	return slices.Concat(sealed, older, broken)
}

func suiteOf(id uint16) suite {
	for _, entry := range suiteNames {
		if entry.id == id {
			return suite{entry.id, entry.name}
		}
	}
	return suite{id, fmt.Sprintf("0x%04X", id)}
}

// accepted is the suites of one version.
type accepted struct {
	protocol protocol
	// order is how the listener chose as its favourites were taken away.
	order []uint16
	// first is the answer to the offer of everything, with its whole flight.
	first *reply
	// open says why there may be more suites; empty when all were tried.
	open string
	// preference: whether the order is the server's own.
	preference evidence.Optional[bool]
}

// enumerate offers everything, takes away what the server chose, and repeats
// until it refuses. Every suite costs one ClientHello, the end one more.
func (l *listener) enumerate(ctx context.Context, p protocol) accepted {
	found := accepted{protocol: p}
	left := offered(p.id)
	shares := []byte(nil)
	for len(left) > 0 {
		first := found.first == nil
		h := l.helloOf(p.id, left)
		h.staple, h.deflate, h.shares = first, first && p.id != tls13, shares
		r := l.hello(ctx, h, first)
		if first && r.outcome == alerted && p.id == tls13 && shares == nil {
			// A server that cannot ask for another key share needs one.
			shares = commonShares()
			continue
		}
		if first {
			found.first = r
		}
		switch r.outcome {
		case served:
		case alerted, hungUp:
			return found
		default:
			found.open = r.reason
			return found
		}
		if r.hello.version != p.id {
			return found
		}
		at := slices.Index(left, r.hello.suite)
		if at < 0 {
			found.open = fmt.Sprintf("the server chose suite 0x%04X, which was not offered", r.hello.suite)
			if len(found.order) == 0 {
				found.order = append(found.order, r.hello.suite)
			}
			return found
		}
		found.order = append(found.order, r.hello.suite)
		left = slices.Delete(slices.Clone(left), at, at+1)
	}
	return found
}

// prefer offers the accepted suites backwards. A server that takes the first
// one follows the client, any other choice is its own.
func (l *listener) prefer(ctx context.Context, found *accepted) {
	if len(found.order) < 2 || found.open != "" {
		return
	}
	backwards := slices.Clone(found.order)
	slices.Reverse(backwards)
	r := l.hello(ctx, l.helloOf(found.protocol.id, backwards), false)
	if r.outcome == served && r.hello.version == found.protocol.id {
		found.preference = evidence.Known(r.hello.suite != backwards[0], evidence.Observed)
	}
}

// helloOf is the plain hello of a version to the declared name.
func (l *listener) helloOf(version uint16, suites []uint16) clientHello {
	return clientHello{version: version, suites: suites, name: l.endpoint.Host, groups: groupsOf(version)}
}

// facts turns accepted suites into evidence.
func (a accepted) facts() []evidence.TLSSuite {
	out := make([]evidence.TLSSuite, 0, len(a.order))
	for i, id := range a.order {
		s := suiteOf(id)
		fact := evidence.TLSSuite{
			Version: a.protocol.name, ID: int(id), Name: s.name,
			ForwardSecret: s.forwardSecret(), AEAD: s.aead(), CBC: s.cbc(), Why: s.broken(), Broken: s.broken() != "",
		}
		if a.preference.Known && a.preference.Value || len(a.order) == 1 && a.open == "" {
			fact.Position = i + 1
		}
		out = append(out, fact)
	}
	return out
}

// dhBits asks for a DHE key exchange and measures its prime. Groups of RFC 7919
// are not offered, so the answer is the server's own choice.
func (l *listener) dhBits(ctx context.Context, found accepted) evidence.Optional[int] {
	var dhe []uint16
	for _, id := range found.order {
		if s := suiteOf(id); s.dhe() && !strings.Contains(s.name, "_EXPORT") {
			dhe = append(dhe, id)
		}
	}
	if len(dhe) == 0 {
		return evidence.Optional[int]{}
	}
	r := l.hello(ctx, l.helloOf(found.protocol.id, dhe), true)
	if bits := r.primeBits(); r.outcome == served && bits > 0 && suiteOf(r.hello.suite).dhe() {
		return evidence.Known(bits, evidence.Observed)
	}
	return evidence.Optional[int]{}
}
