// SPDX-License-Identifier: Apache-2.0

package request

import (
	"slices"

	"github.com/postern-audit/postern/internal/nginx"
)

// writesHeaders notes the headers for an upstream that are made of the path: nginx sends
// them as they are, and a path may hold line feeds.
func (r *run) writesHeaders(family string) {
	if r.trace == nil {
		return
	}
	r.trace.Headers = nil
	for _, s := range r.block.scope.Get(family + "_set_header") {
		if r.m.holdsPath(s.Arg(1), 0) {
			if t := r.text(s.Arg(1), s.From); !t.Constant() {
				r.trace.Headers = append(r.trace.Headers, Header{s.From, t})
			}
		}
	}
}

// Header is what an upstream gets in a header.
type Header struct {
	At    nginx.Pos
	Value Text
}

// holdsPath reports whether a text may hold something of the decoded path. Whatever else
// comes from a client has no line feeds.
func (m *Model) holdsPath(text string, depth int) bool {
	return slices.ContainsFunc(variablesIn(text), func(name string) bool {
		g := m.maps[name]
		switch {
		case depth > maxDepth:
			return true
		case g != nil:
			return slices.ContainsFunc(g.texts(), func(t string) bool { return m.holdsPath(t, depth+1) })
		}
		return isDigit(name[0]) || m.changeable[name] || name == "uri" || name == "document_uri"
	})
}
