// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"
)

// serve answers one request: it collects the facts, asks Decide, and forwards or
// refuses. Each request leaves one line in the access log.
func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	l, _ := r.Context().Value(linkKey{}).(*link)
	if l == nil {
		panic(http.ErrAbortHandler)
	}
	start := p.config.Now()
	request, d := l.judge(r)
	// A request that is refused anyway spends from the budget too.
	if !p.peers.request(l.peer) {
		d = refuse(TooManyRequests)
	}
	rec := &recorder{ResponseWriter: w, proxy: p, control: http.NewResponseController(w)}
	x := &exchange{decision: d, link: l}
	defer func() {
		// Also when the reverse proxy aborts a broken answer by panic.
		p.finish(start, request, r.Proto, rec, x)
		if l.guard != nil && !rec.hijacked && (d.WebSocket || request.upgrades()) {
			l.guard.end()
		}
	}()
	if d.Allow && d.WebSocket {
		if !p.peers.upgrade(l.peer) {
			x.decision = d.refuse(TooManyStreams)
		} else {
			defer p.peers.downgrade(l.peer)
		}
	}
	if !x.decision.Allow {
		writeRefusal(rec, r, x.decision)
		return
	}
	if r.Body != nil && r.Body != http.NoBody {
		x.body = &limitedBody{ReadCloser: r.Body, left: p.limits.BodyBytes}
		r.Body = x.body
	}
	p.reverse.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x)))
}

// judge gives the request as the wire had it, and the decision on it.
func (l *link) judge(r *http.Request) (Request, Decision) {
	if l.guard == nil {
		request, refused := l.frames(r)
		if refused != "" {
			return request, refuse(refused)
		}
		return request, Decide(l.gate.policy, request)
	}
	head, ok := l.guard.next()
	switch {
	case !ok:
		return Request{}, refuse(HeadMismatch)
	case head.replaced:
	// Two readers of the same bytes must agree, or one of them is wrong.
	case r.Method != head.request.Method, r.RequestURI != head.request.Target, r.Proto != head.request.Proto:
		return head.request, refuse(HeadMismatch)
	}
	return head.request, head.decision
}

// frames rebuilds the request from an HTTP/2 stream, where net/http keeps every
// field apart but the pseudo-fields. A Host field besides :authority shows up as a
// second Host line and is refused as one.
func (l *link) frames(r *http.Request) (Request, Reason) {
	request := Request{
		Method: r.Method, Target: r.RequestURI, Proto: r.Proto,
		ServerName: l.serverName, Port: l.gate.port,
	}
	request.Fields = append(request.Fields, Field{Name: "Host", Value: r.Host})
	for name, values := range r.Header {
		for _, value := range values {
			request.Fields = append(request.Fields, Field{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(request.Fields[1:], func(a, b Field) int {
		switch {
		case a.Name < b.Name:
			return -1
		case a.Name > b.Name:
			return 1
		}
		return 0
	})
	if r.Trailer != nil {
		return request, TrailerField
	}
	if r.ContentLength != 0 {
		switch r.Method {
		case "GET", "HEAD", "OPTIONS", "TRACE", "CONNECT":
			return request, BodyUnexpected
		}
	}
	return request, ""
}

// upgrades reports whether the guard took the request for an upgrade and stopped
// reading HTTP behind it.
func (r Request) upgrades() bool {
	for _, f := range r.Fields {
		if asciiEqualFold(f.Name, "Upgrade") || asciiEqualFold(f.Name, "Connection") || asciiEqualFold(f.Name, "Proxy-Connection") {
			var parsed fields
			if asciiEqualFold(f.Name, "Upgrade") || parsed.readConnection(f.Value) == "" && parsed.connectionUpgrade {
				return true
			}
		}
	}
	return false
}

// writeRefusal answers with the status of the decision. All refusals read alike, so
// that whoever asks can tell them from what a server behind the proxy says; the
// reason stands where RFC 9209 has it, and gives away nothing that the status does
// not.
func writeRefusal(w http.ResponseWriter, r *http.Request, d Decision) {
	if d.Status == PlainHTTP.Status() {
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Proxy-Status", fmt.Sprintf("gate; error=http_request_denied; details=%q", d.Reason))
	h.Set("Strict-Transport-Security", "max-age=31536000")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if d.Status == http.StatusMethodNotAllowed {
		h.Set("Allow", d.Methods)
	}
	if r.ProtoMajor == 1 && !keepsConnection(d) {
		h.Set("Connection", "close")
	}
	w.WriteHeader(d.Status)
	if r.Method != http.MethodHead { // net/http would drop it, but count it first
		_, _ = fmt.Fprintf(w, "%d: this request is not served\n", d.Status)
	}
}

// recorder notes what was answered and gives each write its own deadline.
type recorder struct {
	http.ResponseWriter
	proxy    *Proxy
	control  *http.ResponseController
	status   int
	bytes    int64
	hijacked bool
}

// Unwrap lets http.ResponseController reach the server's own writer.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader notes the first final status.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	_ = w.control.SetWriteDeadline(time.Now().Add(w.proxy.limits.Send))
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Hijack hands over the connection of an accepted upgrade.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := w.control.Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.hijacked, w.status = true, http.StatusSwitchingProtocols
	u := &upgradedConn{Conn: conn, idle: w.proxy.limits.WebSocketIdle, early: buffered.Reader, proxy: w.proxy}
	w.proxy.upgraded.Store(u, struct{}{})
	return u, buffered, nil
}

// upgradedConn ends after a time of silence, and is known to the proxy so that it
// can be closed at the end.
type upgradedConn struct {
	net.Conn
	idle  time.Duration
	early *bufio.Reader // bytes that arrived before the switch
	proxy *Proxy
}

func (u *upgradedConn) Read(b []byte) (int, error) {
	if n := u.early.Buffered(); n > 0 {
		return u.early.Read(b[:min(n, len(b))])
	}
	_ = u.SetDeadline(time.Now().Add(u.idle))
	return u.Conn.Read(b)
}

func (u *upgradedConn) Write(b []byte) (int, error) {
	_ = u.SetDeadline(time.Now().Add(u.idle))
	return u.Conn.Write(b)
}

func (u *upgradedConn) Close() error {
	u.proxy.upgraded.Delete(u)
	return u.Conn.Close()
}
