// SPDX-License-Identifier: Apache-2.0

package certchain

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"

	zx509 "github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	"github.com/zmap/zlint/v3/lint"

	"github.com/postern-audit/postern/internal/evidence"
)

// describe turns a certificate into facts.
func describe(c *x509.Certificate) evidence.Certificate {
	sum := sha256.Sum256(c.Raw)
	digest := hex.EncodeToString(sum[:])
	out := evidence.Certificate{
		Subject: evidence.Subject("cert", digest), SHA256: digest,
		CommonName: c.Subject.CommonName, SubjectName: c.Subject.String(), IssuerName: c.Issuer.String(),
		Serial: c.SerialNumber.Text(16), DNSNames: c.DNSNames,
		NotBefore: c.NotBefore.UTC().Format(time.RFC3339), NotAfter: c.NotAfter.UTC().Format(time.RFC3339),
		SignatureHash: signatureHash(c.SignatureAlgorithm), SelfSigned: selfSigned(c), CA: c.IsCA,
		KeyUsage: keyUsages(c.KeyUsage), ExtKeyUsage: extKeyUsages(c.ExtKeyUsage, c.UnknownExtKeyUsage),
		HasExtKeyUsage: len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0,
		Lints:          lints(c.Raw),
		ValidityDays:   int(c.NotAfter.Sub(c.NotBefore).Hours() / 24),
		KeySHA256:      keyDigest(c.RawSubjectPublicKeyInfo), IssuerKeyAlgorithm: signerAlgorithm(c.SignatureAlgorithm),
		SubjectKeyID: hex.EncodeToString(c.SubjectKeyId), AuthorityKeyID: hex.EncodeToString(c.AuthorityKeyId),
		EmailAddresses: c.EmailAddresses,
	}
	for _, u := range c.URIs {
		out.URIs = append(out.URIs, u.Redacted())
	}
	for _, ip := range c.IPAddresses {
		out.IPAddresses = append(out.IPAddresses, ip.String())
	}
	for _, e := range c.Extensions {
		if e.Critical {
			out.CriticalExtensions = append(out.CriticalExtensions, e.Id.String())
		}
	}
	out.KeyAlgorithm, out.KeyBits = keyOf(c.PublicKey, c.PublicKeyAlgorithm)
	return out
}

func keyOf(public any, algorithm x509.PublicKeyAlgorithm) (name string, bits int) {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return "RSA", key.N.BitLen()
	case *ecdsa.PublicKey:
		return "ECDSA", key.Curve.Params().BitSize
	case ed25519.PublicKey:
		return "Ed25519", 256
	}
	return algorithm.String(), 0
}

func keyDigest(spki []byte) string {
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:])
}

// signerAlgorithm is the kind of key that makes signatures of an algorithm.
func signerAlgorithm(a x509.SignatureAlgorithm) string {
	for _, name := range [...]string{"ECDSA", "RSA", "Ed25519", "DSA"} {
		if strings.Contains(a.String(), name) {
			return name
		}
	}
	return ""
}

func selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, c.RawSubject) && signedBy(c, c)
}

// signedBy reports whether parent's key signed c, whatever else the parent is
// allowed to do: a path is judged elsewhere.
func signedBy(c, parent *x509.Certificate) bool {
	if !bytes.Equal(c.RawIssuer, parent.RawSubject) {
		return false
	}
	err := parent.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	var insecure x509.InsecureAlgorithmError
	// A signature that is too weak to be verified here still names its signer.
	return err == nil || errors.As(err, &insecure)
}

func signatureHash(a x509.SignatureAlgorithm) string {
	for _, name := range [...]string{"SHA512", "SHA384", "SHA256", "SHA1", "MD5", "MD2"} {
		if strings.Contains(a.String(), name) {
			return name
		}
	}
	return a.String()
}

func keyUsages(u x509.KeyUsage) []string {
	names := [...]string{
		"digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
		"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
	}
	var out []string
	for i, name := range names {
		if u&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

func extKeyUsages(known []x509.ExtKeyUsage, unknown []asn1.ObjectIdentifier) []string {
	names := map[x509.ExtKeyUsage]string{
		x509.ExtKeyUsageAny: "any", x509.ExtKeyUsageServerAuth: "serverAuth", x509.ExtKeyUsageClientAuth: "clientAuth",
		x509.ExtKeyUsageCodeSigning: "codeSigning", x509.ExtKeyUsageEmailProtection: "emailProtection",
		x509.ExtKeyUsageTimeStamping: "timeStamping", x509.ExtKeyUsageOCSPSigning: "OCSPSigning",
	}
	var out []string
	for _, u := range known {
		name, ok := names[u]
		if !ok {
			name = fmt.Sprintf("other-%d", u)
		}
		out = append(out, name)
	}
	for _, id := range unknown {
		out = append(out, id.String())
	}
	return out
}

// lintSources are the rule books that also bind a private CA: the RFCs and the
// community's collection, not the public web's baseline requirements.
func lintSources() lint.SourceList {
	return lint.SourceList{lint.RFC5280, lint.RFC3279, lint.RFC5480, lint.RFC5891, lint.RFC8813, lint.Community}
}

// lints returns what zlint finds wrong with a certificate.
func lints(der []byte) []evidence.LintResult {
	c, err := zx509.ParseCertificate(der)
	if err != nil {
		return []evidence.LintResult{{Name: "unparsable", Status: "fatal", Source: "zlint", Details: err.Error()}}
	}
	registry, err := lint.GlobalRegistry().Filter(lint.FilterOptions{IncludeSources: lintSources()})
	if err != nil {
		return []evidence.LintResult{{Name: "registry", Status: "fatal", Source: "zlint", Details: err.Error()}}
	}
	var out []evidence.LintResult
	for name, r := range zlint.LintCertificateEx(c, registry).Results {
		if r.Status < lint.Notice {
			continue
		}
		result := evidence.LintResult{Name: name, Status: r.Status.String(), Details: r.Details}
		if l := registry.CertificateLints().ByName(name); l != nil {
			result.Source, result.Citation = string(l.Source), l.Citation
		}
		out = append(out, result)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}
