// SPDX-License-Identifier: Apache-2.0

// Package certchain gathers certificates: those that listeners served, those
// in the files of edges, nodes and the peripheral gateways of CTI servers, and
// the roots that the site declares. Paths are built against the declared roots
// only, never the machine's own. Signing requests and the trust lists of units
// are read from the same folders.
//
// Files that are private keys by their name (.key, .p8, .p12, .jks and such) are
// never opened: their path, mode and size are all that is kept. A file of
// certificates that also holds a key is read, and the key is redacted before
// anything sees it; so is a key in DER form under a certificate's name, of which
// nothing remains. Such files are recorded as keys too.
package certchain

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Limits of one target.
const (
	maxFileBytes    = 1 << 20
	maxFiles        = 2000
	maxCertificates = 200
)

// Collector reads declared certificate folders and captured chains.
type Collector struct{}

// Name implements evidence.Collector.
func (Collector) Name() string { return "certchain" }

// Collect implements evidence.Collector.
func (c Collector) Collect(_ context.Context, t evidence.Target) (evidence.Collected, error) {
	g := &gatherer{target: t, record: evidence.CertChain{Target: t.Subject}, owner: t.Subject}
	folder := ""
	switch t.Kind {
	case evidence.KindSite:
		g.record.Source = t.Site.DeclaredSource
		if len(t.Site.Roots) == 0 {
			g.gap("the site declares no roots: whether a chain is trusted cannot be told", g.record.Source, ofRoot...)
		}
		for _, name := range t.Site.Roots {
			g.root(name)
		}
		g.gateways()
		g.mapServer()
	case evidence.KindEdge:
		g.record.Source, folder = t.Edge.Source, t.Edge.Certificates
	case evidence.KindNode:
		g.record.Source, folder = t.Node.Source, t.Node.Certificates
	case evidence.KindCTI:
		// The folder of its peripheral gateway belongs to the site's own record.
		g.record.Source = t.CTI.Source
	}
	if t.Kind != evidence.KindSite {
		g.roots = declaredRoots(t)
		for _, e := range t.Endpoints {
			g.served(e)
		}
		if live(t) && len(t.Endpoints) == 0 {
			g.gap("no listener was contacted, so what it serves is not known", g.record.Source, ofServed...)
		}
		if folder != "" {
			g.folder(folder)
			g.relate()
			if len(g.record.Certificates) == 0 && len(g.gaps) == 0 {
				g.gap(folder+": no certificate in the folder", g.record.Source)
			}
		}
		if t.Kind == evidence.KindEdge {
			g.configured()
			if folder == "" {
				g.gap("the edge declares no certificates folder: its files and key modes are not known", g.record.Source, g.unread()...)
			}
		}
	}
	var out evidence.Collected
	out.Gaps = g.gaps
	if len(g.record.Certificates)+len(g.record.Chains)+len(g.record.Keys)+len(g.record.Requests)+len(g.record.Configured) > 0 {
		out.Sections.CertChain = []evidence.CertChain{g.record}
	}
	return out, nil
}

type gatherer struct {
	target evidence.Target
	record evidence.CertChain
	roots  []*x509.Certificate
	gaps   []evidence.Gap
	seen   map[string]bool

	// owner begins the subjects of what a folder holds. unit, when set, is the
	// unit of all of it.
	owner, unit string
	// own and trusts are what the folder holds, for what relates them.
	own    []ownChain
	trusts []*trustList
	// files are those of the folder by the last part of their names.
	files map[string][]string
}

// The fields of the record that an input fills, by their JSON names. What is not
// listed here may fill any of them.
var (
	// A root is a fact of its own, and what paths end at.
	ofRoot = []string{"certificates", "chains"}
	// What a listener serves.
	ofServed = []string{"certificates", "chains"}
	// The certificates of a file, to which a request may belong.
	ofFile = []string{"certificates", "chains", "requests"}
	// The certificates of a trust folder, by which chains are closed.
	ofTrust   = []string{"certificates", "chains", "trusts"}
	ofRequest = []string{"requests"}
	// A file that nginx names.
	ofConfigured = []string{"configured"}
	// What the server of the proxy map has.
	ofMapServer = []string{"map_server"}
	ofKey       = []string{"keys"}
)

// gap leaves a gap of each of the fields, or of the whole record.
func (g *gatherer) gap(reason string, source evidence.Source, fields ...string) {
	g.gapOf(g.target.Subject, reason, source, fields...)
}

func (g *gatherer) gapOf(subject, reason string, source evidence.Source, fields ...string) {
	if len(fields) == 0 {
		fields = []string{""}
	}
	for _, field := range fields {
		g.gaps = append(g.gaps, evidence.Gap{Section: "certchain", Subject: subject, Part: field, Reason: reason, Source: source})
	}
}

