// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// origin is a kind of request to a socket.
type origin struct {
	request.Request
	// line puts the host into the request line, beside a Host header of its own; noPath
	// leaves out the path behind it, and noTarget the arguments as well.
	line, noPath, noTarget bool
	// v6 says that the client may have an IPv6 address as well.
	v6 bool
	// shape is that of the host, and handshake that of the name in the handshake.
	shape, handshake hostShape
}

// origins are the kinds of request to a socket: with a Host, without one, and where TLS
// is spoken without TLS; and where a configuration looks at what tells them apart, with
// the host in the request line and of older versions.
func (e *explorer) origins(s *nginx.Socket, configs ...*nginx.Config) (list []origin) {
	uses := e.decides
	host := ""
	usual := origin{Request: request.Request{Address: strings.Trim(s.Address, "*[]"), Port: s.Port, TLS: s.SSL, Host: &host}}
	// A wildcard may take clients of both kinds, and who is believed may name any.
	usual.v6 = strings.HasPrefix(s.Address, "[") || slices.ContainsFunc(configs, believesClients)
	versions := uses("request", "server_protocol")
	// add takes a form of requests in all versions that can be told apart; bare says that it
	// matters whether there is a Host header.
	add := func(bare bool, change func(*origin)) {
		o := usual
		change(&o)
		list = append(list, o)
		if o.Host = nil; bare {
			o.Version = "1.0"
			list = append(list, o)
		}
		if versions && (o.line || o.shape == usualHost) {
			o.Version = "0.9"
			list = append(list, o)
		}
	}
	add(true, func(*origin) {})
	if uses("host", "http_host") || slices.ContainsFunc(configs, namesOddHosts) {
		for _, shape := range oddHosts {
			add(false, func(o *origin) { o.shape = shape })
		}
	}
	// A host in the request line is told apart from that in a header by these alone.
	if lines := uses("request", "http_host"); lines || uses("request_uri") {
		add(lines, func(o *origin) { o.line, o.noPath = true, true })
		if lines {
			add(true, func(o *origin) { o.line = true })
			add(true, func(o *origin) { o.line, o.shape = true, addressLiteral })
		}
	}
	if uses("request") {
		add(true, func(o *origin) { o.line, o.noTarget = true, true })
	}
	if s.SSL && uses("ssl_server_name") {
		for _, shape := range oddHandshakes {
			add(false, func(o *origin) { o.handshake = shape })
		}
	}
	if s.SSL {
		list = append(list, changed(list, func(o *origin) { o.TLS = false })...)
	}
	return list
}

// believesClients reports whether somebody may say which address a client has.
func believesClients(cfg *nginx.Config) bool {
	for _, h := range cfg.HTTP {
		for d := range h.Directive.All() {
			if d.Name == "set_real_ip_from" {
				return true
			}
		}
	}
	return false
}

// changed are copies of origins that differ in one thing.
func changed(list []origin, change func(*origin)) []origin {
	out := slices.Clone(list)
	for i := range out {
		change(&out[i])
	}
	return out
}

// versionsDiffer reports whether requests of HTTP/2, which are not modelled, may go
// another way than those of HTTP/1.
func (e *explorer) versionsDiffer(s *nginx.Socket) bool {
	return s.HTTP2 && e.decides("request", "server_protocol", "http2", "http_host")
}

// mergesDiffer reports whether the name of the handshake decides about slashes. Where
// TLS is not spoken the default server does.
func mergesDiffer(s *nginx.Socket) (nginx.Pos, bool) {
	for _, srv := range s.Servers {
		if s.SSL && off(srv.Scope, "merge_slashes") != off(s.Default.Scope, "merge_slashes") {
			return srv.Pos, true
		}
	}
	return nginx.Pos{}, false
}

// fullNames are the names without wildcards that servers have.
func fullNames(cfg *nginx.Config) (names []string) {
	for _, s := range cfg.Servers {
		for _, n := range s.Names {
			if n.Kind == nginx.NameExact && !n.HasVariables && !slices.Contains(names, n.Value) {
				names = append(names, n.Value)
			}
		}
	}
	return names
}

// name makes witnesses use a name that a browser would use for a socket.
func (s *space) name(socket *nginx.Socket, names []string) {
	best := ""
	for _, srv := range socket.Servers {
		for _, n := range srv.Names {
			s.wildcard(n)
			if best == "" && slices.Contains(names, n.Value) {
				best = n.Value
			}
		}
	}
	if best == "" && len(names) > 0 {
		best = names[0]
	}
	if best == "" {
		return
	}
	for _, f := range []request.Field{request.Host, request.SNI, request.HostHeader} {
		s.prefer[f] = append([]string{best}, s.prefer[f]...)
	}
}

// wildcard makes witnesses use a name with a word in the place of an asterisk.
func (s *space) wildcard(n nginx.ServerName) {
	name := ""
	switch _, after, found := strings.Cut(n.Value, "*."); {
	case n.Kind == nginx.NameLeading && found:
		name = "any." + after
	case n.Kind == nginx.NameTrailing:
		name = strings.TrimSuffix(n.Value, "*") + "example"
	default:
		return
	}
	for _, f := range []request.Field{request.Host, request.SNI, request.HostHeader} {
		s.prefer[f] = append(s.prefer[f], name)
	}
}
