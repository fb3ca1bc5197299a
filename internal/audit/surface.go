// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"errors"
	"fmt"
	"net"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/surface"
	"github.com/postern-audit/postern/policies"
)

// surface gathers the paths that the site allows. A mistake in that file ends the run
// before anything else is gathered.
func (c *collection) surface() error {
	if c.site.Surface == "" {
		return nil
	}
	kept, err := c.files.Read(c.site.Surface, surface.MaxBytes)
	if err != nil {
		return &surface.Error{Place: "surface", Message: err.Error(), HintText: "remove surface from the site file to be judged by what is shipped for the profile"}
	}
	_, err = surface.Parse(kept.Path, kept.Text, policies.FS)
	return err
}

// ErrNoSurface is the error of a bundle that lacks the surface that its site declares,
// as one that was gathered on an edge does. What rests on the surface is then unknown.
var ErrNoSurface = errors.New("the bundle lacks the declared surface")

// SurfaceOf is what the gate of a site may let through: the file that the site names,
// or else what is shipped for the base profile that it is judged by. Places in it name
// artifacts of the bundle, and shipped files as policies/paths/NAME.yaml.
func SurfaceOf(b *evidence.Bundle, profile string) (*surface.Surface, error) {
	declared := b.Document.Site.Surface
	if declared == "" {
		return surface.Shipped(policies.FS, profile)
	}
	kept, ok := b.Archive.Get(path.Clean(filepath.ToSlash(declared)))
	if !ok {
		return nil, fmt.Errorf("%s: %w", declared, ErrNoSurface)
	}
	return surface.Parse(kept.Path, kept.Text, policies.FS)
}

// ComponentsOf tells which component of a surface answers for an upstream of an nginx
// configuration: the upstream as the directive names it, such as "https://desk", and
// the addresses behind it. It is nil where the surface has none, where the addresses
// belong to different ones, and for a host that the site knows nothing of.
//
// A declared node is known by its host and addresses; the identity provider by the map,
// which leads to the external host that the site declares. A host that only the map
// names, or any host where neither nodes nor a map are known, is told by its port.
func ComponentsOf(doc *evidence.Document, s *surface.Surface) func(upstream string, peers []string) *surface.Component {
	find := componentFinder{surface: s, nodes: map[string]evidence.Node{}, idp: map[string]bool{}, mapped: map[string]bool{}}
	for _, n := range doc.Site.Nodes {
		for _, host := range append([]string{n.Host}, n.Addresses...) {
			find.nodes[plainHost(host)] = n
		}
	}
	for _, m := range doc.ProxyMap {
		for _, e := range m.Entries {
			find.mapped[plainHost(e.Internal.Host)] = true
			if doc.Site.IdP.Host != "" && plainHost(e.External.Host) == plainHost(doc.Site.IdP.Host) {
				find.idp[plainHost(e.Internal.Host)] = true
			}
		}
	}
	return find.upstream
}

type componentFinder struct {
	surface *surface.Surface
	// Hosts and addresses, in small letters.
	nodes       map[string]evidence.Node
	idp, mapped map[string]bool
}

func (f *componentFinder) upstream(upstream string, peers []string) *surface.Component {
	port := 80
	if strings.HasPrefix(strings.ToLower(upstream), "https:") {
		port = 443
	}
	var found *surface.Component
	for i, peer := range peers {
		c := f.peer(peer, port)
		if c == nil || i > 0 && c != found {
			return nil
		}
		found = c
	}
	return found
}

func (f *componentFinder) peer(peer string, port int) *surface.Component {
	host := strings.Trim(peer, "[]")
	if h, p, err := net.SplitHostPort(peer); err == nil {
		n, err := strconv.Atoi(p)
		if err != nil {
			return nil
		}
		host, port = h, n
	}
	host = plainHost(host)
	node, declared := f.nodes[host]
	switch {
	case f.idp[host]:
		return f.surface.Find(node.Name, "idp", port)
	case declared:
		return f.surface.Find(node.Name, string(node.Role), port)
	case f.mapped[host] || len(f.nodes)+len(f.mapped) == 0:
		return f.surface.Find("", "", port)
	}
	return nil
}

// plainHost is a host as it is compared.
func plainHost(host string) string {
	return strings.TrimSuffix(strings.ToLower(host), ".")
}
