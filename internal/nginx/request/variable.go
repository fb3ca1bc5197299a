// SPDX-License-Identifier: Apache-2.0

package request

import (
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/automata"
	"github.com/postern-audit/postern/internal/nginx"
)

// names notes the named groups of a pattern: they are variables everywhere. nginx has
// the names of all variables in small letters.
func (m *Model) names(p *automata.Pattern) {
	for _, n := range p.Names {
		if n != "" {
			m.changeable[lower(n)], m.defined[lower(n)] = true, true
		}
	}
}

// byName are the numbers of groups that have a name, in the order of PCRE's table of them:
// of two that differ in their case only, nginx keeps the later one.
func byName(names []string) (groups []int) {
	for i, n := range names {
		if n != "" {
			groups = append(groups, i)
		}
	}
	slices.SortStableFunc(groups, func(i, j int) int { return strings.Compare(names[i], names[j]) })
	return groups
}

// families are what the names of those variables begin with that are there for any rest
// of a name.
var families = []string{"arg_", "cookie_", "http_", "sent_http_", "sent_trailer_", "upstream_http_", "upstream_cookie_", "upstream_trailer_"}

// settable are the other variables of nginx that a configuration may set, or what the
// names of such begin with.
var settable = []string{"args", "limit_rate", "ssl_", "proxy_host", "proxy_port", "ancient_browser", "modern_browser", "msie", "invalid_referer", "uid_reset"}

// sets notes that a directive of set writes a variable. One that nginx has itself keeps
// its value up to where the directive runs.
func (m *Model) sets(name string) {
	m.defined[name] = true
	begins := func(own string) bool { return strings.HasPrefix(name, own) }
	if !slices.ContainsFunc(families, begins) && !slices.ContainsFunc(settable, begins) {
		m.changeable[name] = true
	}
}

// assign is what set does.
func (r *run) assign(name string, value Text) {
	if name == "args" {
		r.args, r.asSent = value, r.asSent && r.m.faults["set_args"] // as nginx's setter of $args does
		return
	}
	r.vars[name] = value
}

// maxDepth is how deep variables may be made of others, as in nginx, which then calls it
// a cycle.
const maxDepth = 100

// variable is the value of a variable, empty when it has none. The name is in small
// letters.
func (r *run) variable(name string, at nginx.Pos) Text {
	if r.depth++; r.depth > maxDepth {
		r.unsure(at, "the variable $%s is made of itself", name)
	}
	defer func() { r.depth-- }()
	if v, ok := r.vars[name]; ok {
		return v
	}
	if m := r.m.maps[name]; m != nil {
		return r.lookup(m, at)
	}
	if r.m.changeable[name] {
		return Text{}
	}
	if v, ok := r.builtin(name, at); ok {
		return v
	}
	r.unsure(at, "the variable $%s is not modelled", name)
	return Text{}
}

