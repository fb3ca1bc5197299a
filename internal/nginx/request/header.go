// SPDX-License-Identifier: Apache-2.0

package request

import (
	"fmt"
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// writesHeaders notes the headers for an upstream in which line feeds may stand: nginx
// sends them as they are, and what follows is a header or a request of its own.
func (r *run) writesHeaders(family string) {
	if r.trace == nil {
		return
	}
	r.trace.Headers, r.trace.Upgrade = nil, r.upgrade(family)
	for _, s := range r.block.scope.Get(family + "_set_header") {
		switch name := r.lines(s.Arg(1), nil); {
		case name == "":
		case r.followsLines(name):
			if t := r.text(s.Arg(1), s.From); !t.Constant() {
				r.trace.Headers = append(r.trace.Headers, Header{s.From, t})
			}
		default:
			r.widen(s.From, "%s_set_header %s: $%s may hold line feeds, behind which the client writes the rest of the request", family, s.Arg(0), name)
		}
	}
}

// lines returns the name of a variable of a text that may hold line feeds, empty for none. One
// whose value is not followed goes before others. Seen are the variables that were looked at.
func (r *run) lines(text string, seen map[string]bool) (worst string) {
	if seen == nil {
		seen = map[string]bool{}
	}
	for _, name := range variablesIn(text) {
		if seen[name] {
			continue
		}
		seen[name] = true
		if found := r.linesOf(name, seen); found != "" && (worst == "" || !r.followsLines(found)) {
			worst = found
		}
	}
	return worst
}

// linesOf is lines for one variable.
func (r *run) linesOf(name string, seen map[string]bool) string {
	g, kept := r.m.effects.maps[name], r.m.answered[name]
	switch {
	case r.m.changeable[name] || isDigit(name[0]):
		return name
	case g != nil:
		return r.lines(strings.Join(g.texts()[1:], " "), seen) // the first is what is looked up
	case kept != nil:
		return r.lines(strings.Join(kept, " "), seen)
	case name == "document_root" || name == "realpath_root":
		return r.lines(r.setting("root").Arg(0)+" "+r.setting("alias").Arg(0), seen)
	case ofOneLine(name):
		return ""
	}
	return name
}

// followsLines reports whether what a variable holds is followed byte by byte.
func (r *run) followsLines(name string) bool {
	return isDigit(name[0]) || r.m.changeable[name] || slices.Contains([]string{"uri", "document_uri", "args", "query_string"}, name)
}

// ofOneLine reports whether a variable never holds a line feed: it is made by nginx, or of
// a part of the request in which none may stand.
func ofOneLine(name string) bool {
	switch name {
	case "is_args", "request_uri", "request", "request_method", "request_id", "request_length", "request_time",
		"request_completion", "host", "scheme", "https", "http2", "http3", "hostname", "nginx_version", "pid", "msec", "status", "connection",
		"connection_requests", "connection_time", "remote_addr", "remote_port", "realip_remote_addr", "realip_remote_port", "server_addr", "server_name",
		"server_port", "server_protocol", "content_length", "content_type", "time_iso8601", "time_local", "bytes_sent", "body_bytes_sent",
		"proxy_host", "proxy_port", "proxy_add_x_forwarded_for", "proxy_protocol_addr", "proxy_protocol_port", "limit_rate",
		"ssl_protocol", "ssl_cipher", "ssl_ciphers", "ssl_curve", "ssl_curves", "ssl_session_id", "ssl_session_reused", "ssl_early_data",
		"ssl_client_verify", "ssl_client_serial", "ssl_client_fingerprint", "ssl_client_escaped_cert", "ssl_client_s_dn", "ssl_client_i_dn",
		"ssl_client_v_start", "ssl_client_v_end", "ssl_client_v_remain":
		return true
	}
	for _, family := range []string{"http_", "cookie_", "arg_", "sent_http_", "upstream_"} {
		if strings.HasPrefix(name, family) {
			return true
		}
	}
	return false
}

// keepsLines asks whether what a guard is sent ends a line of the request to it.
func (r *run) keepsLines() {
	ask := func(at nginx.Pos, x Text, bytes automata.Set) {
		broken := strings.ContainsFunc(x.S, func(c rune) bool { return c < 0x80 && bytes.Has(byte(c)) })
		r.ask(at, x, answer(broken), func() Question {
			return exact(fmt.Sprint("has one of ", bytes), func(a *automata.Algebra) []automata.Lang {
				return []automata.Lang{a.Concat(automata.All, a.Set(bytes), automata.All)}
			})
		})
		if broken {
			r.widen(at, "a line of the request to a guard may end early, behind which the client writes another one")
		}
	}
	for _, h := range r.trace.Headers {
		ask(h.At, h.Value, automata.Bytes('\r', '\n'))
	}
	ask(r.handler.Pos(), r.trace.Written, automata.Range(0, ' ').Or(automata.Bytes(0x7f)))
}

// frames looks at what tells an upstream where the body of a request ends. Where that is
// not so, it takes the rest for a request of its own, which the client has written.
func (r *run) frames(family, upstream string) {
	if r.trace == nil || family != "proxy" {
		return
	}
	lengths, codings := r.handed(family, "Content-Length"), r.handed(family, "Transfer-Encoding")
	own := r.setting("proxy_set_body").Name != ""
	passed := !r.sub && !own && !r.lost && r.setting("proxy_pass_request_body").Arg(0) != "off"
	unbuffered := passed && r.setting("proxy_request_buffering").Arg(0) == "off"
	const open = "the upstream may take a part of a body for a request of its own"
	for _, s := range codings {
		if s.Arg(1) != "" || unbuffered {
			r.widen(s.From, "%s %s: %s", s.Name, s.Arg(0), open)
		}
	}
	promised := len(lengths) == 0 // that of the client is passed on
	for _, s := range lengths {
		promised = promised || s.Arg(1) != ""
		if own || passed && s.Arg(1) != "$content_length" {
			r.widen(s.From, "%s %s: %s", s.Name, s.Arg(0), open)
		}
	}
	if !passed && !own && promised && r.reuses(upstream) {
		r.widen(r.handler.Pos(), "the upstream is told of a body that it does not get, as Content-Length is passed on, and waits for it in the next request of the connection")
	}
}

// upgrade is the Upgrade that an upstream gets: HTTP is told of that of the client where
// the configuration says so, and SCGI and uwsgi are told of all headers.
func (r *run) upgrade(family string) Text {
	if family != "proxy" && family != "scgi" && family != "uwsgi" {
		return Text{}
	}
	list := r.handed(family, "Upgrade")
	for _, s := range list {
		if s.Arg(1) != "" {
			return r.text(s.Arg(1), s.From)
		}
	}
	if len(list) > 0 || family == "proxy" || r.setting(family+"_pass_request_headers").Arg(0) == "off" {
		return Text{}
	}
	return r.variable("http_upgrade", r.handler.Pos())
}

// handed are the settings of a header for an upstream. All that are not empty are sent.
func (r *run) handed(family, header string) (list []nginx.Setting) {
	directive, name := family+"_set_header", header
	if family == "fastcgi" || family == "scgi" || family == "uwsgi" {
		directive, name = family+"_param", "HTTP_"+strings.ToUpper(header)
	}
	for _, s := range r.block.scope.Get(directive) {
		if strings.EqualFold(s.Arg(0), name) {
			list = append(list, s)
		}
	}
	return list
}

// reuses reports whether a connection to an upstream may serve more than one request.
func (r *run) reuses(upstream string) bool {
	list := r.handed("proxy", "Connection")
	if len(list) == 0 || slices.ContainsFunc(list, func(s nginx.Setting) bool { return strings.EqualFold(s.Arg(1), "close") }) {
		return false
	}
	u := r.m.group(upstream)
	return u != nil && slices.ContainsFunc(u.Own(), func(s nginx.Setting) bool { return s.Name == "keepalive" })
}

// Header is what an upstream gets in a header.
type Header struct {
	At    nginx.Pos
	Value Text
}
