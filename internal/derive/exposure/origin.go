// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"regexp"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
	"github.com/postern-audit/postern/internal/nginx/request"
)

// origin is a kind of request to a socket.
type origin struct {
	request.Request
	// line puts the host into the request line, beside a Host header of its own, noPath
	// without a path behind it.
	line, noPath bool
	// v6 says that the client has an IPv6 address.
	v6 bool
	// shape is that of the host.
	shape hostShape
}

// origins are the kinds of request to a socket: with a Host, without one, and where TLS
// is spoken without TLS; and where a configuration looks at what tells them apart, with
// the host in the request line and of older versions.
func origins(s *nginx.Socket, configs ...*nginx.Config) (list []origin) {
	uses := func(variables ...string) bool {
		return slices.ContainsFunc(configs, func(c *nginx.Config) bool { return mentions(c, variables...) })
	}
	host := ""
	named := origin{Request: request.Request{Address: strings.Trim(s.Address, "*[]"), Port: s.Port, TLS: s.SSL, Host: &host}}
	add := func(change func(*origin)) {
		o := named
		change(&o)
		list = append(list, o)
	}
	add(func(*origin) {})
	add(func(o *origin) { o.Host, o.Version = nil, "1.0" })
	if s.SSL {
		add(func(o *origin) { o.TLS = false })
	}
	if uses("host", "http_host") || slices.ContainsFunc(configs, namesOddHosts) {
		for _, shape := range oddHosts {
			add(func(o *origin) { o.shape = shape })
		}
	}
	if uses("request", "server_protocol") {
		add(func(o *origin) { o.Version = "1.0" })
		add(func(o *origin) { o.Host, o.Version = nil, "0.9" })
	}
	if uses("request", "http_host") {
		add(func(o *origin) { o.line = true })
	}
	if uses("request", "request_uri", "http_host") {
		add(func(o *origin) { o.line, o.noPath = true, true })
	}
	if !strings.HasPrefix(s.Address, "[") {
		return list
	}
	// A wildcard may take clients of both kinds.
	for _, o := range list {
		o.v6 = true
		list = append(list, o)
	}
	return list
}

// versionsDiffer reports whether requests of HTTP/2, which are not modelled, may go
// another way than those of HTTP/1.
func versionsDiffer(s *nginx.Socket, cfg *nginx.Config) bool {
	return s.HTTP2 && mentions(cfg, "request", "server_protocol", "http2", "http_host")
}

// inconsequential are directives whose texts are answered, written to a log or sent to an
// upstream beside the request line. They change nothing about the way of a request.
var inconsequential = []string{
	"log_format", "access_log", "error_log", "add_header", "add_trailer", "return", "proxy_set_header", "proxy_redirect",
	"proxy_cookie_domain", "proxy_cookie_path", "proxy_cookie_flags", "proxy_cache_key", "sub_filter", "more_set_headers", "grpc_set_header",
}

// mentions reports whether the way of requests through a configuration may depend on one
// of the variables.
func mentions(cfg *nginx.Config, variables ...string) bool {
	uses := regexp.MustCompile(`\$\{?(` + strings.Join(variables, "|") + `)\b`)
	var look func(d *nginx.Directive) bool
	look = func(d *nginx.Directive) bool {
		for c := range d.Children() {
			if slices.Contains(inconsequential, c.Name) {
				continue
			}
			if slices.ContainsFunc(c.Values(), uses.MatchString) || c.Kind == nginx.Block && look(c) {
				return true
			}
		}
		return false
	}
	return slices.ContainsFunc(cfg.HTTP, func(sc *nginx.Scope) bool { return look(sc.Directive) })
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
