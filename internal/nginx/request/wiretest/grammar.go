// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Grammar writes a random piece of configuration and requests for it.
type Grammar struct {
	*rand.Rand
	id, port int
	maps     []string
	volatile string          // a map of $v that the configuration may look up twice
	prefix   []string        // paths of locations
	sockets  map[string]bool // what the servers listen on, and whether it has a default
	used     map[string]bool
}

// NewGrammar is that of a seed. Id keeps the variables of configurations apart that one
// nginx runs, port is the first of two that they listen on.
func NewGrammar(seed uint64, id, port int) *Grammar {
	return &Grammar{Rand: rand.New(rand.NewPCG(seed, 1)), id: id, port: port, used: map[string]bool{}, sockets: map[string]bool{}}
}

func (g *Grammar) pick(list ...string) string { return list[g.IntN(len(list))] }
func (g *Grammar) chance(percent int) bool    { return g.IntN(100) < percent }

var (
	paths    = []string{"/", "/a", "/a/", "/a/b", "/a/b/", "/ab", "/b", "/b/", "/x.php", "/a-b", "/A", "/a b", "/b/x"}
	patterns = []string{`^/a/(.*)$`, `\.php$`, `^/(a|b)/?(.*)$`, `/b`, `^/a$`, `x`, `^/(?<n>[^/]+)/`, `^/ab`, `^/`, `\.\.`, `/(\w+)\.(\w+)$`, `^(.*)/b(.*)$`}
	hosts    = []string{"h.example", "w.h.example", "www.other", "b", "one.two.three", "www.h.example"}
	names    = []string{"h.example", "*.h.example", ".h.example", "www.*", `~^(?<who>[a-z]+)\.h\.example$`, `~three`, "b", "_", `""`, "*.two.three", "*.three"}
	values   = []string{"$uri", "$args", "$arg_q", "$request_uri", "$host", "$http_x_y", "$1", "$2", "$v", "$request_method", "$is_args", "$n", "a", "0", "/a$1", "$server_port", "$scheme", "$cookie_c", "$document_uri", "$query_string", "$server_name"}
)

func (g *Grammar) value() string {
	v := g.pick(values...)
	if len(g.maps) > 0 && g.chance(30) {
		v = g.pick(g.maps...)
	}
	return v
}

// Piece is what stands in the http block.
func (g *Grammar) Piece() string {
	var b strings.Builder
	for i := range g.IntN(3) {
		name := fmt.Sprintf("$m%d_%d", g.id, i)
		b.WriteString(g.mapBlock(name))
		g.maps = append(g.maps, name)
	}
	if g.chance(20) {
		name := fmt.Sprintf("$g%d", g.id)
		b.WriteString(fmt.Sprintf("geo %s { default 0; 127.0.0.0/8 1; 127.0.0.1 %s; 10.0.0.0/8 2; }\n", name, g.pick("0", "a", "1")))
		g.maps = append(g.maps, name)
	}
	if g.chance(15) {
		name := fmt.Sprintf("$y%d", g.id)
		b.WriteString("map $v " + name + " { " + g.pick("volatile; ", "volatile; ", "") + "a 1; b 2; default $v$arg_q; }\n")
		g.maps, g.volatile = append(g.maps, name), name
	}
	taken := map[string]bool{}
	n := 1 + g.IntN(3)
	addresses := []string{"127.0.0.1:%d"}
	if g.chance(25) {
		addresses = []string{"127.0.0.1:%d", "127.0.0.2:%d", "%d", "*:%d"}
	}
	secure := g.chance(25)
	for range n {
		b.WriteString("server {\n")
		g.listen(&b, fmt.Sprintf(g.pick(addresses...), g.port), "")
		if secure && g.chance(70) {
			g.listen(&b, fmt.Sprintf("127.0.0.1:%d", g.port+1), " ssl")
			b.WriteString(g.pick("", "", "", "", "ssl_reject_handshake on;\n", "ssl_verify_client on;\n", "ssl_verify_client optional;\n"))
		}
		for range g.IntN(3) {
			if name := g.pick(names...); !taken[strings.TrimLeft(name, "*.")] {
				taken[strings.TrimLeft(name, "*.")] = true
				b.WriteString("server_name " + quote(name) + ";\n")
			}
		}
		g.server(&b)
		b.WriteString("}\n")
	}
	return b.String()
}

