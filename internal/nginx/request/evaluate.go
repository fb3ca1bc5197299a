// SPDX-License-Identifier: Apache-2.0

package request

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// effects says what it may leave behind that nginx evaluates a text which decides
// nothing itself, such as the key of a limit or a header for the upstream: the groups of
// a map's pattern, and the value that a map keeps.
type effects struct {
	// zones are the keys of limits, by directive and zone.
	zones map[string]string
	maps  map[string]*mapping // by name in small letters
	// deciding are the variables that decide about requests; groups have the names 1 to 9.
	deciding map[string]bool
	// any says that some text in the configuration leaves something behind.
	any bool
}

// aside are the directives whose texts decide nothing. Those of maps count where the map
// is used.
var aside = []string{
	"map", "geo", "split_clients", "limit_req_zone", "limit_conn_zone", "auth_basic_user_file",
	"log_format", "access_log", "error_log", "add_header", "add_trailer", "return", "expires", "sub_filter", "more_set_headers",
	"proxy_set_header", "proxy_set_body", "proxy_redirect", "proxy_cookie_domain", "proxy_cookie_path", "proxy_cookie_flags",
	"proxy_cache", "proxy_cache_key", "proxy_cache_bypass", "proxy_no_cache", "proxy_bind", "proxy_ssl_name", "hash",
	"fastcgi_param", "fastcgi_cache_key", "uwsgi_param", "scgi_param", "grpc_set_header",
}

// late are those of them that nginx evaluates when the request is decided.
var late = []string{"log_format", "error_log", "add_header", "add_trailer", "return", "expires", "sub_filter", "more_set_headers"}

// followed are the directives that are evaluated where nginx does it.
var followed = []string{
	"auth_basic", "auth_basic_user_file", "auth_request_set", "proxy_set_header", "proxy_set_body", "grpc_set_header", "fastcgi_param", "uwsgi_param", "scgi_param",
	"proxy_method", "proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "memcached_pass", "error_page", "try_files", "index", "root", "alias",
	"set", "if", "rewrite", "location", "map", "geo", "split_clients", "limit_req_zone", "limit_conn_zone", "server_name",
}

func (m *Model) readEffects() {
	e := &m.effects
	e.zones, e.maps, e.deciding = map[string]string{}, map[string]*mapping{}, map[string]bool{}
	for name, g := range m.maps {
		e.maps[lower(name)] = g
	}
	var texts []string
	for _, h := range m.cfg.HTTP {
		for d := range h.Directive.Children() {
			if limit, ok := strings.CutSuffix(d.Name, "_zone"); ok && strings.HasPrefix(d.Name, "limit_") && len(d.Args) > 1 {
				for _, a := range d.Values()[1:] {
					if zone, ok := strings.CutPrefix(a, "zone="); ok {
						zone, _, _ = strings.Cut(zone, ":")
						e.zones[limit+" "+zone] = d.Arg(0)
					}
				}
			}
		}
		texts = e.read(h.Directive, texts)
	}
	e.any = slices.ContainsFunc(texts, e.last)
	for _, g := range e.maps {
		e.any = e.any || e.last("$"+g.name)
	}
}

// read notes the variables that decide, and returns the other texts.
func (e *effects) read(d *nginx.Directive, texts []string) []string {
	for c := range d.Children() {
		if slices.Contains(aside, c.Name) {
			texts = append(texts, c.Values()...)
			continue
		}
		for i, text := range c.Values() {
			if i > 0 || c.Name != "set" && c.Name != "auth_request_set" {
				e.decides(text)
			}
		}
		if c.Kind == nginx.Block {
			texts = e.read(c, texts)
		}
	}
	return texts
}

// decides notes the variables of a text, and those that they are made of.
func (e *effects) decides(text string) {
	for _, v := range variablesIn(text) {
		if e.deciding[v] {
			continue
		}
		e.deciding[v] = true
		if g := e.maps[v]; g != nil {
			for _, text := range g.texts() {
				e.decides(text)
			}
		}
	}
}

// Decides reports whether where requests go may depend on one of the variables, which are
// named in small letters.
func (m *Model) Decides(variables ...string) bool {
	return slices.ContainsFunc(variables, func(v string) bool { return m.effects.deciding[v] })
}

// texts are the source of a map and its values.
func (g *mapping) texts() []string {
	list := append([]string{g.source}, g.values...)
	for _, p := range g.patterns {
		list = append(list, p.value)
	}
	return list
}

// last reports whether the evaluation of a text may leave something behind that decides.
func (e *effects) last(text string) bool {
	seen := map[string]bool{}
	var look func(string) bool
	look = func(text string) bool {
		for _, v := range variablesIn(text) {
			g := e.maps[v]
			if g == nil || seen[v] {
				continue
			}
			seen[v] = true
			switch {
			case !g.volatile && e.deciding[v] && e.changes(g, map[string]bool{}):
				return true
			case slices.ContainsFunc(g.patterns, e.takes), slices.ContainsFunc(g.texts(), look):
				return true
			}
		}
		return false
	}
	return look(text)
}

