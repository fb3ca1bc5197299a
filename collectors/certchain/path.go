// SPDX-License-Identifier: Apache-2.0

package certchain

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"

	"github.com/postern-audit/postern/internal/evidence"
)

// chain judges the order, completeness and trust of a leaf with its company.
func (g *gatherer) chain(found []located, place evidence.CertificatePlace, source evidence.Source) evidence.Chain {
	out := evidence.Chain{Place: place, Source: source, Ordered: true}
	certs := make([]*x509.Certificate, len(found))
	for i, f := range found {
		certs[i] = f.certificate
		out.Certificates = append(out.Certificates, digestOf(f.certificate))
		if i > 0 && !signedBy(certs[i-1], certs[i]) {
			out.Ordered = false
		}
	}
	out.Complete, out.Reason = g.complete(certs)
	if len(g.roots) > 0 {
		anchor, err := g.verify(certs)
		out.Trusted = evidence.Known(err == nil, evidence.Observed)
		if err != nil {
			out.Reason = err.Error()
		} else {
			out.Anchor = digestOf(anchor)
		}
	}
	return out
}

func digestOf(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// complete follows issuers from the leaf as far as they came along. Without
// declared roots, a path that ends in a CA's certificate is taken as complete,
// since whether its issuer is a root cannot be told.
func (g *gatherer) complete(certs []*x509.Certificate) (bool, string) {
	at := certs[0]
	for range certs {
		if selfSigned(at) {
			return true, ""
		}
		for _, root := range g.roots {
			if signedBy(at, root) {
				return true, ""
			}
		}
		next := (*x509.Certificate)(nil)
		for _, c := range certs[1:] {
			if c != at && signedBy(at, c) {
				next = c
				break
			}
		}
		if next == nil {
			break
		}
		at = next
	}
	if len(g.roots) == 0 && at.IsCA {
		return true, ""
	}
	return false, fmt.Sprintf("the certificate of %q, which issued %q, is missing", at.Issuer.String(), at.Subject.String())
}

// verify builds a path to a declared root. Expiry of the leaf is judged by a
// rule of its own, so the path is built at an instant when the leaf is valid.
func (g *gatherer) verify(certs []*x509.Certificate) (*x509.Certificate, error) {
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for _, r := range g.roots {
		roots.AddCert(r)
	}
	for _, c := range certs[1:] {
		intermediates.AddCert(c)
	}
	leaf := certs[0]
	at := g.target.Now()
	if at.Before(leaf.NotBefore) {
		at = leaf.NotBefore
	}
	if at.After(leaf.NotAfter) {
		at = leaf.NotAfter
	}
	chains, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: intermediates, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return nil, err
	}
	path := chains[0]
	return path[len(path)-1], nil
}
