// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// names notes the named groups of a pattern: they are variables everywhere.
func (m *Model) names(p *automata.Pattern) {
	for _, n := range p.Names {
		if n != "" {
			m.changeable[n] = true
		}
	}
}

// assign is what set does.
func (r *run) assign(name, value string) {
	if name == "args" {
		r.args = value
		return
	}
	r.vars[name] = value
}

// variable is the value of a variable, empty when it has none.
func (r *run) variable(name string, at nginx.Pos) string {
	if v, ok := r.vars[name]; ok {
		return v
	}
	if m := r.m.maps[name]; m != nil {
		return r.lookup(m, at)
	}
	if r.m.changeable[name] {
		return ""
	}
	if v, ok := r.builtin(name, at); ok {
		return v
	}
	r.unsure(at, "the variable $%s is not modelled", name)
	return ""
}

func (r *run) builtin(name string, at nginx.Pos) (string, bool) {
	switch name {
	case "uri", "document_uri":
		return r.uri, true
	case "request_uri":
		return r.unparsed, true
	case "args", "query_string":
		return r.args, true
	case "is_args":
		if r.args != "" {
			return "?", true
		}
		return "", true
	case "host":
		if r.host != "" {
			return r.host, true
		}
		return r.serverName(at), true
	case "server_name":
		return r.serverName(at), true
	case "request_method":
		return r.method, true
	case "scheme":
		if r.req.TLS {
			return "https", true
		}
		return "http", true
	case "https":
		if r.req.TLS {
			return "on", true
		}
		return "", true
	case "server_port":
		return strconv.Itoa(r.req.Port), true
	case "server_protocol":
		return r.protocol()
	case "remote_addr":
		return r.client(at).String(), true
	case "nginx_version":
		v := r.m.cfg.Version
		return v.String(), !v.IsZero()
	case "content_length", "content_type":
		v, _ := r.header(strings.ReplaceAll(name, "_", "-"))
		return v, true
	case "document_root":
		_, dir := r.base(at)
		return dir, true
	case "ssl_server_name":
		return r.req.SNI, true
	}
	if arg, ok := strings.CutPrefix(name, "arg_"); ok {
		return r.arg(arg), true
	}
	if h, ok := strings.CutPrefix(name, "http_"); ok {
		return r.headerVariable(h, at), true
	}
	if c, ok := strings.CutPrefix(name, "cookie_"); ok && c != "" {
		return r.cookie(c), true
	}
	return "", false
}

func (r *run) protocol() (string, bool) {
	if r.version < 1000 {
		return "HTTP/0.9", false
	}
	return "HTTP/1." + strconv.Itoa(r.version-1000), true
}

func (r *run) serverName(at nginx.Pos) string {
	n := r.server.Names[0]
	if n.HasVariables {
		r.unsure(at, "the name of the host is not known")
	}
	switch n.Kind {
	case nginx.NameRegex:
		return n.Raw
	case nginx.NameDot:
		return n.Value[1:]
	}
	return n.Value
}

// arg is an argument by its name, whose case does not matter.
func (r *run) arg(name string) string {
	if name == "" {
		return ""
	}
	for _, a := range strings.Split(r.args, "&") {
		if k, v, ok := strings.Cut(a, "="); ok && lower(k) == lower(name) {
			return v
		}
	}
	return ""
}

// headerVariable is a header by its name with underscores for dashes.
func (r *run) headerVariable(name string, at nginx.Pos) string {
	name = lower(name)
	var values []string
	for _, f := range r.fields {
		if strings.ReplaceAll(f.name, "-", "_") == name {
			values = append(values, f.value)
		}
	}
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1 && !r.m.cfg.Version.IsZero() && r.m.cfg.Version.Compare(nginx.Version{Major: 1, Minor: 23}) < 0 && name != "cookie" && name != "x_forwarded_for":
		return values[0]
	case len(values) > 1:
		r.unsure(at, "a header that is sent twice")
	}
	return values[0]
}

func (r *run) cookie(name string) string {
	header, _ := r.header("cookie")
	for _, c := range strings.Split(header, ";") {
		if k, v, ok := strings.Cut(strings.TrimLeft(c, " "), "="); ok && lower(strings.TrimRight(k, " ")) == lower(name) {
			return strings.TrimLeft(v, " ")
		}
	}
	return ""
}
