// SPDX-License-Identifier: Apache-2.0

package request

import (
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// receive reads the head of the request, which decides the server, and starts the
// phases.
func (r *run) receive() {
	if v := r.req.Version; strings.HasPrefix(v, "2") || strings.HasPrefix(v, "3") {
		r.unsure(nginx.Pos{}, "HTTP/%s is not modelled", v)
	}
	if r.socket = r.m.socketOf(r.req.Address, r.req.Port); r.socket == nil {
		r.step(nginx.Pos{}, "nothing listens on port %d", r.req.Port)
		r.out = Outcome{Kind: Refused, Reason: "nothing listens there"}
		return
	}
	switch {
	case r.socket.ProxyProtocol:
		r.unsure(r.socket.Pos, "the PROXY protocol is not modelled")
	case r.socket.QUIC:
		r.unsure(r.socket.Pos, "HTTP/3 is not modelled")
	}
	if r.use(r.socket.Default, "default server of "+r.socket.Key()); r.socket.SSL && r.req.TLS && !r.handshake() {
		r.out = Outcome{Kind: Refused, Reason: "the TLS handshake is refused"}
		return
	}
	r.greeter = r.server
	raw := r.req.Raw()
	if r.req.TLS && !r.socket.SSL {
		raw = "\x16\x03\x01" // the first bytes of a handshake are no request
	}
	r.phases(r.read(raw))
}

// use puts a server in charge.
func (r *run) use(s *nginx.Server, why string) {
	r.server = s
	r.enter(r.m.servers[s].root)
	r.step(s.Pos, "%s", why)
}

// handshake chooses the server by SNI.
func (r *run) handshake() bool {
	if name, ok := validHost(r.req.SNI); ok && r.req.SNI != "" {
		s, _ := r.socket.find(r, r.input(SNI, r.req.SNI).made(name, Origin{By: nameOf(r.req.SNI)}))
		if r.gaveUp {
			return false
		}
		if s != nil {
			r.sni = name
			r.use(s, "server for SNI "+name) // the host of the request captures again
		}
	}
	if s := r.setting("ssl_reject_handshake"); s.Arg(0) == "on" {
		r.step(s.From, "ssl_reject_handshake")
		return false
	}
	return true
}

// read parses the head; it returns the phase that comes next.
func (r *run) read(raw string) phase {
	line := parseLine(raw)
	r.head = line
	r.displaced = true               // an error of the head meets no location that the path is in
	r.method = constant(line.method) // which nginx knows also where the rest is wrong
	room := r.room()
	if !room.line(line.size, r.buffers()) {
		return r.fail(414, "the request line is longer than the buffers")
	}
	if line.status != 0 {
		return r.fail(line.status, "the request line is invalid")
	}
	r.method, r.version = r.input(Method, line.method), line.version
	n, ok := normalize(line.target, line.emptyPath, r.flag("merge_slashes") != r.m.faults["merge_slashes"])
	if !ok {
		return r.fail(400, "the path cannot be decoded")
	}
	r.uri, r.args, r.quoted, r.plus = r.input(Path, n.path), r.input(Arguments, n.args), n.quoted, n.plus
	r.unparsed, r.asSent = r.input(Target, line.target), !line.emptyPath
	switch {
	case line.emptyPath: // then the path is "/", and the target begins with the question mark
		r.uri, r.unparsed = constant(n.path), join(constant("?"), r.args, r.input(Fragment, line.target[len("?")+len(n.args):]))
	case line.noTarget:
		r.uri, r.args, r.unparsed = constant("/"), Text{}, constant("/")
	}
	r.decoded = n.path
	r.line = strings.TrimRight(strings.TrimLeft(raw[:line.size], "\r\n"), "\r\n")
	r.step(nginx.Pos{}, "path %q", r.uri.S)
	if line.hasHost {
		host, ok := validHost(line.host)
		if !ok {
			return r.fail(400, "the host of the request line is invalid")
		}
		r.lineHost = line.host
		if next, ok := r.virtual(r.hostText(host)); !ok {
			return next
		}
		r.host = r.hostText(host)
	}
	if line.version < 1000 {
		if r.host.S == "" {
			if next, ok := r.virtual(Text{}); !ok {
				return next
			}
		}
		return r.received()
	}
	if next, ok := r.headers(raw[line.size:], room); !ok {
		return next
	}
	if r.host.S == "" {
		if next, ok := r.virtual(Text{}); !ok {
			return next
		}
	}
	if status, why := r.framing(); status != 0 {
		return r.fail(status, why)
	}
	return r.received()
}

// received does what nginx does between the headers and the phases.
func (r *run) received() phase {
	if r.socket.SSL {
		if !r.req.TLS {
			return r.fail(497, "a request without TLS on a port for TLS")
		}
		if s := r.setting("ssl_verify_client"); s.Arg(0) == "on" {
			if r.trace == nil {
				return r.fail(496, "the client sends no certificate")
			}
			status := 0
			switch r.choose(s.From, s.Name, "lets in", "sees a bad certificate", "sees no certificate") {
			case "lets in":
				// Who signed it was asked by the server of the handshake.
				alike := func(name string) bool { return first(r.greeter.Scope, name).Arg(0) == r.setting(name).Arg(0) }
				r.trace.Guards = append(r.trace.Guards, Guard{
					At: s.From, Name: s.Name, Detail: first(r.greeter.Scope, "ssl_client_certificate").Arg(0),
					Authenticates: alike("ssl_client_certificate") && alike("ssl_trusted_certificate") && alike("ssl_crl") && alike("ssl_verify_depth"),
				})
			case "sees no certificate":
				status = 496
			default:
				status = 495
			}
			if status != 0 {
				return r.fail(status, "the certificate of the client")
			}
		}
	}
	if status := r.supposeHead(); status != 0 {
		return r.fail(status, "the head of the request")
	}
	r.displaced = false
	return serverRewrite
}

// framing judges the headers that say how long the body is.
func (r *run) framing() (status int, why string) {
	if _, ok := r.header("host"); !ok && r.version > 1000 {
		return 400, "there is no Host header"
	}
	length, hasLength := r.header("content-length")
	if hasLength {
		n, err := strconv.ParseUint(length, 10, 63)
		if err != nil || length[0] == '+' {
			return 400, "Content-Length is no number"
		}
		r.length = int64(n)
	}
	if te, ok := r.header("transfer-encoding"); ok {
		switch {
		case r.version < 1001:
			return 400, "Transfer-Encoding before HTTP/1.1"
		case !strings.EqualFold(te, "chunked"):
			return 501, "a Transfer-Encoding that is not known"
		case hasLength:
			return 400, "Content-Length and Transfer-Encoding"
		}
	}
	switch r.method.S {
	case "CONNECT", "TRACE":
		return 405, "the method is never taken"
	}
	return 0, ""
}

// unique are the headers that may come once.
var unique = map[string]bool{"content-length": true, "transfer-encoding": true}

// headers reads the header lines up to the empty one.
func (r *run) headers(raw string, room *room) (phase, bool) {
	for raw != "" {
		size := strings.IndexByte(raw, '\n') + 1
		if size == 0 {
			break
		}
		if !room.header(size, r.buffers()) {
			return r.fail(494, "a header is longer than the buffers"), false
		}
		text := raw[:size]
		raw = raw[size:]
		h := parseHeader(text, r.flag("underscores_in_headers"))
		switch {
		case h.end:
			return 0, true
		case h.broken:
			return r.fail(400, "a header line is invalid"), false
		case h.odd && r.flag("ignore_invalid_headers"):
			r.step(nginx.Pos{}, "the header %q is left out", h.name)
			continue
		}
		name := strings.ToLower(h.name)
		_, twice := r.header(name)
		if twice && unique[name] {
			return r.fail(400, "a second "+h.name), false
		}
		if name == "host" {
			if next, ok := r.hostHeader(h.value, twice); !ok {
				return next, false
			}
		}
		r.fields = append(r.fields, field{name, h.value})
	}
	return 0, true
}

// hostHeader chooses the server by Host, unless the request line did.
func (r *run) hostHeader(value string, twice bool) (phase, bool) {
	if twice {
		return r.fail(400, "a second Host header"), false
	}
	host, ok := validHost(value)
	if !ok {
		return r.fail(400, "the Host header is invalid"), false
	}
	if r.host.S != "" && !r.m.faults["host_wins"] {
		return 0, true
	}
	if next, ok := r.virtual(r.hostText(host)); !ok {
		return next, false
	}
	r.host = r.hostText(host)
	return 0, true
}

// virtual chooses the server for a host.
func (r *run) virtual(host Text) (phase, bool) {
	s, captures := r.socket.find(r, host)
	if r.gaveUp {
		return r.afterGivingUp(), false
	}
	if r.sni != "" {
		if s == nil {
			s = r.socket.Default
		}
		verify := first(s.Scope, "ssl_verify_client").Arg(0)
		if verify != "" && verify != "off" && !r.m.faults["misdirected"] && !r.compare(s.Pos, host, r.input(SNI, r.req.SNI).made(r.sni, Origin{By: nameOf(r.req.SNI)})) {
			return r.fail(421, "the Host is not the name of the handshake"), false
		}
	}
	if s != nil && s != r.server {
		r.use(s, "server for host "+strconv.Quote(host.S))
	}
	r.capture(captures)
	return 0, true
}

// hostText is the host that nginx makes of the one that is sent.
func (r *run) hostText(host string) Text {
	if r.trace == nil {
		return constant(host)
	}
	sent, _ := r.hostParts()
	return r.input(Host, sent).made(host, Origin{By: lowered{}})
}

// hostParts divides the host as sent before its final dot or its port.
func (r *run) hostParts() (name, tail string) {
	sent := r.lineHost
	if sent == "" && r.req.Host != nil {
		sent = *r.req.Host
	}
	n, _ := validHost(sent)
	if r.lineHost != "" {
		sent += r.head.port
	}
	return sent[:len(n)], sent[len(n):]
}

// hostAsSent is the Host header.
func (r *run) hostAsSent() Text {
	switch {
	case r.req.Host == nil:
		return Text{}
	case r.lineHost != "":
		return r.input(HostHeader, *r.req.Host)
	}
	name, tail := r.hostParts()
	return join(r.input(Host, name), r.input(HostTail, tail))
}

// requestLine is the first line as it is sent, whatever has become of the request.
func (r *run) requestLine(at nginx.Pos) Text {
	h := r.head
	if r.line == "" || h.status != 0 {
		r.unsure(at, "the line of a request that is not well formed")
	}
	parts := []Text{r.input(Method, h.method), r.input(Gap, h.gap)}
	if h.hasHost {
		name, tail := r.hostParts()
		parts = append(parts, r.input(Scheme, h.scheme), constant("://"), r.input(Host, name), r.input(HostTail, tail))
	}
	if !h.noTarget {
		parts = append(parts, r.unparsed)
	}
	line := join(append(parts, r.input(Before, h.before), r.input(Protocol, h.protocol))...)
	if line.S != r.line {
		r.unsure(at, "the line of a request that is not read as it is sent")
	}
	return line
}

func (r *run) header(name string) (string, bool) {
	for _, f := range r.fields {
		if f.name == name {
			return f.value, true
		}
	}
	return "", false
}

// field is a header with its name in lower case.
type field struct{ name, value string }

// headerLine is one line of the head.
type headerLine struct {
	name, value      string
	end, broken, odd bool
}

// parseHeader reads one line, with its line feed, as nginx's state machine does.
func parseHeader(text string, underscores bool) (h headerLine) {
	if text == "\n" || text == "\r\n" {
		h.end = true
		return h
	}
	i := 0
	for i < len(text) && text[i] != ':' && text[i] != '\r' && text[i] != '\n' {
		c := text[i]
		if c <= 0x20 || c == 0x7f {
			h.broken = true
			return h
		}
		if !isLetter(c) && !isDigit(c) && c != '-' && !(c == '_' && underscores) {
			h.odd = true
		}
		i++
	}
	h.name = text[:i]
	if h.name == "" {
		h.broken = true
		return h
	}
	if text[i] == ':' {
		i++
	}
	value := strings.TrimSuffix(text[i:], "\n")
	value = strings.TrimSuffix(value, "\r")
	h.value = strings.Trim(value, " ")
	h.broken = strings.ContainsAny(h.value, "\x00\r")
	return h
}

// validHost is the host without its port and final dot, in lower case.
func validHost(s string) (string, bool) {
	end, dot, literal := -1, -2, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '.':
			if dot == i-1 {
				return "", false
			}
			dot = i
		case c == ':':
			if end < 0 && !literal {
				end = i
			}
		case c == '[':
			literal = literal || i == 0
		case c == ']':
			if literal && end < 0 {
				end, literal = i+1, false
			}
		case c == '/' || c <= 0x20 || c == 0x7f:
			return "", false
		}
	}
	if end < 0 {
		end = len(s)
	}
	if dot == end-1 {
		end--
	}
	if end <= 0 {
		return "", false
	}
	return lower(s[:end]), true
}

// lower folds ASCII letters only: the rest is bytes.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c | 0x20
		}
	}
	return string(b)
}
