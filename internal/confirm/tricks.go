// SPDX-License-Identifier: Apache-2.0

package confirm

import (
	"strings"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// variant writes one path in another way.
type variant struct {
	name string
	make func(target string) string
}

// variants are the other ways to write a path: some mean the same to nginx, some
// to an upstream, and some to neither.
var variants = []variant{
	{"slash at the end", func(t string) string { return t + "/" }},
	{"no slash at the end", func(t string) string { return "/" + strings.Trim(t, "/") }},
	{"a segment more", func(t string) string { return strings.TrimSuffix(t, "/") + "/x" }},
	{"a letter more", func(t string) string { return t + "x" }},
	{"a letter less", func(t string) string { return t[:max(1, len(t)-1)] }},
	{"a segment before", func(t string) string { return "/x" + t }},
	{"two slashes", func(t string) string { return "/" + t }},
	{"two slashes inside", func(t string) string { return strings.ReplaceAll(t, "/", "//") }},
	{"slash encoded", func(t string) string { return "/" + strings.ReplaceAll(t[1:], "/", "%2f") }},
	{"slash encoded at the end", func(t string) string { return t + "%2f" }},
	{"slash encoded twice", func(t string) string { return "/" + strings.ReplaceAll(t[1:], "/", "%252f") }},
	{"backslash", func(t string) string { return "/" + strings.ReplaceAll(t[1:], "/", `\`) }},
	{"backslash encoded", func(t string) string { return "/" + strings.ReplaceAll(t[1:], "/", "%5c") }},
	{"dot segment", func(t string) string { return "/." + t }},
	{"dot segment encoded", func(t string) string { return "/%2e" + t }},
	{"dot segments inside", func(t string) string { return strings.ReplaceAll(t, "/", "/./") }},
	{"dot segment at the end", func(t string) string { return t + "/." }},
	{"climbs in", func(t string) string { return "/x/.." + t }},
	{"climbs in, encoded", func(t string) string { return "/x/%2e%2e" + t }},
	{"climbs in, slash encoded", func(t string) string { return "/x/..%2f" + t[1:] }},
	{"climbs in, semicolon", func(t string) string { return "/x/..;" + t }},
	{"climbs above the root", func(t string) string { return "/.." + t }},
	{"climbs back", func(t string) string { return t + "/x/.." }},
	{"climbs out at the end", func(t string) string { return t + "/.." }},
	{"climbs out, no slash", func(t string) string { return t + ".." }},
	{"climbs out, semicolon", func(t string) string { return t + "/..;/x" }},
	{"first letter encoded", encodeFirst},
	{"first letter encoded twice", func(t string) string { return strings.Replace(encodeFirst(t), "%", "%25", 1) }},
	{"all letters encoded", encodeAll},
	{"case", swapCase},
	{"upper case", strings.ToUpper},
	{"line feed at the end", func(t string) string { return t + "%0a" }},
	{"carriage return at the end", func(t string) string { return t + "%0d" }},
	{"carriage return and line feed", func(t string) string { return t + "%0d%0aX-Y:%20z" }},
	{"NUL at the end", func(t string) string { return t + "%00" }},
	{"NUL and an extension", func(t string) string { return t + "%00.js" }},
	{"space at the end", func(t string) string { return t + "%20" }},
	{"tab at the end", func(t string) string { return t + "%09" }},
	{"dot at the end", func(t string) string { return t + "." }},
	{"semicolon at the end", func(t string) string { return t + ";" }},
	{"parameter of the path", func(t string) string { return t + ";x=y" }},
	{"parameter of the first segment", func(t string) string {
		first, rest, _ := strings.Cut(t[1:], "/")
		return "/" + first + ";x=y/" + rest
	}},
	{"extension of a picture", func(t string) string { return t + ".png" }},
	{"file of a style", func(t string) string { return strings.TrimSuffix(t, "/") + "/x.css" }},
	{"file of a gadget", func(t string) string { return strings.TrimSuffix(t, "/") + "/x.xml" }},
	{"extension behind a semicolon", func(t string) string { return t + ";.js" }},
	{"arguments", func(t string) string { return t + "?a=b" }},
	{"arguments with a path", func(t string) string { return t + "?/../x" }},
	{"question mark encoded", func(t string) string { return t + "%3fx.js" }},
	{"fragment", func(t string) string { return t + "#x" }},
	{"fragment that climbs", func(t string) string { return t + "#/../x" }},
	{"fragment encoded", func(t string) string { return t + "%23x" }},
	{"plus", func(t string) string { return t + "+" }},
	{"overlong dots", func(t string) string { return "/x/%c0%ae%c0%ae" + t }},
	{"overlong slash", func(t string) string { return "/x%c0%af" + t[1:] }},
	{"wide slash", func(t string) string { return "/x%ef%bc%8f" + t[1:] }},
	{"bytes above ASCII", func(t string) string { return t + "\xff\xe9" }},
	{"percent sign alone", func(t string) string { return t + "%" }},
	{"half an escape", func(t string) string { return t + "%2" }},
	{"no hexadecimal", func(t string) string { return t + "%zz" }},
	{"escape of a percent sign", func(t string) string { return t + "%25" }},
	{"escape of another kind", func(t string) string { return t + "%u002e%u002e/" }},
	{"control byte", func(t string) string { return t + "\x01" }},
	{"space inside", func(t string) string { return t + " x" }},
	{"quotes and brackets", func(t string) string { return t + "\"<>{}|^`" }},
	{"a long segment", func(t string) string { return t + "/" + strings.Repeat("l", 1500) }},
}

func encodeFirst(t string) string {
	if len(t) < 2 || t[1] == '%' {
		return t
	}
	return "/" + hex(t[1]) + t[2:]
}

func encodeAll(t string) string {
	var b strings.Builder
	for i := range len(t) {
		if t[i] == '/' || t[i] == '%' || i > 0 && t[i-1] == '%' || i > 1 && t[i-2] == '%' {
			b.WriteByte(t[i])
		} else {
			b.WriteString(hex(t[i]))
		}
	}
	return b.String()
}

func hex(c byte) string {
	const digits = "0123456789ABCDEF"
	return "%" + string(digits[c>>4]) + string(digits[c&15])
}

// swapCase changes the case of the first letter behind each slash.
func swapCase(t string) string {
	b := []byte(t)
	for i := 1; i < len(b); i++ {
		if c := b[i] | 0x20; b[i-1] == '/' && c >= 'a' && c <= 'z' {
			b[i] ^= 0x20
		}
	}
	return string(b)
}

// climb leads from a path that is open to one that is closed.
type climb struct {
	name string
	make func(open, closed string) string
}

// climbs are the ways out of a path.
var climbs = []climb{
	{"climbs over", func(o, c string) string { return o + up(o) + c }},
	{"climbs over, dots encoded", func(o, c string) string { return o + strings.ReplaceAll(up(o), "..", "%2e%2e") + c }},
	{"climbs over, slash encoded", func(o, c string) string { return o + strings.ReplaceAll(up(o), "/..", "%2f..") + c }},
	{"climbs over, all encoded", func(o, c string) string { return strings.TrimSuffix(o, "/") + "..%2f" + c[1:] }},
	{"climbs over, encoded twice", func(o, c string) string { return o + strings.ReplaceAll(up(o), "..", "%252e%252e") + c }},
	{"climbs over, semicolons", func(o, c string) string { return o + strings.ReplaceAll(up(o), "..", "..;") + c }},
	{"climbs over, backslashes", func(o, c string) string { return o + strings.ReplaceAll(up(o), "/", `\`) + c }},
	{"climbs over without a slash", func(o, c string) string { return strings.TrimSuffix(o, "/") + ".." + c }},
	{"two slashes before", func(o, c string) string { return strings.TrimSuffix(o, "/") + "/" + c }},
	{"closed behind a fragment", func(o, c string) string { return c + "#" + o }},
	{"closed behind arguments", func(o, c string) string { return c + "?" + o }},
	{"open as an argument encoded", func(o, c string) string { return c + "%3f" + o }},
	{"open behind a semicolon", func(o, c string) string { return c + ";" + o }},
	{"open behind NUL", func(o, c string) string { return c + "%00" + o }},
	{"open after a climb", func(o, c string) string { return c + "/.." + o }},
}

// up climbs out of all segments of a path.
func up(open string) string {
	n := strings.Count(strings.Trim(open, "/"), "/") + 1
	s := strings.Repeat("/..", n)
	if strings.HasSuffix(open, "/") {
		s = s[1:]
	}
	return s
}

// closedPaths are administrative places that no gate opens.
var closedPaths = []string{"/cfadmin", "/finesse/api/SystemConfig", "/idsadmin/"}

// hostTricks write a host in other ways.
var hostTricks = []variant{
	{"an unknown host", func(string) string { return "unknown.example" }},
	{"a host in upper case", strings.ToUpper},
	{"a host with a dot at the end", func(h string) string { return h + "." }},
	{"a host with two dots at the end", func(h string) string { return h + ".." }},
	{"a host with another port", func(h string) string { return h + ":1" }},
	{"a host with an empty port", func(h string) string { return h + ":" }},
	{"a host with a port that is no number", func(h string) string { return h + ":x" }},
	{"a host before ours", func(h string) string { return "evil." + h }},
	{"a host behind ours", func(h string) string { return h + ".evil.example" }},
	{"a host that ends as ours", func(h string) string { return "x" + h }},
	{"an empty host", func(string) string { return "" }},
	{"an address as the host", func(string) string { return "127.0.0.1" }},
	{"localhost", func(string) string { return "localhost" }},
	{"an IPv6 address as the host", func(string) string { return "[::1]:80" }},
	{"a user in the host", func(h string) string { return "x@" + h }},
	{"a path in the host", func(h string) string { return h + "/x" }},
	{"a space in the host", func(h string) string { return h + " x" }},
	{"two hosts in one", func(h string) string { return h + ",unknown.example" }},
	{"an underscore before the host", func(h string) string { return "_" + h }},
}

// wholeTrick changes more than a path or a host.
type wholeTrick struct {
	name string
	make func(*request.Request)
}

func header(name, value string) func(*request.Request) {
	return func(q *request.Request) { q.Headers = append(q.Headers, [2]string{name, value}) }
}

// wholeTricks are the other ways to ask.
var wholeTricks = []wholeTrick{
	{"absolute form", func(q *request.Request) {
		if q.Host != nil {
			q.Target = "http://" + *q.Host + q.Target
		}
	}},
	{"absolute form, another Host", func(q *request.Request) {
		if q.Host != nil {
			q.Target = "http://" + *q.Host + q.Target
			other := "unknown.example"
			q.Host = &other
		}
	}},
	{"absolute form of an unknown host", func(q *request.Request) { q.Target = "http://unknown.example" + q.Target }},
	{"absolute form without a path", func(q *request.Request) { q.Target = "http://unknown.example?" + q.Target }},
	{"absolute form, another scheme", func(q *request.Request) { q.Target = "file://unknown.example" + q.Target }},
	{"a second Host", header("Host", "unknown.example")},
	{"X-Forwarded-Host", header("X-Forwarded-Host", "unknown.example")},
	{"X-Original-URL", header("X-Original-URL", "/cfadmin")},
	{"X-Rewrite-URL", header("X-Rewrite-URL", "/cfadmin")},
	{"X-HTTP-Method-Override", header("X-HTTP-Method-Override", "DELETE")},
	{"a header with underscores", header("X_Forwarded_For", "10.0.0.1")},
	{"X-Forwarded-For", header("X-Forwarded-For", "10.0.0.1")},
	{"a web socket", func(q *request.Request) {
		q.Headers = append(q.Headers, [2]string{"Upgrade", "websocket"}, [2]string{"Connection", "Upgrade"})
	}},
	{"an upgrade to HTTP/2", func(q *request.Request) {
		q.Headers = append(q.Headers, [2]string{"Upgrade", "h2c"}, [2]string{"Connection", "Upgrade, HTTP2-Settings"}, [2]string{"HTTP2-Settings", ""})
	}},
	{"a body", func(q *request.Request) {
		q.Method = "POST"
		q.Headers = append(q.Headers, [2]string{"Content-Length", "3"})
	}},
	{"a length that is no number", func(q *request.Request) {
		q.Method = "POST"
		q.Headers = append(q.Headers, [2]string{"Content-Length", "+3"})
	}},
	{"a length twice", func(q *request.Request) {
		q.Method = "POST"
		q.Headers = append(q.Headers, [2]string{"Content-Length", "3"}, [2]string{"Content-Length", "3"})
	}},
	{"chunks", func(q *request.Request) {
		q.Method = "POST"
		q.Headers = append(q.Headers, [2]string{"Transfer-Encoding", "chunked"})
	}},
	{"chunks and a length", func(q *request.Request) {
		q.Method = "POST"
		q.Headers = append(q.Headers, [2]string{"Content-Length", "5"}, [2]string{"Transfer-Encoding", "chunked"})
	}},
	{"chunks twice", func(q *request.Request) {
		q.Method = "POST"
		q.Headers = append(q.Headers, [2]string{"Transfer-Encoding", "chunked"}, [2]string{"Transfer-Encoding", "identity"})
	}},
	{"an encoding that is not known", header("Transfer-Encoding", "xchunked")},
	{"an encoding behind a tab", header("Transfer-Encoding", "\tchunked")},
	{"a space before the colon", header("X-Y ", "z")},
	{"a header without a name", header("", "z")},
	{"a header that goes on", header(" X-Y", "z")},
	{"a length of two values", header("Content-Length", "3, 3")},
	{"a length below nothing", header("Content-Length", "-1")},
	{"credentials", header("Authorization", "Basic eDp4")},
	{"HTTP/1.0", func(q *request.Request) { q.Version = "1.0" }},
	{"a version that is not there", func(q *request.Request) { q.Version = "HTTP/1.7" }},
	{"a version in lower case", func(q *request.Request) { q.Version = "http/1.1" }},
	{"spaces before the path", func(q *request.Request) { q.Target = "  " + q.Target }},
	{"a tab before the path", func(q *request.Request) { q.Target = "\t" + q.Target }},
	{"no slash before the path", func(q *request.Request) { q.Target = "x" + q.Target }},
	{"an asterisk as the path", func(q *request.Request) { q.Target = "*" }},
	{"another name in the handshake", func(q *request.Request) {
		if q.TLS {
			q.SNI = "unknown.example"
		}
	}},
	{"no name in the handshake", func(q *request.Request) { q.SNI = "" }},
	{"no TLS", func(q *request.Request) { q.TLS = false }},
}
