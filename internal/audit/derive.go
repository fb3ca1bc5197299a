// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/postern-audit/postern/collectors/nginxrules"
	"github.com/postern-audit/postern/internal/capture"
	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/surface"
)

// derivation works out the derived sections of a document.
type derivation struct {
	doc     *evidence.Document
	archive *evidence.Archive
	surface *surface.Surface
	// authenticators are Lua modules that ask who the client is.
	authenticators []string
	proofs         *Proofs
}

// Derive works out what rules read beside the evidence of a bundle, and the gaps of
// that. The profile names the surface where the site declares none. Proofs may be nil.
func Derive(b *evidence.Bundle, doc *evidence.Document, profile *evidence.Profile, proofs *Proofs) (evidence.Derived, []evidence.Gap) {
	d := derivation{doc: doc, archive: b.Archive, authenticators: profile.Parameters.Gate.AuthenticationModules, proofs: proofs}
	var err error
	if d.surface, err = SurfaceOf(b, profile.Name); err != nil {
		return evidence.Derived{}, []evidence.Gap{{Section: "exposure", Subject: "site", Reason: err.Error(), Source: doc.Site.DeclaredSource}}
	}
	// Edges are independent of each other, and each proof takes a while.
	edges := doc.Site.Edges
	facts, errs := make([]evidence.Exposure, len(edges)), make([]error, len(edges))
	var group sync.WaitGroup
	for i := range edges {
		group.Go(func() { facts[i], errs[i] = d.edge(&edges[i]) })
	}
	group.Wait()
	var out evidence.Derived
	gaps := d.inherited()
	if d.nameless() {
		gaps = append(gaps, evidence.Gap{
			Section: "exposure", Subject: "site", Source: doc.Site.DeclaredSource,
			Reason: "the declared proxy map shows no external host, so that no host is known to be foreign",
		})
	}
	for i, e := range edges {
		if errs[i] != nil {
			gaps = append(gaps, evidence.Gap{Section: "exposure", Subject: e.Subject, Reason: errs[i].Error(), Source: e.Source})
			continue
		}
		out.Exposure = append(out.Exposure, facts[i])
	}
	return out, gaps
}

