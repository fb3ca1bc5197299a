// SPDX-License-Identifier: Apache-2.0

package tlsposture

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// renegotiates asks, inside a finished TLS 1.2 handshake, for another one. No
// library of ours can do that, so the records are sealed here with the keys
// that crypto/tls logs. Only AES-GCM is spoken: a listener without it stays
// unknown, and so does one that ignores the request.
func (l *listener) renegotiates(ctx context.Context) evidence.Optional[bool] {
	var answer evidence.Optional[bool]
	l.exchange(ctx, func(ctx context.Context, w *wire) {
		config := l.config(tls12)
		config.CipherSuites = nil
		for id := range sealedSuites {
			config.CipherSuites = append(config.CipherSuites, id)
		}
		var keys bytes.Buffer
		config.KeyLogWriter = &keys
		sent := &tap{wire: w}
		conn := tls.Client(sent, config)
		if conn.HandshakeContext(ctx) != nil {
			return
		}
		c, ok := newConversation(keys.String(), conn.ConnectionState().CipherSuite, sent.out, w)
		if !ok {
			return
		}
		again := l.helloOf(tls12, []uint16{conn.ConnectionState().CipherSuite})
		again.verified = c.verified
		w.countHello()
		if _, err := w.Write(c.seal(recordHandshake, again.record()[5:])); err == nil {
			answer = c.await()
		}
	})
	return answer
}

// tap keeps what is sent.
type tap struct {
	*wire
	out []byte
}

func (t *tap) Write(p []byte) (int, error) {
	if len(t.out) < maxCapture {
		t.out = append(t.out, p...)
	}
	return t.wire.Write(p)
}

// sealedSuites are the suites whose records can be sealed here, with the size
// of the key and the hash of the key derivation.
var sealedSuites = map[uint16]struct {
	key  int
	hash func() hash.Hash
}{
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:   {16, sha256.New},
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: {16, sha256.New},
	tls.TLS_RSA_WITH_AES_128_GCM_SHA256:         {16, sha256.New},
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:   {32, sha512.New384},
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: {32, sha512.New384},
	tls.TLS_RSA_WITH_AES_256_GCM_SHA384:         {32, sha512.New384},
}

// conversation continues a finished handshake below the library that made it.
type conversation struct {
	in             io.Reader
	ours, theirs   cipher.AEAD
	ourIV, theirIV []byte
	// The Finished messages were record 0 of each side (RFC 5246, 6.1).
	sent, received uint64
	verified       []byte
}

// newConversation derives the keys of RFC 5246, 6.3 and RFC 5288 from the logged
// master secret and takes the client's verify_data out of what was sent.
func newConversation(log string, suiteID uint16, out []byte, w *wire) (*conversation, bool) {
	suite, ok := sealedSuites[suiteID]
	fields := strings.Fields(log)
	if !ok || len(fields) != 3 || fields[0] != "CLIENT_RANDOM" {
		return nil, false
	}
	clientRandom, err1 := hex.DecodeString(fields[1])
	master, err2 := hex.DecodeString(fields[2])
	captured, _ := w.capture()
	hello := readFlight(bytes.NewReader(captured), false).hello
	if err1 != nil || err2 != nil || len(hello.random) != 32 {
		return nil, false
	}
	const iv = 4
	block := expand(suite.hash, master, "key expansion", append(bytes.Clone(hello.random), clientRandom...), 2*suite.key+2*iv)
	c := &conversation{ourIV: block[2*suite.key : 2*suite.key+iv], theirIV: block[2*suite.key+iv:]}
	if c.ours, ok = gcm(block[:suite.key]); !ok {
		return nil, false
	}
	if c.theirs, ok = gcm(block[suite.key : 2*suite.key]); !ok {
		return nil, false
	}
	ourFinished, _, ok := afterChange(out)
	if !ok {
		return nil, false
	}
	plain, err := unseal(c.ours, c.ourIV, 0, recordHandshake, ourFinished)
	if err != nil || len(plain) != 4+12 {
		return nil, false
	}
	c.verified = plain[4:]
	_, rest, ok := afterChange(captured)
	if !ok {
		return nil, false
	}
	c.in = io.MultiReader(bytes.NewReader(bytes.Clone(rest)), w)
	c.sent, c.received = 1, 1
	return c, true
}

