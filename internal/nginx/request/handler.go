// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// handlers are the directives that take over a location.
var handlers = map[string]bool{
	"proxy_pass": true, "fastcgi_pass": true, "uwsgi_pass": true, "scgi_pass": true, "grpc_pass": true, "memcached_pass": true,
	"content_by_lua": true, "content_by_lua_block": true, "content_by_lua_file": true,
	"stub_status": true, "empty_gif": true, "flv": true, "mp4": true, "perl": true, "js_content": true,
}

// unmodelled are directives that are known and change what becomes of a request.
var unmodelled = map[string]bool{
	"mirror": true, "dav_methods": true, "auth_jwt": true, "more_set_input_headers": true, "more_clear_input_headers": true,
	"server_rewrite_by_lua": true, "server_rewrite_by_lua_block": true, "server_rewrite_by_lua_file": true,
	"proxy_store": true, "perl_modules": true, "gzip_static": true, "ssi": true,
}

// harmless are the families of directives that are not known one by one and do not
// decide where a request goes.
var harmless = []string{"brotli", "lua_", "proxy_", "fastcgi_", "uwsgi_", "scgi_", "grpc_", "memcached_", "ssl_", "http2_", "http3_", "gzip_", "more_", "ssi", "sub_filter", "vhost_traffic_status"}

// unsupported gives up where a directive in effect is not modelled.
func (r *run) unsupported() {
	for _, s := range r.block.unmodelled {
		r.unsure(s.From, "%s is not modelled", s.Name)
	}
}

// unmodelled are the directives in effect in a block that are not modelled.
func (m *Model) unmodelled(sc *nginx.Scope) []nginx.Setting {
	if sc == nil {
		return nil
	}
	if known, ok := m.odd[sc]; ok {
		return known
	}
	var list []nginx.Setting
	for _, s := range sc.Own() {
		if unmodelled[s.Name] && s.Arg(0) != "off" || !s.Known && !isHarmless(s.Name) && sc.Context != nginx.Main {
			list = append(list, s)
		}
	}
	m.odd[sc] = append(list, m.unmodelled(sc.Parent)...)
	return m.odd[sc]
}

func isHarmless(name string) bool {
	for _, h := range harmless {
		if strings.HasPrefix(name, h) {
			return true
		}
	}
	return false
}

// content is the phase that answers.
func (r *run) content() phase {
	r.beside()
	if r.handler == nil {
		return r.files()
	}
	switch name := r.handler.Name; name {
	case "proxy_pass", "grpc_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass":
		return r.forward(name)
	case "stub_status", "empty_gif":
		if !r.gets() {
			return r.fail(405, name+" takes GET and HEAD")
		}
		r.step(r.handler.Pos(), "%s answers", name)
		return r.answer(200, name)
	default:
		r.unsure(r.handler.Pos(), "%s is not modelled", name)
	}
	return done
}