// listen gives a server a socket, which is its default at times.
func (g *Grammar) listen(b *strings.Builder, address, parameters string) {
	key := strings.TrimPrefix(address, "*:")
	taken := g.sockets[key]
	g.sockets[key] = taken
	if b.WriteString("listen " + address + parameters); !taken && g.chance(30) {
		g.sockets[key] = true
		b.WriteString(" default_server")
	}
	b.WriteString(";\n")
}

func quote(s string) string {
	if strings.ContainsAny(s, " {};") {
		return `"` + s + `"`
	}
	return s
}

func (g *Grammar) mapBlock(name string) string {
	var b strings.Builder
	b.WriteString("map " + g.pick("$uri", "$host", "$http_x_y", "$arg_q", "$request_uri", "$uri$args") + " " + name + " {\n")
	if g.chance(50) {
		b.WriteString("default " + g.pick("0", "a", "$uri", "1") + ";\n")
	}
	if g.chance(30) {
		b.WriteString("hostnames;\n*.h.example 1;\nwww.* b;\n.two.three 0;\n")
	}
	if g.chance(20) {
		b.WriteString("volatile;\n")
	}
	keys := map[string]bool{}
	for range g.IntN(4) {
		key := g.pick("/a", "/a/b", `""`, "A", "q", `~^/a`, `~*A`, `~^/(b)`, "h.example", `\default`, "/X.php", `~^[a-z]*$`)
		if low := strings.ToLower(key); !keys[low] {
			keys[low] = true
			b.WriteString(key + " " + g.pick("0", "1", "a", "/b", `""`, "$host") + ";\n")
		}
	}
	return b.String() + "}\n"
}

func (g *Grammar) server(b *strings.Builder) {
	for _, s := range []string{"merge_slashes off;", "underscores_in_headers on;", "ignore_invalid_headers off;", "client_header_buffer_size 512;", "large_client_header_buffers 3 600;", "set $v " + g.pick("a", "$uri", "0", "$host") + ";", "recursive_error_pages on;", "client_max_body_size 10;", "autoindex on;"} {
		if g.chance(12) {
			b.WriteString(s + "\n")
		}
	}
	if g.chance(25) {
		g.errorPage(b)
	}
	if g.chance(8) {
		b.WriteString("try_files $uri " + g.pick("=404", "/a", "@n") + ";\n")
	}
	if g.chance(15) {
		g.guards(b)
	}
	if g.chance(20) {
		g.rewrites(b, 2)
	}
	taken := map[string]bool{}
	for range 2 + g.IntN(4) {
		g.location(b, "", taken, 0)
	}
	g.corners(b)
	b.WriteString("location @n {\n")
	g.body(b, "@", 1)
	b.WriteString("}\nlocation = /auth {\n" + g.pick("return 200;", "return 403;", "return 401;", "internal; proxy_pass http://u3;", "proxy_pass http://u3/x;", "return 500;", "deny all; return 204;", "proxy_pass http://u3$arg_q;") + "\n}\n")
}

