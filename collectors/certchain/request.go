// SPDX-License-Identifier: Apache-2.0

package certchain

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

const maxRequests = 20 // of one file

var (
	oidKeyUsage          = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidAltNames          = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidExtKeyUsage       = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidChallengePassword = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7}
)

// requests reads the signing requests of a file in PEM form.
func (g *gatherer) requests(text []byte, name, full string) {
	if bytes.HasPrefix(text, []byte("[redacted:binary:")) {
		g.gap(full+": the request is in binary form, of which nothing is kept; store it as PEM", fileSource(full, 0), ofRequest...)
		return
	}
	count := 0
	for at := nextRequest(text, 0); at < len(text); {
		next := nextRequest(text, at+1)
		part := text[at:next]
		source := fileSource(full, 1+bytes.Count(text[:at], []byte{'\n'}))
		at = next
		if count++; count > maxRequests {
			g.gap(fmt.Sprintf("%s: more than %d requests; the rest was not read", full, maxRequests), source, ofRequest...)
			return
		}
		r := evidence.CertificateRequest{ChallengePassword: true}
		if bodyIsWithheld(part) {
			g.gap(full+": the request holds a challenge password, so that its text was withheld; what else it asks for is not known", source, ofRequest...)
		} else {
			block, _ := pem.Decode(part)
			if block == nil {
				g.gap(full+": the request is no PEM", source, ofRequest...)
				continue
			}
			request, err := x509.ParseCertificateRequest(block.Bytes)
			if err != nil {
				g.gap(full+": the request does not parse", source, ofRequest...)
				continue
			}
			r = describeRequest(request)
		}
		r.Subject = g.owner + "/" + evidence.Subject("request", name)
		r.Unit = strings.TrimSuffix(path.Base(name), path.Ext(name))
		if g.unit != "" {
			r.Unit = g.unit
		}
		r.Source = source
		g.record.Requests = append(g.record.Requests, r)
	}
	if count == 0 {
		g.gap(full+": no signing request in it", fileSource(full, 1), ofRequest...)
	}
}

// requestBegin begins a request in PEM form. RFC 7468, section 7, and what older
// programs write.
var requestBegin = regexp.MustCompile(`(?m)^-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----`)

// nextRequest returns where the next request begins, or the text ends.
func nextRequest(text []byte, from int) int {
	// The beginning of a line is the one of the whole text only.
	for from > 0 && from < len(text) && text[from-1] != '\n' {
		from++
	}
	if loc := requestBegin.FindIndex(text[min(from, len(text)):]); loc != nil {
		return from + loc[0]
	}
	return len(text)
}

// bodyIsWithheld reports whether redaction left nothing of a request's body,
// which it does only to one with a challenge password.
func bodyIsWithheld(request []byte) bool {
	_, body, _ := bytes.Cut(request, []byte("REQUEST-----"))
	return bytes.HasPrefix(bytes.TrimSpace(body), []byte("[redacted:"))
}

func describeRequest(c *x509.CertificateRequest) evidence.CertificateRequest {
	r := evidence.CertificateRequest{
		CommonName: c.Subject.CommonName, SubjectName: c.Subject.String(), DNSNames: c.DNSNames, EmailAddresses: c.EmailAddresses,
		KeySHA256: keyDigest(c.RawSubjectPublicKeyInfo), SignatureHash: signatureHash(c.SignatureAlgorithm),
		ChallengePassword: hasAttribute(c, oidChallengePassword),
	}
	r.KeyAlgorithm, r.KeyBits = keyOf(c.PublicKey, c.PublicKeyAlgorithm)
	for _, ip := range c.IPAddresses {
		r.IPAddresses = append(r.IPAddresses, ip.String())
	}
	for _, u := range c.URIs {
		r.URIs = append(r.URIs, u.Redacted())
	}
	for _, e := range c.Extensions {
		r.Extensions = append(r.Extensions, e.Id.String())
		if e.Critical {
			r.CriticalExtensions = append(r.CriticalExtensions, e.Id.String())
		}
		switch {
		case e.Id.Equal(oidAltNames):
			r.HasAltNames = true
		case e.Id.Equal(oidKeyUsage):
			r.KeyUsage = requestedKeyUsage(e)
		case e.Id.Equal(oidExtKeyUsage):
			r.ExtKeyUsage = requestedExtKeyUsage(e)
		}
	}
	// What is too weak to be verified here is not known to be wrong.
	var insecure x509.InsecureAlgorithmError
	if err := c.CheckSignature(); err == nil {
		r.Signed = evidence.Known(true, evidence.Observed)
	} else if !errors.As(err, &insecure) && !errors.Is(err, x509.ErrUnsupportedAlgorithm) {
		r.Signed = evidence.Known(false, evidence.Observed)
	}
	return r
}

