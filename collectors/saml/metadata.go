// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/postern-audit/postern/collectors/internal/xmltree"
	"github.com/postern-audit/postern/internal/evidence"
)

// Namespaces of the standards.
const (
	metadataSpace  = "urn:oasis:names:tc:SAML:2.0:metadata"
	signatureSpace = "http://www.w3.org/2000/09/xmldsig#"
)

// metadata is the document that is read.
type metadata struct {
	*gatherer
	role     evidence.SAMLRole
	root     *xmltree.Node
	facts    int
	complete bool
}

func (g *gatherer) document(role evidence.SAMLRole, art evidence.Artifact) {
	tree, problems := xmltree.Read(art.Text, maxValueBytes)
	m := &metadata{gatherer: g, role: role, complete: true}
	for _, p := range problems {
		m.missing(p.Message, p.Line, p.Column)
	}
	record := evidence.SAMLDocument{Subject: g.subject, Role: role, Source: g.at(1, 1)}
	if len(tree.Children) > 0 {
		m.root = tree.Children[0]
		record.Root = m.root.Name
		record.ValidUntil = m.instant(m.root, "validUntil")
		record.DuplicateIDs = duplicateIDs(tree)
		m.entities(tree, &record)
		m.signatures(tree, &record)
	}
	if record.Entities == 0 {
		m.missing("no EntityDescriptor in the document", 1, 1)
	}
	record.Complete = m.complete
	g.record.Documents = append(g.record.Documents, record)
}

// missing notes that a part of the document is not known.
func (m *metadata) missing(reason string, line, column int) {
	m.complete = false
	m.gap(m.artifact+": "+reason, m.at(line, column))
}

func (m *metadata) source(n *xmltree.Node) evidence.Source { return m.at(n.Line, n.Column) }

// room reports whether another fact may be kept.
func (m *metadata) room(n *xmltree.Node) bool {
	if m.facts++; m.facts == maxFacts {
		m.missing(fmt.Sprintf("more than %d facts; the rest was left out", maxFacts), n.Line, n.Column)
	}
	return m.facts < maxFacts
}

// entities reads every EntityDescriptor, also where none may be.
func (m *metadata) entities(tree *xmltree.Node, record *evidence.SAMLDocument) {
	tree.Walk(func(n *xmltree.Node) {
		if n.Name != "EntityDescriptor" {
			return
		}
		record.Entities++
		nested := !inPlace(tree, n)
		if nested {
			record.NestedEntities++
		}
		if n.Space != metadataSpace {
			m.missing("an EntityDescriptor is not in the namespace of the metadata standard", n.Line, n.Column)
			return
		}
		if m.room(n) {
			m.entity(n, nested)
		}
	})
}

// inPlace reports whether an entity stands where the schema has one: as the
// first document element or in a list of entities.
func inPlace(tree, n *xmltree.Node) bool {
	for at := n.Parent; at != tree; at = at.Parent {
		if !at.Is(metadataSpace, "EntitiesDescriptor") {
			return false
		}
		n = at
	}
	return n == tree.Children[0]
}

func (m *metadata) entity(n *xmltree.Node, nested bool) {
	id, ok := n.Attribute("entityID")
	if !ok || id == "" {
		m.missing("an entity without an entityID", n.Line, n.Column)
	}
	e := evidence.SAMLEntity{
		Document: m.subject, Role: m.role, EntityID: id, Nested: nested, Source: m.source(n), ValidUntil: m.instant(n, "validUntil"),
	}
	if u, ok := splitURL(id); ok {
		e.Host, e.Port = u.host, u.port
	} else if hostName.MatchString(id) {
		e.Host = strings.ToLower(id)
	}
	absent := evidence.Optional[bool]{Origin: evidence.Origin{Kind: evidence.Unresolved}}
	e.AuthnRequestsSigned, e.WantAssertionsSigned, e.WantAuthnRequestsSigned = absent, absent, absent
	for _, d := range n.Children {
		switch {
		case d.Is(metadataSpace, "SPSSODescriptor"):
			e.ServiceProvider = true
			e.AuthnRequestsSigned = m.flag(d, "AuthnRequestsSigned")
			e.WantAssertionsSigned = m.flag(d, "WantAssertionsSigned")
		case d.Is(metadataSpace, "IDPSSODescriptor"):
			e.IdentityProvider = true
			e.WantAuthnRequestsSigned = m.flag(d, "WantAuthnRequestsSigned")
		default:
			continue
		}
		for _, c := range d.Children {
			location, isService := c.Attribute("Location")
			switch {
			case c.Is(metadataSpace, "KeyDescriptor"):
				m.key(c, &e)
			case c.Is(metadataSpace, "NameIDFormat"):
				if format := c.Value(); !slices.Contains(e.NameIDFormats, format) && len(e.NameIDFormats) < 50 {
					e.NameIDFormats = append(e.NameIDFormats, format)
				}
			case isService && c.Space == metadataSpace && m.room(c):
				m.endpoint(c, d.Name, &e, location)
			}
		}
	}
	if !e.ServiceProvider && !e.IdentityProvider {
		m.missing("an entity that describes neither a service provider nor an identity provider", n.Line, n.Column)
	}
	m.record.Entities = append(m.record.Entities, e)
}

