// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"fmt"
	"strings"
)

// Gate is a piece like those of Piece, but one that somebody has tried to keep closed:
// one server with a name beside a default server that refuses, few locations, and
// conditions on what is odd about a request. Some of them can be proved.
func (g *Grammar) Gate() string {
	var b strings.Builder
	if g.chance(25) {
		name := fmt.Sprintf("$m%d_0", g.id)
		b.WriteString(g.mapBlock(name))
		g.maps = append(g.maps, name)
	}
	g.sockets[fmt.Sprintf("127.0.0.1:%d", g.port)] = true
	listen := fmt.Sprintf("listen 127.0.0.1:%d", g.port)
	if g.chance(95) {
		b.WriteString("server {\n" + listen + " default_server;\n" + g.pick("return 444;", "return 421;", "location / { return 404; }") + "\n}\n")
	}
	b.WriteString("server {\n" + listen + ";\n")
	if g.chance(20) {
		secure := fmt.Sprintf("127.0.0.1:%d", g.port+1)
		g.sockets[secure] = false
		b.WriteString("listen " + secure + " ssl;\n")
	}
	b.WriteString("server_name " + g.pick("h.example", "h.example", "b", "w.h.example h.example", "www.h.example", "h.example", "w.h.example", "h.example b", ".h.example", `~^(?<who>[a-z]+)\.h\.example$`) + ";\n")
	if g.chance(90) {
		b.WriteString("if ($request_method !~ " + g.pick("^(GET|HEAD|POST)$", "^(GET|HEAD)$", "^GET$", "GET|POST") + ") {\nreturn 405;\n}\n")
	}
	if g.chance(85) {
		b.WriteString(`if ($request_uri ~ "` + g.pick(`[%;\\\\]|/\.|//`, `[%;\\\\]|/\.|//`, `%|;|\.\.`, `[^a-z./?=&-]|/\.|//`) + "\") {\nreturn 400;\n}\n")
	}
	if g.chance(30) {
		b.WriteString("if (" + g.pick("$arg_q != a", "$arg_q = a", "$args ~ q=", "$http_x_y", "$cookie_c = a", "$request_uri !~ [?]q=") + ") {\nreturn " + g.pick("403", "404") + ";\n}\n")
	}
	if g.chance(10) {
		b.WriteString("merge_slashes off;\n")
	}
	if g.chance(80) {
		b.WriteString("proxy_ignore_headers X-Accel-Redirect;\n")
	}
	if g.chance(15) {
		g.errorPage(&b)
	}
	if g.chance(15) {
		g.guards(&b)
	}
	if g.chance(10) {
		g.rewrites(&b, 2)
	}
	taken := map[string]bool{}
	for range 1 + g.IntN(3) {
		if g.chance(30) {
			g.location(&b, "", taken, 1)
		} else {
			g.plainLocation(&b, taken)
		}
	}
	if !taken["/"] && g.chance(70) {
		b.WriteString("location / {\n" + g.pick("return 404;", "return 403;", "deny all;", "return 404;", "internal;\nproxy_pass http://u0;") + "\n}\n")
	}
	b.WriteString("location @n {\n" + g.pick("return 404;", "return 404;", "return 404;", "proxy_pass http://u1;") + "\n}\nlocation = /auth {\n" + g.pick("internal;\nproxy_pass http://u3;", "internal;\nproxy_pass http://u3;", "return 403;", "proxy_pass http://u3;") + "\n}\n}\n")
	return b.String()
}

// plainLocation is one of those that most gates have.
func (g *Grammar) plainLocation(b *strings.Builder, taken map[string]bool) {
	mod, path := g.pick("", "= ", "= ", "= ", "^~ "), g.pick(paths...)
	if key := strings.TrimPrefix(mod, "^~ ") + path; taken[key] {
		return
	} else {
		taken[key] = true
	}
	g.prefix = append(g.prefix, path)
	b.WriteString("location " + mod + quote(path) + " {\n")
	if g.chance(30) {
		b.WriteString("limit_except GET { deny all; }\n")
	}
	if g.chance(25) {
		b.WriteString("auth_request /auth;\n")
	}
	if g.chance(10) {
		g.rewrites(b, 0)
	}
	u := g.pick("http://u0", "http://u1", "http://u2", "http://u0", "http://u0")
	if mod == "= " && g.chance(60) {
		u += g.pick("/a", "/p", "/ab", "/a/b", "/b/a")
	} else {
		u += g.pick("", "", "/", "/p/", "/a/", "$uri", "$request_uri", "/p")
	}
	b.WriteString("proxy_pass " + u + ";\n}\n")
}