func (g *Grammar) location(b *strings.Builder, outer string, taken map[string]bool, depth int) {
	mod, path := g.pick("", "", "", "= ", "^~ ", "~ ", "~* "), ""
	if outer == "~" {
		mod = g.pick("~ ", "~* ") // a path must begin with the text of the pattern around it
	}
	if strings.HasPrefix(mod, "~") {
		path = g.pick(patterns...)
	} else {
		path = outer + g.pick(paths...)
		if outer != "" {
			path = strings.TrimSuffix(outer, "/") + g.pick(paths...)
			if !strings.HasPrefix(path, outer) {
				path = outer + "b"
			}
		}
		key := strings.TrimPrefix(mod, "^~ ") + path
		if taken[key] {
			return
		}
		taken[key] = true
		g.prefix = append(g.prefix, path)
	}
	b.WriteString("location " + mod + quote(path) + " {\n")
	kind := path
	if strings.HasPrefix(mod, "~") {
		kind = "~"
	}
	g.body(b, kind, depth)
	if depth < 2 && !strings.HasPrefix(mod, "=") && g.chance(25) {
		inner := map[string]bool{}
		for range 1 + g.IntN(2) {
			g.location(b, kind, inner, depth+1)
		}
	}
	b.WriteString("}\n")
}

// body is what a location holds. Kind is "~" for a pattern, "@" for a name.
func (g *Grammar) body(b *strings.Builder, kind string, depth int) {
	if g.chance(10) {
		b.WriteString("internal;\n")
	}
	if g.chance(12) {
		g.guards(b)
	}
	if g.chance(10) {
		b.WriteString("limit_except " + g.pick("GET", "POST", "PUT GET") + " { " + g.pick("deny all;", "allow all;", "allow 127.0.0.1; deny all;", "proxy_pass http://u1;") + " }\n")
	}
	if g.chance(12) {
		g.errorPage(b)
	}
	if g.chance(8) {
		b.WriteString("client_max_body_size " + g.pick("5", "0", "20") + ";\n")
	}
	if g.chance(40) {
		g.rewrites(b, 0)
	}
	if g.chance(8) {
		b.WriteString("try_files " + g.pick("$uri", "$uri/", "/ab", "/none") + " " + g.pick("=404", "/a/b", "@n", "/x.php?$args", "=200") + ";\n")
	}
	if g.chance(5) {
		b.WriteString("index " + g.pick("index.html", "none /a/b", "none", "x.php") + ";\n")
	}
	switch g.IntN(14) {
	case 10:
		b.WriteString(g.pick("fastcgi_pass u4;", "scgi_pass u5;", "uwsgi_pass u6;", "grpc_pass grpc://u7;", "grpc_pass u7;") + "\n")
	case 0, 1, 2, 3, 4, 5, 13:
		b.WriteString("proxy_pass " + g.proxy(kind) + ";\n")
	case 6:
		b.WriteString("return " + g.pick("200 ok", "403", "404", "204", "301 /x", "444", "http://h/$1", "500", `200 "$1"`, "404 text") + ";\n")
	case 7:
		b.WriteString("root html;\n")
	case 8:
		switch {
		case kind == "~":
			b.WriteString("alias html/" + g.pick("$1", "a/", "$1/", "ab") + ";\n")
		case kind != "@":
			b.WriteString("alias html" + g.pick("/", "/a/", "") + ";\n")
		}
	case 9:
		b.WriteString("stub_status;\n")
	}
}

func (g *Grammar) proxy(kind string) string {
	u := g.pick("http://u0", "http://u1", "http://u2", "http://u0")
	if g.chance(20) {
		return u + g.pick("$request_uri", "$uri", "/v$uri$is_args$args", "/p/$1", "$uri?$args", "/$arg_q")
	}
	if kind == "~" || kind == "@" {
		return u
	}
	return u + g.pick("", "", "/", "/p", "/p/", "/p%20/")
}

func (g *Grammar) guards(b *strings.Builder) {
	for range 1 + g.IntN(2) {
		switch g.IntN(5) {
		case 0:
			b.WriteString(g.pick("allow 127.0.0.0/8; deny all;\n", "deny 127.0.0.1;\n", "allow 10.0.0.0/8; deny all;\n", "deny 10.1.1.1; allow all;\n"))
		case 1:
			if g.used["satisfy"] = true; !strings.Contains(last(b), "satisfy") {
				b.WriteString("satisfy any;\n")
			}
		case 2:
			if !strings.Contains(last(b), "auth_basic") {
				b.WriteString("auth_basic " + g.pick("realm", "off", "$v") + "; auth_basic_user_file none;\n")
			}
		case 3:
			if !strings.Contains(last(b), "auth_request") {
				b.WriteString("auth_request " + g.pick("/auth", "/auth", "/a", "off") + ";\n")
			}
		}
	}
}

