// SPDX-License-Identifier: Apache-2.0

package wiretest

import (
	"fmt"
	"strings"

	"github.com/postern-audit/postern/internal/nginx/request"
)

// target is a raw target near the locations of the piece.
func (g *Grammar) target() string {
	t := ""
	if len(g.prefix) > 0 && g.chance(70) {
		t = g.prefix[g.IntN(len(g.prefix))]
		t = strings.ReplaceAll(t, " ", "%20")
	}
	for range g.IntN(4) {
		t += g.pick("/a", "/b", "/ab", "/x.php", "/", "/.", "/..", "//", "..", ";", "%2f", "%2e%2e", "%61", "%0a", "%00", "+", "%2b", "%3f", "%25", "%23", "/A", "\\", "..;/", "%c3", "\"", "<", "%zz", "%", "\x01", "\x80", " ", "/index.html", "/auth", "a", "-", "/.a", "/...", "%2F..", "\t")
	}
	if !strings.HasPrefix(t, "/") && g.chance(95) {
		t = "/" + t
	}
	if g.chance(30) {
		t += "?" + g.pick("", "q=a", "q=/b", "q=a&x=%2f", "x=1&Q=0", "a#b", "?", "q=+b", "/../", "q=a b", "q")
	}
	if g.chance(3) {
		t += "#" + g.pick("", "f?x")
	}
	if g.chance(5) {
		t = g.pick("http://h.example", "HTTP://www.other:80", "x+1://b", "http://", "h:1", "http://[::1]:80", "http://a_b", "http://w.h.example.") + g.pick(t, t, "", "?q=a")
	}
	if g.chance(1) {
		t += strings.Repeat("l", 300+g.IntN(2500))
	}
	if g.chance(1) {
		t = g.pick("", "*", "\n", t+"\n")
	}
	return t
}

// Request is one near the paths of the piece, which has to be written before.
func (g *Grammar) Request() request.Request {
	q := request.Request{Address: "127.0.0.1", Port: g.port, Client: g.pick("127.0.0.1", "127.0.0.1", "127.0.0.9", "127.1.2.3"), Method: "GET"}
	if g.sockets[fmt.Sprintf("%d", g.port)] || len(g.sockets) > 1 {
		q.Address = g.pick("127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.3")
	}
	if _, secure := g.sockets[fmt.Sprintf("127.0.0.1:%d", g.port+1)]; secure && g.chance(50) {
		q.Address, q.Port, q.TLS = "127.0.0.1", g.port+1, !g.chance(5)
		if q.TLS && g.chance(85) {
			q.SNI = g.pick(hosts...)
			if g.chance(10) {
				q.SNI = g.pick("H.EXAMPLE", "other", "www.x.y", "a.b.h.example")
			}
		}
	}
	h := g.pick(hosts...)
	if q.SNI != "" && g.chance(50) {
		h = q.SNI
	}
	q.Host = &h
	if g.chance(70) {
		q.Target = g.plainTarget()
	} else {
		q.Target = g.target()
		g.oddities(&q)
	}
	q.Headers = append(q.Headers, [2]string{"Connection", "close"})
	return q
}

// plainTarget is one that many configurations take.
func (g *Grammar) plainTarget() string {
	t := "/"
	if len(g.prefix) > 0 && g.chance(90) {
		t = g.prefix[g.IntN(len(g.prefix))]
	}
	t = strings.ReplaceAll(t, " ", "%20")
	t += g.pick("", "", "/", "/a", "b", "/x.php", "/b/ab", "/%3fx%2b", "/a%20b", "/a+b", "%0a")
	return t + g.pick("", "", "", "?q=a", "?q=0", "?x=%2f&q=/b")
}

// oddities make a request that nginx may refuse.
func (g *Grammar) oddities(q *request.Request) {
	if g.chance(30) {
		q.Method = g.pick("POST", "HEAD", "PUT", "FOO", "OPTIONS", "DELETE", "TRACE", "CONNECT", "get", "G-_T", "POST", "HEAD", "PATCH", "")
	}
	if g.chance(12) {
		q.Version = g.pick("1.0", "0.9", "1.2", "HTTP/2.0", "HTTP/1.1 ", "HTTP/1.", "http/1.1", "HTTP/1.01", "HTTP/0.9", "HTTP/11.1", " HTTP/1.0", "HTTP/1.100", "HTTP/1.1\r", "HTTP/1.1000", "HTTP/3.0", "HTTP/1.1 x")
	}
	if g.chance(7) {
		q.Host = nil
	} else if g.chance(15) {
		h := g.pick("H.EXAMPLE", "h.example.", "h.example:80", "", ".h.example", "a..b", "[::1]:1", "x/y", "a b", ":1", ".", "[::1", "a:b:c.", "h.example:", "www.", "www.x.y", "a.b.h.example", "two.three", "other", "\x80")
		q.Host = &h
	}
	if g.chance(10) {
		q.Headers = append(q.Headers, [2]string{g.pick("X-Y", "X_Y", "x-y"), g.pick("a", "0", "", "/a/b", "1")})
	}
	if g.chance(6) {
		q.Headers = append(q.Headers, [2]string{g.pick("Cookie", "Host", "X Y", "X@Y", "_", "Authorization", "Transfer-Encoding", "", "X\x01", "X-Y\t"), g.pick("c=a", "h.example", "Basic", "x; C=0", "gzip", "a\x00", "\ta")})
	}
	if g.chance(2) {
		q.Headers = append(q.Headers, [2]string{"X-Long", strings.Repeat("v", 200+g.IntN(2500))})
	}
	if g.chance(8) {
		q.Headers = append(q.Headers, [2]string{"Content-Length", g.pick("3", "12", "30", "0", "x", "-1", "99", "+1", "")})
	}
}
