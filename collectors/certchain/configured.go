// SPDX-License-Identifier: Apache-2.0

package certchain

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

const (
	maxDumpBytes  = 32 << 20
	maxConfigured = 500
)

// listsTrust tells the directives that name certificates: those whose file lists
// what is trusted, and those whose file begins with an own one.
var listsTrust = map[string]bool{
	"ssl_certificate": false, "proxy_ssl_certificate": false, "grpc_ssl_certificate": false,
	"ssl_trusted_certificate": true, "ssl_client_certificate": true, "proxy_ssl_trusted_certificate": true, "grpc_ssl_trusted_certificate": true,
}

// named is one file that a directive names.
type named struct {
	directive, path string
	source          evidence.Source
	variables       bool
}

// configured reads the certificates that the edge's nginx names: from the
// captured tree or, where that lacks a file, the one of the same name in the
// certificates folder.
func (g *gatherer) configured() {
	where := g.target.Edge.Nginx
	var tree fs.FS
	var config *nginx.Tree
	root := ""
	switch {
	case where.Root != "":
		opened, err := g.target.Files.Tree(where.Root)
		if err != nil {
			g.gap(err.Error(), g.record.Source, ofConfigured...)
			return
		}
		tree, root = opened, path.Clean(where.Root)
		config = nginx.Load(tree, where.Prefix, where.Conf)
	case where.Dump != "":
		art, err := g.target.Files.Read(where.Dump, maxDumpBytes)
		if err != nil {
			g.gap(err.Error(), g.record.Source, ofConfigured...)
			return
		}
		config = nginx.ParseDump(art.Path, string(art.Text))
	default:
		g.gap("the edge declares no nginx configuration: which certificates it uses is not known", g.record.Source, ofConfigured...)
		return
	}
	if len(config.Errors) > 0 {
		g.gap("not all of the nginx configuration could be read: which certificates it uses is not known for certain", g.record.Source, ofConfigured...)
	}
	for _, n := range namedIn(config, root) {
		if len(g.record.Configured) == maxConfigured {
			g.gap(fmt.Sprintf("more than %d certificate files; the rest was not read", maxConfigured), n.source, ofConfigured...)
			return
		}
		g.record.Configured = append(g.record.Configured, g.open(n, tree, root))
	}
}

// namedIn lists the files that a configuration names, each once for a directive.
func namedIn(config *nginx.Tree, root string) []named {
	var out []named
	var walk func(d *nginx.Directive)
	walk = func(d *nginx.Directive) {
		if _, ok := listsTrust[d.Name]; ok && len(d.Args) == 1 && d.Args[0].Value != "" {
			n := named{directive: d.Name, path: d.Args[0].Value, variables: d.Args[0].HasVariables()}
			if !slices.ContainsFunc(out, func(o named) bool { return o.directive == n.directive && o.path == n.path }) {
				p := d.Pos()
				n.source = evidence.Source{Artifact: path.Join(root, p.Artifact), Line: p.ArtifactLine, Column: p.Column, Origin: evidence.Origin{Kind: evidence.Explicit}}
				out = append(out, n)
			}
		}
		for child := range d.Children() {
			walk(child)
		}
	}
	for d := range config.Children() {
		walk(d)
	}
	return out
}

// open reads one file that is named.
func (g *gatherer) open(n named, tree fs.FS, root string) evidence.ConfiguredCertificates {
	out := evidence.ConfiguredCertificates{Directive: n.directive, Path: n.path, Source: n.source}
	fail := func(reason string) evidence.ConfiguredCertificates {
		out.Reason = strings.ToValidUTF8(fmt.Sprintf("%s %s: %s", n.directive, n.path, reason), "\uFFFD")
		g.gap(out.Reason, out.Source, ofConfigured...)
		return out
	}
	if n.variables || strings.HasPrefix(n.path, "data:") || strings.HasPrefix(n.path, "engine:") || strings.HasPrefix(n.path, "store:") {
		return fail("is no name of a file that is known before a request")
	}
	text, file, err := g.find(n.path, tree, root)
	if err != nil {
		return fail(err.Error())
	}
	found, problems := parseCertificates(text)
	out.Source = fileSource(file, 1)
	if len(found) > 0 {
		out.Source.Line = found[0].line
	}
	place := evidence.PlaceFile
	if listsTrust[n.directive] {
		place = evidence.PlaceTrust
	}
	for i, f := range found {
		digest := digestOf(f.certificate)
		out.Certificates = append(out.Certificates, digest)
		known := slices.ContainsFunc(g.record.Certificates, func(c evidence.Certificate) bool { return c.SHA256 == digest && c.Place == place })
		if !known {
			g.add(f.certificate, place, n.path, place == evidence.PlaceFile && i == 0, fileSource(file, f.line))
		}
	}
	switch {
	case len(problems) > 0:
		return fail(problems[0].message)
	case len(found) == 0:
		return fail("holds no certificate")
	}
	out.Read = true
	if place == evidence.PlaceFile && !slices.ContainsFunc(g.record.Chains, func(c evidence.Chain) bool {
		return c.Place == place && slices.Equal(c.Certificates, out.Certificates)
	}) {
		chain := g.chain(found, place, out.Source)
		chain.Subject, chain.Unit = g.target.Subject+"/"+evidence.Subject("file", n.path), n.path
		g.record.Chains = append(g.record.Chains, chain)
	}
	return out
}

// find opens a file that nginx names. A relative name is one below the folder of
// the main file.
func (g *gatherer) find(name string, tree fs.FS, root string) (text []byte, file string, err error) {
	err = errors.New("the file is in no dump")
	if tree != nil {
		full := name
		if !path.IsAbs(full) {
			main := g.target.Edge.Nginx.Conf
			if !path.IsAbs(main) {
				main = path.Join("/", g.target.Edge.Nginx.Prefix, main)
			}
			full = path.Join(path.Dir(main), full)
		}
		inside := strings.TrimPrefix(path.Clean(full), "/")
		if !fs.ValidPath(inside) {
			return nil, "", errors.New("the name is not valid")
		}
		if text, err = evidence.ReadRegular(tree, inside, maxFileBytes); err == nil {
			return text, path.Join(root, inside), nil
		}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	switch same := g.files[path.Base(name)]; {
	case len(same) > 1:
		return nil, "", fmt.Errorf("was not read (%w), and the certificates folder holds several files of this name", err)
	case len(same) == 1:
		folder := g.target.Edge.Certificates
		opened, err := g.target.Files.Tree(folder)
		if err != nil {
			return nil, "", err
		}
		text, err = evidence.ReadRegular(opened, same[0], maxFileBytes)
		return text, path.Join(folder, same[0]), err
	}
	return nil, "", fmt.Errorf("the file was not read: %w", err)
}