// requestedKeyUsage reads the bits of the extension (RFC 5280, 4.2.1.3).
func requestedKeyUsage(e pkix.Extension) []string {
	var bits asn1.BitString
	if _, err := asn1.Unmarshal(e.Value, &bits); err != nil {
		return nil
	}
	var usage x509.KeyUsage
	for i := range 9 {
		if bits.At(i) != 0 {
			usage |= 1 << i
		}
	}
	return keyUsages(usage)
}

// requestedExtKeyUsage reads the identifiers of the extension (RFC 5280,
// 4.2.1.12).
func requestedExtKeyUsage(e pkix.Extension) []string {
	var ids []asn1.ObjectIdentifier
	if _, err := asn1.Unmarshal(e.Value, &ids); err != nil {
		return nil
	}
	names := map[string]x509.ExtKeyUsage{
		"2.5.29.37.0": x509.ExtKeyUsageAny, "1.3.6.1.5.5.7.3.1": x509.ExtKeyUsageServerAuth, "1.3.6.1.5.5.7.3.2": x509.ExtKeyUsageClientAuth,
		"1.3.6.1.5.5.7.3.3": x509.ExtKeyUsageCodeSigning, "1.3.6.1.5.5.7.3.4": x509.ExtKeyUsageEmailProtection,
		"1.3.6.1.5.5.7.3.8": x509.ExtKeyUsageTimeStamping, "1.3.6.1.5.5.7.3.9": x509.ExtKeyUsageOCSPSigning,
	}
	var out []string
	for _, id := range ids {
		if usage, ok := names[id.String()]; ok {
			out = append(out, extKeyUsages([]x509.ExtKeyUsage{usage}, nil)...)
		} else {
			out = append(out, id.String())
		}
	}
	return out
}

// hasAttribute reports whether a request has an attribute (RFC 2986, 4.1). Only
// its identifier is looked at.
func hasAttribute(c *x509.CertificateRequest, id asn1.ObjectIdentifier) bool {
	var body struct {
		Version    int
		Subject    asn1.RawValue
		PublicKey  asn1.RawValue
		Attributes []asn1.RawValue `asn1:"tag:0"`
	}
	if _, err := asn1.Unmarshal(c.RawTBSCertificateRequest, &body); err != nil {
		return false
	}
	for _, raw := range body.Attributes {
		var attribute struct {
			ID     asn1.ObjectIdentifier
			Values asn1.RawValue
		}
		if _, err := asn1.Unmarshal(raw.FullBytes, &attribute); err == nil && attribute.ID.Equal(id) {
			return true
		}
	}
	return false
}

// match finds the certificate that was made of a request: the leaf of the file
// of the same name in the same folder. That of a request whose key was withheld
// is not known.
func (g *gatherer) match(r *evidence.CertificateRequest) {
	if r.KeySHA256 == "" {
		return
	}
	stem := strings.TrimSuffix(r.Source.Artifact, path.Ext(r.Source.Artifact))
	for _, own := range g.own {
		file := g.record.Chains[own.index].Source.Artifact
		if strings.TrimSuffix(file, path.Ext(file)) != stem {
			continue
		}
		sum := sha256.Sum256(own.leaf.Raw)
		r.Certificate = hex.EncodeToString(sum[:])
		r.SameKey = evidence.Known(r.KeySHA256 == keyDigest(own.leaf.RawSubjectPublicKeyInfo), evidence.Observed)
		if r.SameKey.Value {
			return
		}
	}
}
