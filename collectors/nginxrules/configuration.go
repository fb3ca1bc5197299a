// SPDX-License-Identifier: Apache-2.0

package nginxrules

import (
	"errors"

	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// Configuration is the configuration of one edge as nginx understands it, for those
// who need more of it than the section holds.
type Configuration struct {
	*nginx.Config
	tree    *nginx.Tree
	reader  *reader
	scripts effects
}

// Read reads the configuration that an edge declares, from the same artifacts and in
// the same way as the collector does.
func Read(t evidence.Target) (*Configuration, error) {
	r := &reader{target: t, record: evidence.NginxRules{Target: t.Subject, Source: t.Edge.Source}}
	version, err := r.version()
	if err != nil {
		return nil, err
	}
	tree, err := r.tree()
	if err != nil {
		return nil, err
	}
	if tree.Main == nil {
		return nil, errors.New("the configuration could not be read")
	}
	r.record.Source = r.main(tree)
	config := nginx.Effective(tree, version)
	r.nameServers(config)
	return &Configuration{Config: config, tree: tree, reader: r}, nil
}

// Source is where the configuration starts.
func (c *Configuration) Source() evidence.Source { return c.reader.record.Source }

// Files are the artifacts that the configuration was read from.
func (c *Configuration) Files() (names []string) {
	for _, f := range c.tree.Files {
		names = append(names, c.reader.artifact(f.Artifact))
	}
	return names
}

// At is the source of a place in the configuration, and that of the edge for the zero
// place.
func (c *Configuration) At(p nginx.Pos) evidence.Source { return c.reader.at(p, evidence.Explicit) }

// Subject is the subject of a server, as the section has it.
func (c *Configuration) Subject(s *nginx.Server) string { return c.reader.subjects[s] }