// builtin is a variable that nginx makes of the request.
func (r *run) builtin(name string, at nginx.Pos) (Text, bool) {
	if r.headless(name) {
		return Text{}, true
	}
	switch name {
	case "uri", "document_uri":
		return r.uri, true
	case "request_uri":
		return r.unparsed, true
	case "request":
		return r.requestLine(at), true
	case "args", "query_string":
		return r.args, true
	case "is_args":
		r.ask(at, r.args, answer(r.args.S == ""), func() Question { return oneOf("") })
		if r.args.S != "" {
			return constant("?"), true
		}
		r.args = Text{} // from here on they are known to be empty
		return Text{}, true
	case "host":
		if r.host.S != "" {
			return r.host, true
		}
		return constant(r.serverName(at)), true
	case "server_name":
		return constant(r.serverName(at)), true
	case "request_method":
		if r.sub {
			return r.asked, true // a subrequest shows the method of the request itself
		}
		return r.method, true
	case "scheme":
		if r.req.TLS {
			return constant("https"), true
		}
		return constant("http"), true
	case "https":
		if r.req.TLS {
			return constant("on"), true
		}
		return Text{}, true
	case "server_port":
		return constant(strconv.Itoa(r.req.Port)), true
	case "server_protocol":
		return r.input(Protocol, r.head.protocol), true
	case "remote_addr":
		ip, bytes := r.client(at)
		r.ask(at, bytes, answer(ip.Is6()), isV6)
		if ip.Is6() {
			return constant(ip.String()).orOpaque(bytes, "an IPv6 address in words"), true
		}
		return bytes.made(ip.String(), Origin{By: dotted{}}), true
	case "nginx_version":
		v := r.m.cfg.Version
		return constant(v.String()), !v.IsZero()
	case "content_length", "content_type":
		if name == "content_length" {
			r.widen(at, "$content_length: requests with a body are not followed")
		}
		v, _ := r.header(strings.ReplaceAll(name, "_", "-"))
		return r.input(HeaderField(name), v), true
	case "document_root":
		_, dir := r.base(at)
		return dir, true
	case "ssl_server_name":
		return r.input(SNI, r.req.SNI), true
	}
	if arg, ok := strings.CutPrefix(name, "arg_"); ok {
		return r.arg(arg), true
	}
	if h, ok := strings.CutPrefix(name, "http_"); ok {
		return r.headerVariable(h, at), true
	}
	if c, ok := strings.CutPrefix(name, "cookie_"); ok && c != "" {
		return r.input(CookieField(lower(c)), r.cookie(c)), true
	}
	return Text{}, false
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
func (r *run) arg(name string) Text {
	if name == "" {
		return Text{}
	}
	name = lower(name)
	for _, a := range strings.Split(r.args.S, "&") {
		if k, v, ok := strings.Cut(a, "="); ok && lower(k) == name {
			return r.args.made(v, Origin{Argument: name})
		}
	}
	return r.args.made("", Origin{Argument: name})
}

// headerVariable is a header by its name with underscores for dashes.
func (r *run) headerVariable(name string, at nginx.Pos) Text {
	name = lower(name)
	if name == "host" && r.trace != nil {
		return r.hostAsSent()
	}
	if name == "content_length" || name == "transfer_encoding" {
		r.widen(at, "$http_%s: requests with a body are not followed", name)
	}
	var values []string
	for _, f := range r.fields {
		if strings.ReplaceAll(f.name, "-", "_") == name {
			values = append(values, f.value)
		}
	}
	switch {
	case len(values) == 0:
		return r.input(HeaderField(name), "")
	case len(values) > 1 && !r.m.cfg.Version.IsZero() && r.m.cfg.Version.Compare(nginx.Version{Major: 1, Minor: 23}) < 0 && name != "cookie" && name != "x_forwarded_for":
		return r.input(HeaderField(name), values[0])
	case len(values) > 1:
		r.unsure(at, "a header that is sent twice")
	}
	return r.input(HeaderField(name), values[0])
}

// cookie finds a cookie as nginx does, in one of the headers for them.
func (r *run) cookie(name string) string {
	for _, f := range r.fields {
		if f.name != "cookie" || len(name) > len(f.value) {
			continue
		}
		if v, ok := findCookie(f.value, name); ok {
			return v
		}
	}
	return ""
}

// findCookie looks for a name, whose case does not matter, at the start and behind
// semicolons and commas, with spaces around the equals sign. What follows a name that has
// none is skipped with one byte more, even where that byte is a semicolon.
func findCookie(header, name string) (value string, ok bool) {
	for header != "" {
		if len(header) >= len(name) && lower(header[:len(name)]) == lower(name) {
			header = strings.TrimLeft(header[len(name):], " ")
			if rest, is := strings.CutPrefix(header, "="); is {
				value, _, _ = strings.Cut(strings.TrimLeft(rest, " "), ";")
				return value, true
			}
			if header != "" {
				header = header[1:]
			}
		}
		if i := strings.IndexAny(header, ";,"); i >= 0 {
			header = strings.TrimLeft(header[i+1:], " ")
		} else {
			header = ""
		}
	}
	return "", false
}
