// SPDX-License-Identifier: Apache-2.0

package certchain

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// live reports whether the target has listeners that are to be contacted.
func live(t evidence.Target) bool {
	switch t.Kind {
	case evidence.KindEdge:
		return len(t.Edge.Live.Ports) > 0
	case evidence.KindNode:
		return len(t.Node.Live.Ports) > 0
	}
	return t.CTI.Live
}

// served judges the chain that an earlier handshake captured.
func (g *gatherer) served(e evidence.Endpoint) {
	subject := evidence.Subject("listener", e.Text)
	name := evidence.ServedChain(g.target.Subject, e.Host, e.Port)
	art, ok := g.target.Artifacts.Get(name)
	if !ok {
		g.gapOf(g.target.Subject+"/"+subject, "no chain of this listener was captured", g.record.Source, ofServed...)
		return
	}
	found, problems := parseCertificates(art.Text)
	g.problems(name, problems, ofServed)
	if len(found) == 0 {
		return
	}
	source := g.target.Live(e.Host, e.Port)
	for i, f := range found {
		g.add(f.certificate, evidence.PlaceServed, "", i == 0, source)
	}
	chain := g.chain(found, evidence.PlaceServed, source)
	chain.Subject, chain.Host, chain.Port = g.target.Subject+"/"+subject, e.Host, e.Port
	g.record.Chains = append(g.record.Chains, chain)
}

// mapServer keeps the certificates of the server that the nodes load the proxy
// map from: those that it served when the map was fetched, else those declared.
func (g *gatherer) mapServer() {
	where, m := g.target.Site.ProxyMap, &g.record.MapServer
	m.Source = g.record.Source
	gap := func(reason string) { g.gap(reason, g.record.Source, ofMapServer...) }
	if u, err := url.Parse(where.URL); err == nil && u.Scheme == "https" && u.Hostname() != "" {
		m.Host, m.Port = u.Hostname(), 443
		if n, err := strconv.Atoi(u.Port()); err == nil {
			m.Port = n
		}
		name := evidence.ServedChain(g.target.Subject, m.Host, m.Port)
		if art, ok := g.target.Artifacts.Get(name); ok {
			found, problems := parseCertificates(art.Text)
			g.problems(name, problems, ofMapServer)
			m.Source = g.target.Live(m.Host, m.Port)
			g.keepMapServer(found, func(located) evidence.Source { return m.Source })
			return
		}
	}
	switch {
	case where.Certificates != "":
		g.mapFolder(where.Certificates)
	case where.URL != "":
		gap("the certificates of the map server are not known: it served none, and the site declares no proxymap.certificates")
	case where.File != "":
		gap("the certificates of the map server are not known: the map is a file, and the site declares no proxymap.certificates")
	default:
		gap("the certificates of the map server are not known: the site declares no proxymap")
	}
}

// mapFolder reads the first chain of a folder: the file that begins with the
// server's own certificate, before those that begin with an authority's.
func (g *gatherer) mapFolder(folder string) {
	gap := func(reason string) { g.gap(folder+": "+reason, g.record.Source, ofMapServer...) }
	tree, err := g.target.Files.Tree(folder)
	if err != nil {
		g.gap(err.Error(), g.record.Source, ofMapServer...)
		return
	}
	entries, err := fs.ReadDir(tree, ".")
	if err != nil || len(entries) > maxFiles {
		gap(fmt.Sprintf("cannot be listed, or holds more than %d files", maxFiles))
		return
	}
	var chain, authorities []located
	sources := map[string]evidence.Source{}
	for _, e := range entries {
		if !slices.Contains([]string{".pem", ".crt", ".cer", ".der"}, strings.ToLower(path.Ext(e.Name()))) {
			continue
		}
		full := path.Join(folder, e.Name())
		text, err := evidence.ReadRegular(tree, e.Name(), maxFileBytes)
		if err != nil {
			g.gap(err.Error(), fileSource(full, 0), ofMapServer...)
			continue
		}
		found, problems := parseCertificates(text)
		g.problems(full, problems, ofMapServer)
		for i := range found {
			sources[digestOf(found[i].certificate)] = fileSource(full, found[i].line)
		}
		switch {
		case len(found) == 0:
		case found[0].certificate.IsCA:
			authorities = append(authorities, found...)
		case chain != nil:
			gap("more than one file begins with a server's certificate; the first one was taken")
		default:
			chain = found
		}
	}
	if chain == nil {
		gap("no file begins with the certificate of a server")
		return
	}
	for _, a := range authorities {
		if !slices.ContainsFunc(chain, func(c located) bool { return c.certificate.Equal(a.certificate) }) {
			chain = append(chain, a)
		}
	}
	g.record.MapServer.Source = sources[digestOf(chain[0].certificate)]
	g.keepMapServer(chain, func(l located) evidence.Source { return sources[digestOf(l.certificate)] })
}

func (g *gatherer) keepMapServer(found []located, source func(located) evidence.Source) {
	if len(found) == 0 {
		return
	}
	m := &g.record.MapServer
	m.Known = true
	for i, f := range found {
		g.add(f.certificate, evidence.PlaceMapServer, "", i == 0, source(f))
		m.Certificates = append(m.Certificates, digestOf(f.certificate))
	}
	chain := g.chain(found, evidence.PlaceMapServer, m.Source)
	chain.Subject, chain.Host, chain.Port = g.target.Subject+"/map", m.Host, m.Port
	g.record.Chains = append(g.record.Chains, chain)
}