func (m *metadata) endpoint(n *xmltree.Node, descriptor string, entity *evidence.SAMLEntity, location string) {
	binding, _ := n.Attribute("Binding")
	e := evidence.SAMLEndpoint{
		Document: m.subject, Role: m.role, EntityID: entity.EntityID, Nested: entity.Nested, Descriptor: descriptor, Service: n.Name,
		Binding: binding[strings.LastIndexByte(binding, ':')+1:], URL: location, Source: m.source(n),
	}
	e.ResponseURL, _ = n.Attribute("ResponseLocation")
	if value, ok := n.Attribute("isDefault"); ok {
		e.Default = value == "true" || value == "1"
	}
	if u, ok := splitURL(location); ok {
		e.URL, e.Scheme, e.Host, e.Port, e.HasPort, e.Path = u.text, u.scheme, u.host, u.port, u.hasPort, u.path
	} else {
		m.missing(fmt.Sprintf("the Location of a %s is no absolute URL", n.Name), n.Line, n.Column)
	}
	if u, ok := splitURL(e.ResponseURL); ok {
		e.ResponseURL = u.text
	} else if e.ResponseURL != "" {
		m.missing(fmt.Sprintf("the ResponseLocation of a %s is no absolute URL", n.Name), n.Line, n.Column)
	}
	m.record.Endpoints = append(m.record.Endpoints, e)
}

// key reads the certificates of a KeyDescriptor.
func (m *metadata) key(n *xmltree.Node, entity *evidence.SAMLEntity) {
	use := evidence.SAMLBoth
	if text, ok := n.Attribute("use"); ok {
		use = evidence.SAMLKeyUse(text)
		if use != evidence.SAMLSigning && use != evidence.SAMLEncryption {
			m.missing("a key is for a use that the standard does not know", n.Line, n.Column)
			use = evidence.SAMLBoth
		}
	}
	if !m.certificates(n, use, entity) {
		m.missing("a key without a certificate", n.Line, n.Column)
	}
}

// certificates records the certificates below an element, and reports whether
// there is any.
func (m *metadata) certificates(n *xmltree.Node, use evidence.SAMLKeyUse, entity *evidence.SAMLEntity) bool {
	any := false
	n.Walk(func(c *xmltree.Node) {
		if !c.Is(signatureSpace, "X509Certificate") || !m.room(c) {
			return
		}
		any = true
		if strings.Contains(string(c.Text), "[redacted:") {
			m.missing("a part of a certificate was taken for a secret and redacted, so the certificate is not known", c.Line, c.Column)
			return
		}
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(c.Text)), ""))
		if err != nil {
			m.missing("a certificate is not base64", c.Line, c.Column)
			return
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			m.missing("a certificate does not parse", c.Line, c.Column)
			return
		}
		m.record.Keys = append(m.record.Keys, m.describe(cert, use, entity, c))
	})
	return any
}

func (m *metadata) describe(c *x509.Certificate, use evidence.SAMLKeyUse, entity *evidence.SAMLEntity, n *xmltree.Node) evidence.SAMLKey {
	sum := sha256.Sum256(c.Raw)
	k := evidence.SAMLKey{
		Document: m.subject, Role: m.role, EntityID: entity.EntityID, Nested: entity.Nested, Use: use, SHA256: hex.EncodeToString(sum[:]),
		SubjectName: c.Subject.String(), IssuerName: c.Issuer.String(),
		NotBefore: c.NotBefore.UTC().Format(time.RFC3339), NotAfter: c.NotAfter.UTC().Format(time.RFC3339),
		SignatureHash: c.SignatureAlgorithm.String(), Source: m.source(n),
		SelfSigned: c.Subject.String() == c.Issuer.String() && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil,
	}
	for _, hash := range [...]string{"SHA512", "SHA384", "SHA256", "SHA1", "MD5", "MD2"} {
		if strings.Contains(k.SignatureHash, hash) {
			k.SignatureHash = hash
			break
		}
	}
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		k.KeyAlgorithm, k.KeyBits = "RSA", key.N.BitLen()
	case *ecdsa.PublicKey:
		k.KeyAlgorithm, k.KeyBits = "ECDSA", key.Curve.Params().BitSize
	case ed25519.PublicKey:
		k.KeyAlgorithm, k.KeyBits = "Ed25519", 256
	default:
		k.KeyAlgorithm = c.PublicKeyAlgorithm.String()
	}
	return k
}

// flag reads an attribute of the type boolean; the standard's default is false.
func (m *metadata) flag(n *xmltree.Node, name string) evidence.Optional[bool] {
	text, ok := n.Attribute(name)
	switch strings.TrimSpace(text) {
	case "true", "1":
		return evidence.Known(true, evidence.Explicit)
	case "false", "0":
		return evidence.Known(false, evidence.Explicit)
	}
	if !ok {
		return evidence.Known(false, evidence.Default)
	}
	m.missing(name+" is neither true nor false", n.Line, n.Column)
	return evidence.Optional[bool]{Origin: evidence.Origin{Kind: evidence.Unresolved}}
}

// instant reads an attribute of the type dateTime. One without a zone is UTC, as
// SAML 2.0 Core 1.3.3 has it for all of them.
func (m *metadata) instant(n *xmltree.Node, name string) evidence.Optional[string] {
	text, ok := n.Attribute(name)
	if !ok {
		return evidence.Optional[string]{}
	}
	text = strings.TrimSpace(text)
	for _, format := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(format, text); err == nil {
			return evidence.Known(t.UTC().Format(time.RFC3339), evidence.Explicit)
		}
	}
	m.missing(name+" is no time", n.Line, n.Column)
	return evidence.Optional[string]{Origin: evidence.Origin{Kind: evidence.Unresolved}}
}