// afterChange finds the first record after ChangeCipherSpec, and what follows.
func afterChange(stream []byte) (record, rest []byte, ok bool) {
	changed := false
	for len(stream) >= 5 {
		kind, size := stream[0], int(binary.BigEndian.Uint16(stream[3:]))
		if len(stream) < 5+size {
			return nil, nil, false
		}
		record, stream = stream[5:5+size], stream[5+size:]
		if changed {
			return record, stream, kind == recordHandshake
		}
		changed = kind == recordChangeCipherSpec
	}
	return nil, nil, false
}

// await reads until the listener took up the new handshake or refused it.
func (c *conversation) await() evidence.Optional[bool] {
	const maxAnswers = 16
	for range maxAnswers {
		var header [5]byte
		if _, err := io.ReadFull(c.in, header[:]); err != nil {
			return c.gone(err)
		}
		size := int(binary.BigEndian.Uint16(header[3:]))
		if size > maxRecord {
			break
		}
		body := make([]byte, size)
		if _, err := io.ReadFull(c.in, body); err != nil {
			return c.gone(err)
		}
		plain, err := unseal(c.theirs, c.theirIV, c.received, header[0], body)
		c.received++
		if err != nil || len(plain) == 0 {
			break
		}
		switch {
		case header[0] == recordAlert:
			return evidence.Known(false, evidence.Observed)
		case header[0] == recordHandshake && plain[0] == typeServerHello:
			return evidence.Known(true, evidence.Observed)
		}
	}
	return evidence.Optional[bool]{}
}

// gone tells a listener that hung up on the request from a silent one.
func (c *conversation) gone(err error) evidence.Optional[bool] {
	if end := endingOf(err); end == closed || end == reset {
		return evidence.Known(false, evidence.Observed)
	}
	return evidence.Optional[bool]{}
}

func (c *conversation) seal(kind uint8, plain []byte) []byte {
	nonce := binary.BigEndian.AppendUint64(bytes.Clone(c.ourIV), c.sent)
	sealed := c.ours.Seal(nil, nonce, plain, additional(c.sent, kind, len(plain)))
	record := []byte{kind, tls12 >> 8, tls12 & 0xff}
	record = binary.BigEndian.AppendUint16(record, uint16(8+len(sealed)))
	record = append(record, nonce[4:]...)
	c.sent++
	return append(record, sealed...)
}

func unseal(key cipher.AEAD, iv []byte, sequence uint64, kind uint8, record []byte) ([]byte, error) {
	if len(record) < 8+key.Overhead() {
		return nil, io.ErrUnexpectedEOF
	}
	nonce := append(bytes.Clone(iv), record[:8]...)
	return key.Open(nil, nonce, record[8:], additional(sequence, kind, len(record)-8-key.Overhead()))
}

// additional is the additional data of RFC 5246, 6.2.3.3.
func additional(sequence uint64, kind uint8, size int) []byte {
	b := binary.BigEndian.AppendUint64(nil, sequence)
	return binary.BigEndian.AppendUint16(append(b, kind, tls12>>8, tls12&0xff), uint16(size))
}

func gcm(key []byte) (cipher.AEAD, bool) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	aead, err := cipher.NewGCM(block)
	return aead, err == nil
}

// expand is the pseudorandom function of RFC 5246, 5.
func expand(h func() hash.Hash, secret []byte, label string, seed []byte, size int) []byte {
	seed = append([]byte(label), seed...)
	mac := func(parts ...[]byte) []byte {
		m := hmac.New(h, secret)
		for _, p := range parts {
			m.Write(p)
		}
		return m.Sum(nil)
	}
	var out []byte
	for a := mac(seed); len(out) < size; a = mac(a) {
		out = append(out, mac(a, seed)...)
	}
	return out[:size]
}
