// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/derive/exposure"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/policy"
	"github.com/postern-audit/postern/internal/report"
	"github.com/postern-audit/postern/internal/site"
	"github.com/postern-audit/postern/internal/surface"
	"github.com/postern-audit/postern/policies"
)

// defaultSurface is what a configuration is held to where nobody says.
const defaultSurface = "finesse-12.6.1"

// gateFlags say what a gate may let through, and what stands behind it.
type gateFlags struct {
	site     string
	profile  string
	proxyMap string
	surface  string
	// given tells a flag that was set from its default.
	given func(name string) bool
}

// ofGate are the flags of gateFlags.
var ofGate = []string{"site", "profile", "map", "surface"}

func (f *gateFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.site, "site", "", "a site file, or a bundle of it: its surface, its nodes and its proxy map")
	flags.StringVar(&f.profile, "profile", "", "the shipped surface of this profile (default: "+defaultSurface+")")
	flags.StringVar(&f.proxyMap, "map", "", "a proxy map: its external hosts are the names of the gate, its internal ones what stands behind it (default: the site's)")
	flags.StringVar(&f.surface, "surface", "", "a surface of your own, instead of the profile's or the site's")
	f.given = flags.Changed
}

func (f *gateFlags) validate() error {
	switch {
	case f.given("site") && f.given("profile"):
		return withHint(errors.New("--profile stands beside --site"), "a site file names its profile itself")
	case f.given("surface") && f.given("profile"):
		return withHint(errors.New("--profile stands beside --surface"), "a surface of your own says in its key extends what it changes")
	}
	for _, name := range ofGate {
		if value := f.value(name); f.given(name) && value == "" {
			return withHint(fmt.Errorf("--%s is empty", name), "leave it out, or name a file")
		}
	}
	return nil
}

func (f *gateFlags) value(name string) string {
	return map[string]string{"site": f.site, "profile": f.profile, "map": f.proxyMap, "surface": f.surface}[name]
}

// gate is what a configuration is held to.
type gate struct {
	surface   *surface.Surface
	component func(upstream string, peers []string) *surface.Component
	// names are the external hosts; none where only the configuration tells them.
	names []string
	// modules are the Lua modules that find out who asks.
	modules []string
	edges   []evidence.Edge
	// dir is what names of files in the declaration of an edge are relative to.
	dir string
}

// open reads the configuration that an NGINX argument means: what the site declares for
// the edge of that name, or else a file or folder.
func (g *gate) open(name, conf string) (*nginxArg, error) {
	if where := g.locate(name); conf == "" && (where.Root != "" || where.Dump != "") {
		return openDeclared(g.dir, where)
	}
	return openNginx(name, conf)
}

// locate is what the site declares for an edge; zero where it has none of that name.
func (g *gate) locate(name string) evidence.NginxLocation {
	for _, e := range g.edges {
		if e.Name == name {
			return e.Nginx
		}
	}
	return evidence.NginxLocation{}
}

