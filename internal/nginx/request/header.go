// SPDX-License-Identifier: Apache-2.0

package request

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// writesHeaders notes the headers for an upstream that are made of the path: nginx sends
// them as they are, and a path may hold line feeds.
func (r *run) writesHeaders(family string) {
	if r.trace == nil {
		return
	}
	r.trace.Headers, r.trace.Upgrade = nil, r.upgrade(family)
	for _, s := range r.block.scope.Get(family + "_set_header") {
		if r.m.holdsPath(s.Arg(1), 0) {
			if t := r.text(s.Arg(1), s.From); !t.Constant() {
				r.trace.Headers = append(r.trace.Headers, Header{s.From, t})
			}
		}
	}
}

// frames looks at what tells an upstream where the body of a request ends. Where that is
// not so, it takes the rest for a request of its own, which the client has written.
func (r *run) frames(family, upstream string) {
	if r.trace == nil || family != "proxy" {
		return
	}
	length, coding := r.sentHeader("Content-Length"), r.sentHeader("Transfer-Encoding")
	own := r.setting("proxy_set_body").Name != ""
	passed := !r.sub && !own && r.setting("proxy_pass_request_body").Arg(0) != "off"
	const open = "the upstream may take a part of a body for a request of its own"
	switch {
	case coding.Arg(1) != "", coding.Name != "" && passed && r.setting("proxy_request_buffering").Arg(0) == "off":
		r.widen(coding.From, "%s %s: %s", coding.Name, coding.Arg(0), open)
	case (passed || own) && length.Name != "" && length.Arg(1) != "$content_length":
		r.widen(length.From, "%s %s: %s", length.Name, length.Arg(0), open)
	case !passed && !own && !(length.Name != "" && length.Arg(1) == "") && r.reuses(upstream):
		r.widen(r.handler.Pos(), "the upstream is told of a body that it does not get, as Content-Length is passed on, and waits for it in the next request of the connection")
	}
}

// upgrade is the Upgrade that an upstream gets: HTTP is told of that of the client where
// the configuration says so, and SCGI and uwsgi are told of all headers.
func (r *run) upgrade(family string) Text {
	switch family {
	case "proxy":
		s := r.sentHeader("Upgrade")
		return r.text(s.Arg(1), s.From)
	case "scgi", "uwsgi":
		for _, s := range r.block.scope.Get(family + "_param") {
			if s.Arg(0) == "HTTP_UPGRADE" {
				return r.text(s.Arg(1), s.From)
			}
		}
		if r.setting(family+"_pass_request_headers").Arg(0) != "off" {
			return r.variable("http_upgrade", r.handler.Pos())
		}
	}
	return Text{}
}

// sentHeader is the setting of a header for an upstream.
func (r *run) sentHeader(name string) nginx.Setting {
	for _, s := range r.block.scope.Get("proxy_set_header") {
		if strings.EqualFold(s.Arg(0), name) {
			return s
		}
	}
	return nginx.Setting{}
}

// reuses reports whether a connection to an upstream may serve more than one request.
func (r *run) reuses(upstream string) bool {
	connection := r.sentHeader("Connection")
	if connection.Name == "" || strings.EqualFold(connection.Arg(1), "close") {
		return false
	}
	u := r.m.groups[lower(upstream)]
	return u != nil && slices.ContainsFunc(u.Own(), func(s nginx.Setting) bool { return s.Name == "keepalive" })
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