// last is the text of the block being written.
func last(b *strings.Builder) string {
	s := b.String()
	return s[strings.LastIndex(s, "{"):]
}

func (g *Grammar) errorPage(b *strings.Builder) {
	b.WriteString("error_page " + g.pick("404", "403 404", "400", "405 401", "500", "301", "413 494", "404 403 401") + " " + g.pick("", "=", "=200", "=404") + " " + g.pick("/a", "/b?x", "@n", "http://h/", "/e$uri", "/a/") + ";\n")
}

// rewrites are directives of the rewrite phase. Where says what holds them: 0 a
// location, 1 an if, 2 a server.
func (g *Grammar) rewrites(b *strings.Builder, where int) {
	for range 1 + g.IntN(3) {
		switch g.IntN(8) {
		case 0:
			b.WriteString("set " + g.pick("$v", "$w", "$args") + " " + g.pick(g.value(), `"`+g.value()+"-"+g.value()+`"`) + ";\n")
		case 1, 2, 3:
			b.WriteString("rewrite " + quote(g.pick(patterns...)) + " " + g.pick("/b", "/a/$1", "/$2?x=$1", "/b?", "/a/$n", "/b/$1?q=$args", "/x.php?$1?", "$uri/b", "/ab?z=$v", "http://h/$1", "$1") + " " + g.pick("last", "break", "", "last", "break", "redirect", "permanent") + ";\n")
		case 4:
			b.WriteString("if (" + g.condition() + ") {\n")
			switch g.IntN(6) {
			case 5:
				if where == 0 {
					b.WriteString("root html/a;\n")
				}
			case 0:
				b.WriteString("return " + g.pick("403", "200 x", "404", "301 /y") + ";\n")
			case 1, 2:
				g.rewrites2(b)
			case 3:
				if where == 0 {
					b.WriteString("proxy_pass http://u2;\n")
				} else {
					b.WriteString("set $v b;\n")
				}
			case 4:
				b.WriteString("break;\n")
			}
			b.WriteString("}\n")
		case 5:
			if g.chance(30) {
				b.WriteString("break;\n")
			}
		case 6:
			if g.chance(20) {
				b.WriteString("return " + g.pick("403", "200 $uri", "410") + ";\n")
			}
		}
	}
}

func (g *Grammar) rewrites2(b *strings.Builder) {
	b.WriteString("rewrite " + quote(g.pick(patterns...)) + " " + g.pick("/b", "/a/$1", "/$2", "/b/$1?q=$1") + " " + g.pick("last", "break", "") + ";\nset $w " + g.value() + ";\n")
}

func (g *Grammar) condition() string {
	left := g.pick("$uri", "$args", "$http_x_y", "$arg_q", "$host", "$request_method", "$v", "$w", "$request_uri")
	if len(g.maps) > 0 && g.chance(40) {
		left = g.pick(g.maps...)
	}
	switch g.IntN(6) {
	case 0:
		return left
	case 1:
		return left + " " + g.pick("=", "!=") + " " + g.pick("a", "/a/b", "GET", "0", "$arg_q", `""`)
	case 2, 3:
		return left + " " + g.pick("~", "~*", "!~", "!~*") + " " + quote(g.pick(patterns...))
	case 4:
		return g.pick("-f", "-d", "-e", "!-f", "!-e") + " " + g.pick("$document_root$uri", "$document_root/ab", "$document_root/a")
	}
	return left + " = " + g.pick("a", "0", "1")
}