// declaredRoots reads the roots that paths are built against. What cannot be
// read is a gap of the site's own record.
func declaredRoots(t evidence.Target) []*x509.Certificate {
	var roots []*x509.Certificate
	for _, name := range t.Site.Roots {
		if art, err := t.Files.Read(name, maxFileBytes); err == nil {
			found, _ := parseCertificates(art.Text)
			for _, f := range found {
				roots = append(roots, f.certificate)
			}
		}
	}
	return roots
}

func (g *gatherer) root(name string) {
	art, err := g.target.Files.Read(name, maxFileBytes)
	if err != nil {
		g.gap(err.Error(), g.record.Source, ofRoot...)
		return
	}
	found, problems := parseCertificates(art.Text)
	g.problems(art.Path, problems, ofRoot)
	if len(found) == 0 {
		g.gap(art.Path+": no certificate in it", fileSource(art.Path, 1), ofRoot...)
	}
	for _, f := range found {
		g.add(f.certificate, evidence.PlaceRoot, "", false, fileSource(art.Path, f.line))
	}
}

// unread are the fields that only a certificates folder fills. What nginx itself
// uses is known without one when all of its files were found.
func (g *gatherer) unread() []string {
	if len(g.record.Configured) == 0 || slices.ContainsFunc(g.record.Configured, func(c evidence.ConfiguredCertificates) bool { return !c.Read }) {
		return nil
	}
	return []string{"keys", "requests", "trusts"}
}

// gateways reads the folders of the peripheral gateways.
func (g *gatherer) gateways() {
	g.roots = declaredRoots(g.target)
	for i := range g.target.Site.CTI {
		s := &g.target.Site.CTI[i]
		if s.Certificates == "" {
			continue // the section of the CTI servers has that gap
		}
		g.unit = s.Subject()
		g.owner = g.unit
		certificates, gaps := len(g.record.Certificates), len(g.gaps)
		g.folder(s.Certificates)
		g.relate()
		if len(g.record.Certificates) == certificates && len(g.gaps) == gaps {
			g.gap(s.Certificates+": no certificate in the folder", s.Source)
		}
	}
}

// folder reads a certificate folder: NAME.pem holds a leaf and its chain,
// NAME.csr a signing request, NAME-trust/ what is trusted, and keys are only
// looked at from outside.
func (g *gatherer) folder(folder string) {
	tree, err := g.target.Files.Tree(folder)
	if err != nil {
		g.gap(err.Error(), g.record.Source)
		return
	}
	files := 0
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			g.gap(fmt.Sprintf("%s: %v", path.Join(folder, name), err), fileSource(path.Join(folder, name), 0))
			return nil
		case d.IsDir():
			return nil
		}
		if files++; files > maxFiles {
			return fmt.Errorf("more than %d files", maxFiles)
		}
		if g.files == nil {
			g.files = map[string][]string{}
		}
		g.files[path.Base(name)] = append(g.files[path.Base(name)], name)
		g.file(tree, folder, name)
		return nil
	})
	if err != nil {
		g.gap(fmt.Sprintf("%s: %v", folder, err), g.record.Source)
	}
}

func (g *gatherer) file(tree fs.FS, folder, name string) {
	full := path.Join(folder, name)
	if evidence.IsPrivateKeyName(name) {
		g.key(tree, name, full)
		return
	}
	ending := strings.ToLower(path.Ext(name))
	switch ending {
	case ".pem", ".crt", ".cer", ".der", ".csr":
	default:
		return
	}
	before := len(g.gaps)
	text, err := fs.ReadFile(tree, name)
	unit, place := unitOf(name)
	if place == evidence.PlaceTrust {
		defer func() { g.trust(unit, full, len(g.gaps) == before) }()
	}
	if err != nil {
		g.gap(fmt.Sprintf("%s: %v", full, errors.Unwrap(err)), fileSource(full, 0))
		return
	}
	if len(text) > maxFileBytes {
		g.gap(fmt.Sprintf("%s: longer than %d bytes", full, maxFileBytes), fileSource(full, 0))
		return
	}
	if ending == ".csr" {
		g.requests(text, name, full)
		return
	}
	if holdsKey(text) {
		g.key(tree, name, full)
	}
	fields := ofFile
	if place == evidence.PlaceTrust {
		fields = ofTrust
	}
	found, problems := parseCertificates(text)
	g.problems(full, problems, fields)
	if len(found) == 0 {
		if !strings.Contains(string(text), "-----BEGIN ") {
			g.gap(full+": no certificate in it", fileSource(full, 1), fields...)
		}
		return
	}
	if place == evidence.PlaceFile && found[0].certificate.IsCA && !hasKey(tree, name, text) {
		// An authority without a key beside it is there to be trusted.
		place = evidence.PlaceTrust
	}
	shown := unit
	if g.unit != "" {
		shown = g.unit
	}
	for i, f := range found {
		g.add(f.certificate, place, shown, place == evidence.PlaceFile && i == 0, fileSource(full, f.line))
		if place == evidence.PlaceTrust && strings.HasSuffix(unit, trustEnding) {
			g.trusted(unit, full, f.certificate)
		}
	}
	if place == evidence.PlaceFile {
		chain := g.chain(found, place, fileSource(full, found[0].line))
		chain.Subject, chain.Unit = g.owner+"/"+evidence.Subject("file", name), shown
		g.own = append(g.own, ownChain{len(g.record.Chains), name, found[0].certificate})
		g.record.Chains = append(g.record.Chains, chain)
	}
}