// read gathers it. Nothing is contacted.
func (f *gateFlags) read(ctx context.Context, s Streams) (*gate, error) {
	doc := &evidence.Document{}
	var allowed *surface.Surface
	var err error
	switch {
	case f.site != "":
		doc, allowed, err = f.ofSite(ctx, s)
	case f.proxyMap != "":
		doc, err = f.ofMap(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	if allowed == nil {
		if allowed, err = f.ofProfile(s); err != nil {
			return nil, err
		}
	}
	choice := doc.Site.Profile
	if choice.Base == "" {
		choice.Base = f.profile
	}
	modules, err := authenticators(choice)
	if err != nil {
		return nil, err
	}
	return &gate{surface: allowed, component: audit.ComponentsOf(doc, allowed), names: externalNames(doc), modules: modules, edges: doc.Site.Edges, dir: filepath.Dir(f.site)}, nil
}

// authenticators are the Lua modules that a profile knows to find out who asks.
func authenticators(choice evidence.ProfileChoice) ([]string, error) {
	if choice.Base == "" {
		choice.Base = defaultSurface
	}
	p, err := policy.LoadProfile(policies.FS, choice)
	return p.Parameters.Gate.AuthenticationModules, err
}

// ofProfile reads the surface that is named, or else the shipped one.
func (f *gateFlags) ofProfile(s Streams) (*surface.Surface, error) {
	if f.surface != "" {
		text, err := readLimited(f.surface, surface.MaxBytes)
		if err != nil {
			return nil, withHint(err, "name a file of the schema "+surface.Schema)
		}
		return surface.Parse(filepath.Base(f.surface), text, policies.FS)
	}
	profile := f.profile
	if profile == "" {
		profile = defaultSurface
		fmt.Fprintf(s.Err, "surface: %s (--profile, --surface or --site name another)\n", profile)
	}
	allowed, err := surface.Shipped(policies.FS, profile)
	if err != nil {
		return nil, withHint(fmt.Errorf("--profile: %w", err), "postern rules profiles lists them")
	}
	return allowed, nil
}

// ofSite reads what a site file declares, or a bundle of it.
func (f *gateFlags) ofSite(ctx context.Context, s Streams) (*evidence.Document, *surface.Surface, error) {
	bundle, err := f.bundle(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	doc := &bundle.Document
	if f.surface != "" {
		return doc, nil, nil
	}
	allowed, err := audit.SurfaceOf(bundle, doc.Site.Profile.Base)
	return doc, allowed, err
}

func (f *gateFlags) bundle(ctx context.Context, s Streams) (*evidence.Bundle, error) {
	in, err := openRegular(f.site)
	if err != nil {
		return nil, withHint(err, "name a site file, or a bundle")
	}
	head := make([]byte, len(zipMagic))
	_, err = io.ReadFull(in, head)
	if err := in.Close(); err != nil {
		return nil, fmt.Errorf("%s: %w", f.site, err)
	}
	if err == nil && bytes.Equal(head, zipMagic) {
		bundle, err := readBundle(f.site)
		if err != nil {
			return nil, err
		}
		bundle.Document.Site.Edges = nil // their files do not lie beside the bundle
		if f.proxyMap == "" {
			return bundle, nil
		}
		doc, err := f.ofMap(ctx, s)
		if err == nil {
			bundle.Document.ProxyMap = doc.ProxyMap
		}
		return bundle, err
	}
	file, err := site.Load(f.site)
	if err != nil {
		return nil, err
	}
	if f.proxyMap == "" {
		return gatherMap(ctx, s, file)
	}
	file.Site.ProxyMap = evidence.MapLocation{}
	doc, err := f.ofMap(ctx, s)
	if err != nil {
		return nil, err
	}
	bundle, err := gatherMap(ctx, Streams{Err: io.Discard}, file)
	if err != nil {
		return nil, err
	}
	bundle.Document.ProxyMap = doc.ProxyMap
	return bundle, nil
}

// ofMap reads a map as that of a site that declares nothing else.
func (f *gateFlags) ofMap(ctx context.Context, s Streams) (*evidence.Document, error) {
	file := &site.File{Path: f.proxyMap, Dir: filepath.Dir(f.proxyMap), Site: evidence.Site{
		ProxyMap: evidence.MapLocation{File: filepath.Base(f.proxyMap)}, DeclaredSource: evidence.Source{Artifact: "command-line"},
	}}
	bundle, err := gatherMap(ctx, Streams{Err: io.Discard}, file)
	if err != nil {
		return nil, err
	}
	if gaps := mapGaps(&bundle.Document); len(bundle.Document.ProxyMap) == 0 && len(gaps) > 0 {
		return nil, withHint(fmt.Errorf("--map %s: %s", f.proxyMap, report.Printable(gaps[0])), "name a file with lines INTERNAL:PORT=EXTERNAL:PORT")
	}
	noteMap(s, &bundle.Document)
	return &bundle.Document, nil
}

// gatherMap collects what a site says of its map and its surface. Of its edges and
// nodes only the declaration is needed, not what would be collected from them.
func gatherMap(ctx context.Context, s Streams, file *site.File) (*evidence.Bundle, error) {
	declared := file.Site
	file.Site = evidence.Site{
		Name: declared.Name, Profile: declared.Profile, ProxyMap: declared.ProxyMap, Surface: declared.Surface, DeclaredSource: declared.DeclaredSource,
	}
	bundle, err := audit.Collect(ctx, file, audit.CollectOptions{Offline: true, Tool: version().Version})
	if err != nil {
		return nil, err
	}
	bundle.Document.Site.Nodes, bundle.Document.Site.Edges, bundle.Document.Site.IdP = declared.Nodes, declared.Edges, declared.IdP
	noteMap(s, &bundle.Document)
	return bundle, nil
}

// noteMap says what of a map could not be read.
func noteMap(s Streams, doc *evidence.Document) {
	for _, reason := range mapGaps(doc) {
		fmt.Fprintf(s.Err, "note: the proxy map: %s (--map FILE names a copy)\n", report.Printable(reason))
	}
	for _, m := range doc.ProxyMap {
		for i, p := range m.Problems {
			if i == 5 {
				fmt.Fprintf(s.Err, "note: and %d more lines of the proxy map\n", len(m.Problems)-i)
				break
			}
			fmt.Fprintf(s.Err, "note: %s:%d: %s\n", report.Printable(p.Source.Artifact), p.Source.Line, report.Printable(p.Message))
		}
	}
}

func mapGaps(doc *evidence.Document) (reasons []string) {
	for _, g := range doc.Gaps {
		if g.Section == "proxymap" {
			reasons = append(reasons, g.Reason)
		}
	}
	return reasons
}

// externalNames are the hosts that clients are to use.
func externalNames(doc *evidence.Document) (names []string) {
	for _, m := range doc.ProxyMap {
		for _, e := range m.Entries {
			if name := strings.ToLower(e.External.Host); name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// input is what a proof about a configuration needs.
func (g *gate) input(a *nginxArg) exposure.Input {
	return exposure.Input{Config: a.Config, Surface: g.surface, Component: g.component, Names: g.names, Script: a.scripts(g.modules)}
}

// uninterruptible runs work that cannot be interrupted by itself, and gives up on it when the
// context ends.
func uninterruptible[T any](ctx context.Context, work func() T) (result T, err error) {
	done := make(chan T, 1)
	go func() { done <- work() }()
	select {
	case result = <-done:
		return result, nil
	case <-ctx.Done():
		return result, errors.New("interrupted")
	}
}

// writeResult writes to a file, or else to standard output.
func writeResult(s Streams, file string, write func(io.Writer) error) error {
	if file == "" {
		return write(s.Out)
	}
	return writeFile(file, write)
}
