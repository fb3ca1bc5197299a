// SPDX-License-Identifier: Apache-2.0

// Package saml gathers the single sign-on configuration that the site file
// names: the metadata of the identity service as a service provider (for the
// local network, and by the names of the proxy), that of the identity provider
// (SAML 2.0 Metadata), and the list of clients of the identity service.
//
// Nothing is fetched. Signatures are described as they stand; whether one
// verifies is not decided, nor is it trusted for anything: what a document holds
// outside of its signature is a fact like the rest, and signs of wrapping (nested
// entities, repeated IDs, references elsewhere) are facts too.
package saml

import (
	"context"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one site.
const (
	maxFileBytes  = 4 << 20
	maxValueBytes = 64 << 10 // of one text or attribute
	maxFacts      = 4000     // of one document
	maxGaps       = 100      // of one document
)

// Collector reads what the site declares under "sp_metadata", "idp" and
// "ids_clients".
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "saml" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	var out evidence.Collected
	if t.Kind != evidence.KindSite {
		return out, nil
	}
	g := &gatherer{target: t, record: evidence.SAML{Target: t.Subject, Source: t.Site.DeclaredSource}}
	for _, d := range [...]struct {
		role      evidence.SAMLRole
		path, key string
	}{
		{evidence.SAMLSPLAN, t.Site.SPMetadata.LAN, "sp_metadata.lan"},
		{evidence.SAMLSPProxy, t.Site.SPMetadata.Proxy, "sp_metadata.proxy"},
		{evidence.SAMLIdP, t.Site.IdP.Metadata, "idp.metadata"},
	} {
		g.subject = evidence.Subject("saml", string(d.role))
		if art, ok := g.open(d.path, d.key); ok {
			g.document(d.role, art)
		}
	}
	g.subject = evidence.Subject("saml", "ids_clients")
	if art, ok := g.open(t.Site.IdSClients, "ids_clients"); ok {
		g.clients(art)
	}
	if g.opened {
		out.Sections.SAML = []evidence.SAML{g.record}
	}
	out.Gaps = g.gaps
	return out, nil
}

type gatherer struct {
	target evidence.Target
	record evidence.SAML
	gaps   []evidence.Gap
	opened bool

	// Of the document that is read now.
	subject, artifact string
	listed            int // gaps
}

// open reads an artifact of the current subject. What is not declared is a gap.
func (g *gatherer) open(path, key string) (evidence.Artifact, bool) {
	g.listed = 0
	if path == "" {
		g.gap("the site declares no "+key, g.record.Source)
		return evidence.Artifact{}, false
	}
	art, err := g.target.Files.Read(path, maxFileBytes)
	if err != nil {
		g.gap(err.Error(), g.record.Source)
		return art, false
	}
	g.opened, g.artifact = true, art.Path
	return art, true
}

func (g *gatherer) gap(reason string, source evidence.Source) {
	if g.listed++; g.listed > maxGaps {
		if g.listed > maxGaps+1 {
			return
		}
		reason = g.artifact + ": more places could not be read; they are not listed"
	}
	g.gaps = append(g.gaps, evidence.Gap{Section: "saml", Subject: g.subject, Reason: reason, Source: source})
}

func (g *gatherer) at(line, column int) evidence.Source {
	return evidence.Source{Artifact: g.artifact, Line: line, Column: column, Origin: evidence.Origin{Kind: evidence.Explicit}}
}
