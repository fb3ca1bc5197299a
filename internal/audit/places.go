// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"

	"github.com/postern-audit/postern/collectors/nginxrules"
	"github.com/postern-audit/postern/internal/evidence"
	"github.com/postern-audit/postern/internal/nginx"
)

// places finds the blocks of a configuration by the lines that a proof has for them.
// One line may hold several blocks, and a file with locations may be included by
// several servers.
type places struct {
	configuration      *nginxrules.Configuration
	servers, locations map[string]line
	// nowhere is the place of what has no block.
	nowhere place
}

// place is where a proof found something.
type place struct {
	// subject is the server in charge. It is the edge where there is none, and where
	// which one it is cannot be told, as shared says.
	subject string
	shared  bool
	// server and location are the blocks in charge, the server twice where there is no
	// location, and text the first words of the inner one.
	server, location evidence.Source
	text             string
}

// line is the first block of a kind on a line.
type line struct {
	server *nginx.Server
	source evidence.Source
	text   string
	// shared says that the line has blocks of several servers, crowded that it has
	// several blocks.
	shared, crowded bool
}

func placesOf(c *nginxrules.Configuration, edge string) places {
	p := places{
		configuration: c, servers: map[string]line{}, locations: map[string]line{},
		nowhere: place{subject: edge, server: c.Source(), location: c.Source()},
	}
	add := func(all map[string]line, at nginx.Pos, s *nginx.Server, text string) {
		key := fmt.Sprintf("%s:%d", at.File, at.Line)
		first, known := all[key]
		if !known {
			first = line{server: s, source: c.At(at), text: text}
		}
		first.shared = first.shared || first.server != s
		first.crowded = first.crowded || first.source != c.At(at)
		all[key] = first
	}
	for _, s := range c.Servers {
		add(p.servers, s.Pos, s, "server")
		for l := range s.All() {
			add(p.locations, l.Pos, s, "location "+modifierText[l.Modifier]+clean(l.Path))
		}
	}
	return p
}

var modifierText = map[nginx.Modifier]string{nginx.PrefixFinal: "^~ ", nginx.Exact: "= ", nginx.Regex: "~ ", nginx.RegexCaseless: "~* "}

// of is the place with these lines of a server and a location, each of which may be
// empty. A location tells servers of one line apart where only one of them has it.
func (p places) of(server, location string) place {
	s, known := p.servers[server]
	if !known {
		return p.nowhere
	}
	l, within := p.locations[location]
	out := place{server: s.source, location: s.source, text: s.text, shared: s.shared && (!within || l.shared)}
	if within {
		out.location, out.text = l.source, l.text
	}
	if within && l.crowded {
		out.text += ", or another one of its line"
	}
	switch {
	case out.shared:
		out.subject = p.nowhere.subject
	case s.shared:
		out.subject, out.server = p.configuration.Subject(l.server), p.configuration.At(l.server.Pos)
	default:
		out.subject = p.configuration.Subject(s.server)
	}
	return out
}
