// SPDX-License-Identifier: Apache-2.0

package lab

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"time"
)

// authority is a certificate authority: a root, and perhaps an issuing CA
// below it.
type authority struct {
	cert  *x509.Certificate
	key   *ecdsa.PrivateKey
	above *authority
	now   time.Time
}

func newRoot(name string, now time.Time) (*authority, error) {
	return issueAuthority(name, nil, now)
}

// below makes an issuing CA that a signs.
func (a *authority) below(name string) (*authority, error) { return issueAuthority(name, a, a.now) }

func issueAuthority(name string, above *authority, now time.Time) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("lab: key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: name, Organization: []string{"Postern Lab"}, Country: []string{"CH"}},
		NotBefore: now.Add(-48 * time.Hour), NotAfter: now.AddDate(5, 0, 0),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, BasicConstraintsValid: true, IsCA: true,
	}
	a := &authority{key: key, above: above, now: now}
	parent, signer := template, key
	if above != nil {
		parent, signer = above.cert, above.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, fmt.Errorf("lab: certificate of %s: %w", name, err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("lab: certificate of %s: %w", name, err)
	}
	return a, nil
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return big.NewInt(time.Now().UnixNano())
	}
	return n.SetBit(n, 120, 1)
}

// leaf is a certificate with its chain and key.
type leaf struct {
	certificate *x509.Certificate
	chain       [][]byte
	key         crypto.Signer
}

// leafOptions are the ways in which a leaf may differ from a sound one.
type leafOptions struct {
	days         int
	withoutChain bool
	// rsa makes an RSA key: what nodes and gateways need, and what costs more to make.
	rsa bool
}

func (o leafOptions) newKey() (crypto.Signer, x509.KeyUsage, error) {
	if o.rsa {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		return key, x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return key, x509.KeyUsageDigitalSignature, err
}

// issue makes a server and client certificate for the names.
func (a *authority) issue(o leafOptions, names ...string) (*leaf, error) {
	key, usage, err := o.newKey()
	if err != nil {
		return nil, fmt.Errorf("lab: key: %w", err)
	}
	if o.days == 0 {
		o.days = 180
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("lab: key: %w", err)
	}
	id := sha256.Sum256(public)
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: names[0], Organization: []string{"Postern Lab"}, Country: []string{"CH"}},
		NotBefore: a.now.Add(-time.Hour), NotAfter: a.now.AddDate(0, 0, o.days), DNSNames: names,
		KeyUsage: usage, BasicConstraintsValid: true, SubjectKeyId: id[:20],
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("lab: certificate of %s: %w", names[0], err)
	}
	l := &leaf{chain: [][]byte{der}, key: key}
	if l.certificate, err = x509.ParseCertificate(der); err != nil {
		return nil, fmt.Errorf("lab: certificate of %s: %w", names[0], err)
	}
	if !o.withoutChain {
		for at := a; at.above != nil; at = at.above {
			l.chain = append(l.chain, at.cert.Raw)
		}
	}
	return l, nil
}

func (l *leaf) tls() tls.Certificate { return tls.Certificate{Certificate: l.chain, PrivateKey: l.key} }

func (l *leaf) certificatePEM() []byte { return encodeCertificates(l.chain...) }

func (l *leaf) keyPEM() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(l.key)
	if err != nil {
		return nil, fmt.Errorf("lab: key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func encodeCertificates(all ...[]byte) []byte {
	var out []byte
	for _, der := range all {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return out
}

// write stores certificate and key beside each other.
func (l *leaf) write(base string, keyMode os.FileMode) error {
	key, err := l.keyPEM()
	if err != nil {
		return err
	}
	if err := writeNew(base+".pem", l.certificatePEM(), 0o644); err != nil {
		return err
	}
	return writeNew(base+".key", key, keyMode)
}