// hasKey reports whether a certificate file has its private key in it or beside
// it, under the same name.
func hasKey(tree fs.FS, name string, text []byte) bool {
	if holdsKey(text) {
		return true
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	for _, ending := range evidence.PrivateKeyEndings() {
		if _, err := fs.Stat(tree, stem+ending); err == nil {
			return true
		}
	}
	return false
}

// holdsKey reports whether the redacted text of a file had a private key in PEM
// form, or was binary without being a certificate: then it is taken for a key.
func holdsKey(text []byte) bool {
	return bytes.Contains(bytes.ToUpper(text), []byte("PRIVATE KEY----")) || bytes.HasPrefix(text, []byte("[redacted:binary:"))
}

// unitOf tells what a file of a node's export is: "tomcat.pem" is the unit
// tomcat's own, "tomcat-trust/x.pem" is what it trusts.
func unitOf(name string) (string, evidence.CertificatePlace) {
	if dir := path.Dir(name); strings.HasSuffix(dir, trustEnding) {
		return path.Base(dir), evidence.PlaceTrust
	}
	return strings.TrimSuffix(path.Base(name), path.Ext(name)), evidence.PlaceFile
}

func (g *gatherer) key(tree fs.FS, name, full string) {
	info, err := fs.Stat(tree, name)
	if err != nil {
		g.gap(fmt.Sprintf("%s: %v", full, err), fileSource(full, 0), ofKey...)
		return
	}
	g.record.Keys = append(g.record.Keys, evidence.KeyFile{
		Path: full, Mode: fmt.Sprintf("%04o", info.Mode().Perm()), Size: info.Size(), Source: fileSource(full, 0),
	})
}

func (g *gatherer) problems(name string, problems []parseProblem, fields []string) {
	for _, p := range problems {
		g.gap(fmt.Sprintf("%s: %s", name, p.message), fileSource(name, p.line), fields...)
	}
}

// add records a certificate once for each place that it was found in.
func (g *gatherer) add(c *x509.Certificate, place evidence.CertificatePlace, unit string, leaf bool, source evidence.Source) {
	record := describe(c)
	record.Holder, record.Place, record.Unit, record.Leaf, record.Source = g.target.Subject, place, unit, leaf, source
	key := strings.Join([]string{record.SHA256, string(place), unit, source.Artifact, source.Host, fmt.Sprint(source.Port)}, " ")
	if g.seen == nil {
		g.seen = map[string]bool{}
	}
	if g.seen[key] {
		return
	}
	g.seen[key] = true
	g.record.Certificates = append(g.record.Certificates, record)
}

func fileSource(name string, line int) evidence.Source {
	return evidence.Source{Artifact: name, Line: line, Origin: evidence.Origin{Kind: evidence.Explicit}}
}

// located is a certificate with the line that it starts at.
type located struct {
	certificate *x509.Certificate
	line        int
}

type parseProblem struct {
	line    int
	message string
}

// parseCertificates reads PEM blocks, or one certificate in DER form. What is
// not a certificate is passed over, what does not parse is a problem.
func parseCertificates(text []byte) ([]located, []parseProblem) {
	if c, err := x509.ParseCertificate(text); err == nil {
		return []located{{c, 0}}, nil
	}
	var found []located
	var problems []parseProblem
	rest := text
	for len(rest) > 0 {
		block, next := pem.Decode(rest)
		if block == nil {
			break
		}
		skipped := len(text) - len(rest) + strings.Index(string(rest), "-----BEGIN "+block.Type)
		line := 1 + strings.Count(string(text[:max(skipped, 0)]), "\n")
		rest = next
		if block.Type != "CERTIFICATE" && block.Type != "TRUSTED CERTIFICATE" {
			continue
		}
		if len(found) == maxCertificates {
			problems = append(problems, parseProblem{line, fmt.Sprintf("more than %d certificates; the rest was not read", maxCertificates)})
			break
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			problems = append(problems, parseProblem{line, fmt.Sprintf("certificate does not parse: %v", err)})
			continue
		}
		found = append(found, located{c, line})
	}
	if begins := strings.Count(string(text), "-----BEGIN CERTIFICATE-----"); begins > len(found)+len(problems) {
		problems = append(problems, parseProblem{1, fmt.Sprintf("%d of %d certificate blocks are broken", begins-len(found)-len(problems), begins)})
	}
	return found, problems
}