// inherited are the gaps of what a proof rests on. What stands in a part of the record
// that says nothing about requests is no concern of it, and a site that declares no map
// is proved by the names of its configuration.
func (d *derivation) inherited() (gaps []evidence.Gap) {
	for _, g := range d.doc.Gaps {
		if g.Part == "" && (g.Section == "nginxrules" || g.Section == "proxymap" && d.declaresMap()) {
			g.Section = "exposure"
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// edge proves what one edge lets through. A proof that breaks costs that edge only.
func (d *derivation) edge(e *evidence.Edge) (out evidence.Exposure, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the proof broke (%v); please report this", p)
		}
	}()
	c, read, err := d.configuration(e)
	if err != nil {
		return out, err
	}
	proof := d.proofs.prove(d.key(read, c), func() *exposure.Proof {
		return exposure.Prove(exposure.Input{
			Config: c.Config, Surface: d.surface, Component: ComponentsOf(d.doc, d.surface), Names: d.names(),
			Script: func(s nginx.Setting) request.Script { return c.Effect(s, d.authenticators) },
		})
	})
	w := exposureWriter{configuration: c, edge: e, surface: d.surface, places: placesOf(c, e.Subject)}
	out = w.exposure(proof)
	out.Proved = out.Proved && !d.nameless()
	return out, nil
}

// configuration reads again what was read of an edge when it was collected, and returns
// the entry that names it: what rules say of servers and of requests has to be about one
// configuration.
func (d *derivation) configuration(e *evidence.Edge) (c *nginxrules.Configuration, entry *evidence.Edge, err error) {
	entries := []*evidence.Edge{e}
	if captured, ok := capture.Kept(*e, d.archive); ok {
		entries = []*evidence.Edge{&captured, e}
	}
	for _, entry := range entries {
		c, failed := nginxrules.Read(evidence.Target{
			Kind: evidence.KindEdge, Subject: e.Subject, Site: &d.doc.Site, Edge: entry, Files: kept{d.archive}, Artifacts: d.archive,
		})
		switch {
		case failed != nil:
			err = errors.Join(err, failed)
		case slices.ContainsFunc(d.doc.NginxRules, func(r evidence.NginxRules) bool {
			return r.Target == e.Subject && r.Source.Artifact == c.Source().Artifact
		}):
			return c, entry, nil
		default:
			err = errors.Join(err, fmt.Errorf("%s is not the configuration that was collected", c.Source().Artifact))
		}
	}
	return nil, nil, err
}

// names are the hosts that clients are to use: all external ones of the master map.
func (d *derivation) names() (names []string) {
	for _, m := range d.doc.ProxyMap {
		if m.Target != "site" {
			continue
		}
		for _, entry := range m.Entries {
			if host := plainHost(entry.External.Host); host != "" && !slices.Contains(names, host) {
				names = append(names, host)
			}
		}
	}
	return names
}

func (d *derivation) declaresMap() bool {
	return d.doc.Site.ProxyMap.File != "" || d.doc.Site.ProxyMap.URL != ""
}

// nameless reports whether the hosts that clients are to use stand in a map that does
// not show them. Names of the configuration must not stand in for those: a foreign
// server would count as one of the gate.
func (d *derivation) nameless() bool { return d.declaresMap() && len(d.names()) == 0 }

// exposureWriter turns a proof into facts.
type exposureWriter struct {
	configuration *nginxrules.Configuration
	edge          *evidence.Edge
	surface       *surface.Surface
	places        places
}

func (w *exposureWriter) exposure(p *exposure.Proof) evidence.Exposure {
	out := evidence.Exposure{
		Target: w.edge.Subject, Surface: w.surface.Name, Proved: p.Proved(),
		Directives: p.Coverage.Directives, Exact: p.Coverage.Exact, Source: w.configuration.Source(),
	}
	for _, way := range p.Ways {
		out.Ways = append(out.Ways, w.way(way))
	}
	for _, way := range p.Escapes {
		out.Escapes = append(out.Escapes, w.way(way))
	}
	for _, u := range p.Unreachable {
		out.Unreachable = append(out.Unreachable, evidence.UnreachablePath{
			Component: u.Component, Template: u.Template, Methods: u.Methods,
			Source: evidence.Source{Artifact: u.At.Artifact, Line: u.At.Line, Column: 1, Origin: evidence.Origin{Kind: evidence.Declared}},
		})
	}
	for _, u := range p.Undecided {
		at := w.places.of(u.Server, u.Location)
		source := at.location
		if !u.Why.At.IsZero() {
			source = w.configuration.At(u.Why.At)
		}
		undecided := evidence.UndecidedExposure{Subject: at.subject, Socket: u.Socket, Reason: clean(u.Why.Why), Source: source}
		if u.Witness.Target != "" {
			undecided.Request = requestLine(u.Witness)
		}
		out.Undecided = append(out.Undecided, undecided)
	}
	for _, x := range slices.Concat(p.Ways, p.Escapes) {
		if at := w.places.of(x.Server, x.Location); at.shared {
			out.Proved = false
			out.Undecided = append(out.Undecided, evidence.UndecidedExposure{
				Subject: at.subject, Socket: x.Socket, Source: at.server, Request: requestLine(x.Witness),
				Reason: "several servers stand on this line, and which of them is in charge is not told: write each on lines of its own",
			})
		}
	}
	for _, pos := range p.Coverage.Widened {
		out.Widened = append(out.Widened, w.configuration.At(pos))
	}
	return out
}

func (w *exposureWriter) way(x exposure.Way) evidence.ExposureWay {
	at := w.places.of(x.Server, x.Location)
	out := evidence.ExposureWay{
		Subject: at.subject, Socket: x.Socket, Class: evidence.ExposureClass(x.Class), Upstream: clean(x.Upstream), Component: x.Component,
		Template: x.Template, Why: x.Why, Credentials: x.Credentials, Authenticated: x.Authenticated(), Limited: x.Limited, Unnamed: x.Unnamed,
		Request: requestLine(x.Witness), Headers: requestHeaders(x.Witness), TLS: x.Witness.TLS, SNI: clean(x.Witness.SNI), Client: x.Witness.Client,
		Sent: clean(x.Sent), Reading: clean(x.Reading), File: clean(x.File),
		Block: at.text, Server: at.server, Location: at.location, Methods: w.methods(x),
	}
	for _, s := range x.Suppose {
		out.Suppose = append(out.Suppose, clean(s))
	}
	for _, g := range x.Guards {
		out.Guards = append(out.Guards, evidence.ExposureGuard{Name: g.Name, Authenticates: g.Authenticates, Source: w.configuration.At(g.At)})
	}
	return out
}

// methods are those that the surface allows where a way leads.
func (w *exposureWriter) methods(x exposure.Way) (methods []string) {
	c := w.surface.Named(x.Component)
	if c == nil {
		return nil
	}
	for _, p := range c.Paths {
		if p.Template.String() != x.Template {
			continue
		}
		for _, m := range p.Methods {
			if !slices.Contains(methods, m) {
				methods = append(methods, m)
			}
		}
	}
	return methods
}

// describeProofs says in the result what was proved.
func describeProofs(all []evidence.Exposure) []report.Proof {
	out := []report.Proof{}
	for _, e := range all {
		p := report.Proof{
			Engine: "exposure", Subject: e.Target, Proved: e.Proved, Directives: e.Directives, Exact: e.Exact, Coverage: 100, Widened: []string{},
		}
		if e.Directives > 0 {
			p.Coverage = float64(e.Exact) * 100 / float64(e.Directives)
		}
		for _, s := range e.Widened {
			p.Widened = append(p.Widened, fmt.Sprintf("%s:%d", s.Artifact, s.Line))
		}
		out = append(out, p)
	}
	return out
}

// requestLine is the first line of a request as it is sent.
func requestLine(q request.Request) string {
	line := clean(q.Method) + " " + clean(q.Target)
	if version := request.VersionWord(q.Version); version != "" {
		line += " " + clean(version)
	}
	return line
}

func requestHeaders(q request.Request) (lines []string) {
	if q.Host != nil {
		lines = append(lines, "Host: "+clean(*q.Host))
	}
	for _, h := range q.Headers {
		lines = append(lines, clean(h[0])+": "+clean(h[1]))
	}
	return lines
}

// clean writes bytes so that they can be printed and sent again: what is no printable
// ASCII is \xHH, and a backslash two of them.
func clean(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\\':
			b.WriteString(`\\`)
		case c < 0x20 || c > 0x7e:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
