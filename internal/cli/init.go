// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/postern-audit/postern/internal/audit"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/site"
)

func newInit(s Streams) *cobra.Command {
	var mapName, ca, output, name string
	var with []string
	cmd := &cobra.Command{
		Use:   "init --proxymap FILE|URL [--with BUNDLE]...",
		Short: "Write a first site file from what is known already",
		Long: `Writes a site file with every name that the proxy map holds, and with the edges
of bundles that "postern collect host" gathered. A comment marks what only a human
knows. The file loads as it is.

  postern init --proxymap proxymap.txt --with rp-a.zip -o site.yaml`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if mapName == "" && len(with) == 0 {
				return withHint(errors.New("nothing to start from"), "name the proxy map with --proxymap, or a bundle of an edge with --with")
			}
			if err := reachable(output); err != nil {
				return err
			}
			draft := site.Draft{Name: name}
			if mapName != "" {
				if err := readDraftMap(cmd.Context(), s, &draft, mapName, ca, output); err != nil {
					return err
				}
			}
			for _, file := range with {
				b, err := readBundle(file)
				if err != nil {
					return err
				}
				if draft.Name == "" {
					draft.Name = b.Document.Site.Name
				}
				draft.Edges = append(draft.Edges, draftEdges(b)...)
			}
			text := draft.Text()
			if _, err := site.Parse("site.yaml", text); err != nil {
				return fmt.Errorf("the site file that was written does not load, please report this: %w", err)
			}
			if output == "" {
				_, err := s.Out.Write(text)
				return err
			}
			if err := writeNewFile(output, text); err != nil {
				return err
			}
			_, err := fmt.Fprintf(s.Err, "%s: look at the %d lines marked FILL IN, then: postern audit %s\n", output, strings.Count(string(text), "FILL IN: "), output)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&mapName, "proxymap", "", "the proxy map: a file, or the URL that the nodes load it from")
	f.StringVar(&ca, "ca", "", "for an https URL: the CA of the map server, in PEM form")
	f.StringArrayVar(&with, "with", nil, "a bundle that was gathered on an edge (repeatable)")
	f.StringVar(&name, "site", "", "the site's name")
	f.StringVarP(&output, "output", "o", "", "the site file to write (default: standard output); an existing one is left alone")
	return cmd
}

// readDraftMap reads the map by the collector that every audit uses.
func readDraftMap(ctx context.Context, s Streams, draft *site.Draft, name, ca, output string) error {
	location := evidence.MapLocation{File: name}
	if strings.Contains(name, "://") {
		location = evidence.MapLocation{URL: name, CA: ca}
	}
	m, gaps, err := audit.ReadMap(ctx, location, version().Version)
	if err != nil {
		return err
	}
	for _, g := range gaps {
		fmt.Fprintf(s.Err, "not read: %s\n", g.Reason)
	}
	if len(m.Entries) == 0 {
		return withHint(fmt.Errorf("%s holds no entry of a proxy map", name), "a line reads internal-host:port=external-host:port")
	}
	for _, p := range m.Problems {
		fmt.Fprintf(s.Err, "%s:%d: %s\n", p.Source.Artifact, p.Source.Line, p.Message)
	}
	draft.Map, draft.Location = m, location
	if location.File != "" && output != "" {
		// Paths of a site file are relative to it.
		if relative, err := filepath.Rel(filepath.Dir(output), name); err == nil && !filepath.IsAbs(name) {
			draft.Location.File = filepath.ToSlash(relative)
		}
	}
	return nil
}

// writeNewFile writes a file that must not be there yet.
func writeNewFile(path string, text []byte) error {
	if _, err := os.Lstat(path); err == nil {
		return withHint(fmt.Errorf("%s is there already", path), "name another file with -o; nothing is overwritten")
	}
	return writeFile(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// draftEdges lists the edges of a bundle with what their hosts showed.
func draftEdges(b *evidence.Bundle) []site.DraftEdge {
	var out []site.DraftEdge
	for _, e := range b.Document.Site.Edges {
		edge := site.DraftEdge{Name: e.Name}
		for _, h := range b.Document.Host {
			if h.Target == e.Subject {
				edge.Interfaces = interfaces(h)
			}
		}
		out = append(out, edge)
	}
	return out
}

func interfaces(h evidence.Host) []site.DraftInterface {
	var out []site.DraftInterface
	for _, i := range h.Interfaces {
		face := site.DraftInterface{Name: i.Name}
		for _, a := range i.Addresses {
			face.Addresses = append(face.Addresses, a.Address)
		}
		out = append(out, face)
	}
	return out
}
