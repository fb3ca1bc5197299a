// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// hostShape is how a Host is divided into the name that a server is looked for with and
// the rest, which nginx leaves out.
type hostShape uint8

const (
	// usualHost is a name and perhaps a final dot and a port.
	usualHost hostShape = iota
	// dottedPort is a name with a final dot that stays, since the port has a dot as well.
	dottedPort
	// addressLiteral is something in brackets, with anything behind it.
	addressLiteral
	// openBracket is all that follows a bracket which is never closed.
	openBracket
	// longHost is a usual one with a final dot or a port, and noHost is none. Both are for
	// names of handshakes, which have no field for their rest.
	longHost
	noHost
)

var (
	oddHosts      = [...]hostShape{dottedPort, addressLiteral, openBracket}
	oddHandshakes = [...]hostShape{dottedPort, addressLiteral, openBracket, longHost, noHost}
)

// handshakes are the names of a shape that a handshake may have. A usual one is empty
// where the handshake has none.
func (s *space) handshakes(shape hostShape) automata.Lang {
	a := s.Algebra
	whole := func(shape hostShape) automata.Lang {
		h := s.hosts(shape)
		return a.Concat(h[request.Host], h[request.HostTail])
	}
	usual := s.hosts(usualHost)[request.Host]
	switch shape {
	case usualHost:
		return a.Optional(usual)
	case longHost:
		return a.Difference(whole(usualHost), usual)
	case noHost:
		text := a.Repeat(a.Set(automata.Bytes(0).Not()), 1, automata.Unbounded)
		return a.Difference(text, a.Union(whole(usualHost), whole(dottedPort), whole(addressLiteral), whole(openBracket)))
	}
	return whole(shape)
}

// hosts are the names and the rests of a shape, as ngx_http_validate_host takes them
// apart in nginx 1.22.
func (s *space) hosts(shape hostShape) map[request.Field]automata.Lang {
	a := s.Algebra
	any := hostByte()
	rest := func(without string) automata.Lang {
		return a.Star(a.Set(any.And(automata.Bytes([]byte(without)...).Not())))
	}
	colon, dot := a.Literal(":"), a.Literal(".")
	twice := a.Concat(automata.All, dot, dot, automata.All)
	name := a.Difference(a.Concat(a.Set(any.And(automata.Bytes(':', '[').Not())), rest(":")), twice)
	ends := a.Concat(automata.All, dot)
	var host, tail automata.Lang
	switch shape {
	case usualHost:
		host = a.Difference(name, ends)
		tail = a.Union(a.Optional(a.Concat(colon, rest(""))), a.Concat(dot, a.Optional(a.Concat(colon, rest(".")))))
	case dottedPort:
		host = a.Intersect(name, ends)
		tail = a.Concat(colon, rest("."), dot, rest(""))
	case addressLiteral:
		host = a.Difference(a.Concat(a.Literal("["), rest("]"), a.Literal("]")), twice)
		tail = rest("")
	case openBracket:
		host = a.Difference(a.Concat(a.Literal("["), rest("]")), a.Union(twice, ends))
		tail = a.Optional(dot)
	}
	return map[request.Field]automata.Lang{request.Host: host, request.HostTail: a.Difference(tail, twice)}
}

// hostByte is what may stand in a Host.
func hostByte() automata.Set {
	return automata.Range(0x21, 0xff).And(automata.Bytes(0x7f, '/').Not())
}

// hostHeader are all that nginx takes for a Host.
func (s *space) hostHeader() automata.Lang {
	a := s.Algebra
	any := a.Set(hostByte())
	undotted := a.Star(a.Set(hostByte().And(automata.Bytes('.').Not())))
	empty := a.Union(a.Concat(a.Literal(":"), automata.All), a.Literal("."), a.Concat(a.Literal(".:"), undotted))
	return a.Difference(a.Concat(any, a.Star(any)), a.Union(empty, a.Concat(automata.All, a.Literal(".."), automata.All)))
}

// namesOddHosts reports whether a server may have a name of an odd shape.
func namesOddHosts(cfg *nginx.Config) bool {
	return slices.ContainsFunc(cfg.Servers, func(srv *nginx.Server) bool {
		return slices.ContainsFunc(srv.Names, func(n nginx.ServerName) bool {
			return n.Kind == nginx.NameRegex || strings.HasSuffix(n.Value, ".") || strings.HasPrefix(n.Value, "[") || strings.HasSuffix(n.Value, ".*")
		})
	})
}
