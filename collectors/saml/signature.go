// SPDX-License-Identifier: Apache-2.0

package saml

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/xmltree"
	"github.com/postern-audit/postern/internal/evidence"
)

// signatures describes every signature of a document (XML Signature Syntax and
// Processing 1.1), wherever it stands.
func (m *metadata) signatures(tree *xmltree.Node, record *evidence.SAMLDocument) {
	tree.Walk(func(n *xmltree.Node) {
		if !n.Is(signatureSpace, "Signature") || !m.room(n) {
			return
		}
		s := evidence.SAMLSignature{Parent: n.Parent.Name, Source: m.source(n)}
		info := n.Child("SignedInfo")
		if info == nil {
			m.missing("a signature that does not say what it signs", n.Line, n.Column)
			record.Signatures = append(record.Signatures, s)
			return
		}
		s.Algorithm = algorithm(info.Child("SignatureMethod"))
		for _, c := range info.Children {
			if c.Name != "Reference" {
				continue
			}
			if s.References++; s.References == 1 {
				s.Reference, _ = c.Attribute("URI")
				s.Digest = algorithm(c.Child("DigestMethod"))
			}
		}
		if s.Algorithm == "" || s.Digest == "" {
			m.missing("a signature without its algorithms", n.Line, n.Column)
		}
		s.CoversParent = s.References == 1 && covers(tree, n.Parent, s.Reference) && !slices.Contains(record.DuplicateIDs, strings.TrimPrefix(s.Reference, "#"))
		record.Signatures = append(record.Signatures, s)
		var entity evidence.SAMLEntity
		for at := n.Parent; at != nil; at = at.Parent {
			if at.Is(metadataSpace, "EntityDescriptor") {
				entity.EntityID, _ = at.Attribute("entityID")
				entity.Nested = !inPlace(tree, at)
				break
			}
		}
		m.certificates(n, evidence.SAMLSignatureKey, &entity)
	})
}

// covers reports whether a reference names an element. An empty one names the
// document, which is its first element.
func covers(tree, n *xmltree.Node, reference string) bool {
	if reference == "" {
		return len(tree.Children) == 1 && n == tree.Children[0]
	}
	id, ok := strings.CutPrefix(reference, "#")
	return ok && id != "" && slices.Contains(ids(n), id)
}

// algorithm returns the short name of an algorithm: the part of its URI behind
// the hash.
func algorithm(n *xmltree.Node) string {
	if n == nil {
		return ""
	}
	uri, _ := n.Attribute("Algorithm")
	switch {
	case strings.HasPrefix(uri, "http://www.w3.org/2000/09/xmldsig#"), strings.HasPrefix(uri, "http://www.w3.org/2001/04/xmldsig-more#"),
		strings.HasPrefix(uri, "http://www.w3.org/2001/04/xmlenc#"), strings.HasPrefix(uri, "http://www.w3.org/2007/05/xmldsig-more#"):
		return uri[strings.IndexByte(uri, '#')+1:]
	}
	return uri
}

// ids lists the values of an element's attributes that are IDs: those of SAML,
// of XML signatures and of XML itself.
func ids(n *xmltree.Node) []string {
	var out []string
	for _, a := range n.Attributes {
		if strings.EqualFold(a.Name.Local, "id") && (a.Name.Space == "" || a.Name.Space == "xml") && a.Value != "" {
			out = append(out, a.Value)
		}
	}
	return out
}

// duplicateIDs lists the IDs that more than one element has, in their order.
func duplicateIDs(tree *xmltree.Node) []string {
	count := map[string]int{}
	var out []string
	tree.Walk(func(n *xmltree.Node) {
		for _, id := range slices.Compact(ids(n)) {
			if count[id]++; count[id] == 2 && len(out) < 100 {
				out = append(out, id)
			}
		}
	})
	return out
}
