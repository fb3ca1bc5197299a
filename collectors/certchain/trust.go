// SPDX-License-Identifier: Apache-2.0

package certchain

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// trustEnding ends the name of a folder that holds what a unit trusts.
const trustEnding = "-trust"

// trustList is a trust folder while it is read.
type trustList struct {
	fact         evidence.TrustList
	certificates []*x509.Certificate
}

// ownChain is a chain of the folder: its place in the record, its file and its
// leaf.
type ownChain struct {
	index int
	name  string
	leaf  *x509.Certificate
}

func (g *gatherer) list(unit, file string) *trustList {
	for _, l := range g.trusts {
		if l.fact.Unit == unit {
			return l
		}
	}
	l := &trustList{fact: evidence.TrustList{
		Subject: g.owner + "/" + evidence.Subject("trust", unit), Unit: unit, Complete: true, Source: fileSource(path.Dir(file), 0),
	}}
	g.trusts = append(g.trusts, l)
	return l
}

// trust notes that a file of a trust folder was read, whole or not.
func (g *gatherer) trust(unit, file string, whole bool) {
	l := g.list(unit, file)
	l.fact.Complete = l.fact.Complete && whole
}

// trusted adds a certificate to a list.
func (g *gatherer) trusted(unit, file string, c *x509.Certificate) {
	l := g.list(unit, file)
	sum := sha256.Sum256(c.Raw)
	if digest := hex.EncodeToString(sum[:]); !slices.Contains(l.fact.Certificates, digest) {
		l.fact.Certificates = append(l.fact.Certificates, digest)
		l.certificates = append(l.certificates, c)
	}
}

// relate puts together what one folder held: each chain with the trust list of
// its unit, and each request with the certificate beside it.
func (g *gatherer) relate() {
	for _, own := range g.own {
		chain := &g.record.Chains[own.index]
		unit, _ := unitOf(own.name)
		l := g.listOf(unit)
		if l == nil {
			continue
		}
		chain.TrustUnit = l.fact.Unit
		closed, missing := closure(own.leaf, l.certificates)
		// A list that was not read whole may hold what seems to be missing.
		if closed || l.fact.Complete {
			chain.TrustClosed, chain.TrustMissing = evidence.Known(closed, evidence.Observed), missing
		}
	}
	for i := range g.record.Requests {
		g.match(&g.record.Requests[i])
	}
	for _, l := range g.trusts {
		g.record.Trusts = append(g.record.Trusts, l.fact)
	}
	g.own, g.trusts = nil, nil
}

// listOf returns the trust list of a unit. The unit of an ECDSA certificate
// ("tomcat-ECDSA") has that of the plain one.
func (g *gatherer) listOf(unit string) *trustList {
	plain := unit
	if at := len(unit) - len("-ecdsa"); at > 0 && strings.EqualFold(unit[at:], "-ecdsa") {
		plain = unit[:at]
	}
	for _, name := range [...]string{unit + trustEnding, plain + trustEnding} {
		for _, l := range g.trusts {
			if l.fact.Unit == name {
				return l
			}
		}
	}
	return nil
}

// closure follows issuers through a trust list up to a self-signed certificate,
// and returns the name of the issuer that is missing.
func closure(leaf *x509.Certificate, trusted []*x509.Certificate) (bool, string) {
	at := leaf
	for range len(trusted) + 1 {
		if selfSigned(at) {
			return true, ""
		}
		i := slices.IndexFunc(trusted, func(c *x509.Certificate) bool { return c != at && signedBy(at, c) })
		if i < 0 {
			break
		}
		at = trusted[i]
	}
	return false, at.Issuer.String()
}