// takes reports whether a pattern takes something that decides.
func (e *effects) takes(p mapPattern) bool {
	for n := '1'; n <= '9'; n++ {
		if e.deciding[string(n)] {
			return true // also where the pattern has no such group: then it is empty from now on
		}
	}
	return slices.ContainsFunc(p.Names, func(name string) bool { return name != "" && e.deciding[lower(name)] })
}

// changes reports whether a map has another value when the same request asks again.
func (e *effects) changes(g *mapping, seen map[string]bool) bool {
	for _, text := range g.texts() {
		for _, v := range variablesIn(text) {
			inner := e.maps[v]
			switch {
			case inner == nil && !fixed(v):
				return true
			case inner == nil || seen[v]:
				continue
			}
			seen[v] = true
			if e.changes(inner, seen) {
				return true
			}
		}
	}
	return false
}

// fixed reports whether a variable is the same as long as the request lasts.
func fixed(name string) bool {
	switch name {
	case "host", "request_uri", "request", "remote_addr", "binary_remote_addr", "remote_port", "scheme", "https", "server_addr",
		"server_port", "server_protocol", "server_name", "hostname", "nginx_version", "content_type", "content_length", "connection", "pid", "msec":
		return true
	}
	for _, family := range []string{"http_", "cookie_", "ssl_"} {
		if strings.HasPrefix(name, family) {
			return true
		}
	}
	return false
}

// variablesIn are the names of the variables of a text, in small letters, and the
// numbers of its groups.
func variablesIn(text string) (names []string) {
	for {
		_, rest, found := strings.Cut(text, "$")
		if !found {
			return names
		}
		text = strings.TrimPrefix(rest, "{")
		end := 0
		for end < len(text) && (isLetter(text[end]) || isDigit(text[end]) || text[end] == '_') {
			end++
		}
		if end > 0 && isDigit(text[0]) {
			end = 1
		}
		if end > 0 {
			names = append(names, lower(text[:end]))
		}
		text = text[end:]
	}
}

// touch evaluates the maps of a text at the moment at which nginx does.
func (r *run) touch(text string, at nginx.Pos) {
	if !r.m.effects.any || !r.m.effects.last(text) {
		return
	}
	parts, ok := parseScript(text, false)
	if !ok {
		r.unsure(at, "%q is no text with variables", text)
	}
	for _, p := range parts {
		if p.kind == variable && r.m.effects.maps[lower(p.text)] != nil {
			r.variable(p.text, at)
		}
	}
}

// touchAll does so for all that directives say.
func (r *run) touchAll(names ...string) {
	if !r.m.effects.any {
		return
	}
	for _, s := range r.block.scope.Get(names...) {
		for _, text := range s.Args {
			r.touch(text, s.From)
		}
	}
}

// limitKeys evaluates the keys of a limit, once for a request and its subrequests: an
// empty key does not count.
func (r *run) limitKeys(limit string) {
	if !r.m.effects.any || r.limited[limit] {
		return
	}
	for _, s := range r.block.scope.Get(limit) {
		zone := s.Arg(0)
		for _, a := range s.Args {
			if name, ok := strings.CutPrefix(a, "zone="); ok {
				zone = name
			}
		}
		key := r.m.effects.zones[limit+" "+zone]
		r.touch(key, s.From)
		if r.neverEmpty(key, s.From) {
			r.limited[limit] = true
		}
	}
}

// neverEmpty reports whether the key of a limit counts.
func (r *run) neverEmpty(key string, at nginx.Pos) bool {
	for _, name := range []string{"binary_remote_addr", "remote_addr", "server_name", "host", "scheme", "request_uri", "server_port"} {
		if slices.Contains(variablesIn(key), name) {
			return true
		}
	}
	t := r.text(key, at)
	if !t.neverEmpty() {
		r.ask(at, t, answer(t.S == ""), func() Question { return oneOf("") })
	}
	return t.S != ""
}

// beside looks for texts that nginx evaluates at a moment that is not followed.
func (r *run) beside() {
	if !r.m.effects.any {
		return
	}
	logged := r.sub && r.flag("log_subrequest")
	for _, s := range r.block.scope.Settings() {
		if slices.Contains(followed, s.Name) || slices.Contains(late, s.Name) || s.Name == "access_log" && !logged {
			continue
		}
		if slices.ContainsFunc(s.Args, r.m.effects.last) {
			r.widen(s.From, "%s: when the map in it is evaluated is not followed", s.Name)
		}
	}
	if logged {
		for _, f := range r.block.scope.Get("log_format") {
			if slices.ContainsFunc(f.Args, r.m.effects.last) {
				r.widen(f.From, "log_format: the maps in it are evaluated for subrequests too")
			}
		}
	}
}

// scriptReads looks at the variables that a script asks for, nobody knows when.
func (r *run) scriptReads(s nginx.Setting, names []string) {
	for _, name := range names {
		if r.m.effects.any && name == "*" || r.m.effects.last("$"+name) {
			r.widen(s.From, "%s asks for $%s, which a map may keep or take groups for", s.Name, name)
		}
	}
}
