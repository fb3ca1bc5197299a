// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io/fs"

	"github.com/postern-audit/postern/collectors/nginxrules"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// scripts says what the Lua handlers of a configuration do. Modules are those that
// find out who asks.
func (a *nginxArg) scripts(modules []string) func(nginx.Setting) request.Script {
	where := evidence.NginxLocation{Dump: a.Artifacts[0]}
	if a.Files != nil {
		where = evidence.NginxLocation{Root: ".", Prefix: a.Prefix, Conf: a.Tree.Files[0].Name}
	}
	if !a.Version.IsZero() {
		where.Version = a.Version.String()
	}
	c, err := nginxrules.Read(evidence.Target{
		Kind: evidence.KindEdge, Site: &evidence.Site{}, Edge: &evidence.Edge{Nginx: where}, Files: openedFiles{a}, Artifacts: &evidence.Archive{},
	})
	return func(s nginx.Setting) request.Script {
		if err != nil {
			return request.Script{Why: err.Error()}
		}
		return c.Effect(s, modules)
	}
}

// openedFiles are the files of an NGINX argument. Nothing that is read leaves the
// reader, so that nothing is redacted.
type openedFiles struct{ *nginxArg }

// Read implements evidence.Files.
func (f openedFiles) Read(name string, limit int64) (evidence.Artifact, error) {
	text, err := readLimited(name, limit)
	return evidence.Artifact{Path: name, Text: text}, err
}

// Tree implements evidence.Files.
func (f openedFiles) Tree(name string) (fs.FS, error) {
	if f.Files == nil {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return f.Files, nil
}
