// SPDX-License-Identifier: Apache-2.0

package request

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// client is the address of the client.
func (r *run) client(at nginx.Pos) (netip.Addr, Text) {
	if s := r.setting("set_real_ip_from"); s.Name != "" && r.trace == nil {
		r.unsure(s.From, "set_real_ip_from may replace the address of the client")
	}
	if p := r.m.believing; r.trace != nil && !p.IsZero() {
		r.widen(at, "set_real_ip_from in a location (%s) gives the client another address on the way", p)
	}
	ip, err := netip.ParseAddr(r.req.Client)
	if err != nil {
		r.unsure(at, "the address of the client is not given")
	}
	ip = ip.Unmap()
	return ip, r.input(Client, string(ip.AsSlice()))
}

// guard is what one module of the access phase says: 0 when it has no opinion, 200
// to let the request in, else the status of the refusal.
type guard func(*run) int

// access is the phase of allow, auth_basic, auth_request and Lua, in this order.
func (r *run) access() phase {
	for _, limit := range []string{"limit_req", "limit_conn"} {
		s := r.setting(limit)
		if s.Name == "" {
			continue
		}
		r.limitKeys(limit)
		status, _ := strconv.Atoi(r.setting(limit + "_status").Arg(0))
		if r.suppose(s.From, limit, "lets in", status) != 0 {
			return r.fail(status, limit)
		}
	}
	if r.sub {
		return tryFiles // guards look at the request itself only
	}
	satisfy := r.setting("satisfy")
	any := satisfy.Arg(0) == "any" && !r.m.faults["satisfy"]
	denied := 0
	guards := []guard{(*run).addresses, (*run).password, (*run).authRequest, (*run).luaAccess}
	if r.early("access_by_lua") {
		guards = []guard{(*run).luaAccess, (*run).addresses, (*run).password, (*run).authRequest}
	}
	for _, g := range guards {
		switch status := g(r); {
		case status == 0:
		case status == 200 && any:
			r.step(satisfy.From, "satisfy any: one guard is enough")
			return tryFiles
		case status == 200:
		case any && (status == 401 || status == 403):
			r.step(satisfy.From, "satisfy any: another guard may let the request in")
			if denied != 401 {
				denied = status
			}
		default:
			return r.fail(status, "access is denied")
		}
	}
	if denied != 0 {
		return r.fail(denied, "access is denied")
	}
	return tryFiles
}

// addresses are allow and deny: the first that fits decides.
func (r *run) addresses() int {
	for _, s := range r.block.scope.Get("allow", "deny") {
		fits := s.Arg(0) == "all"
		if !fits {
			p, ok := parseNetwork(s.Arg(0))
			if !ok {
				r.unsure(s.From, "%s %s is not modelled", s.Name, s.Arg(0))
			}
			ip, bytes := r.client(s.From)
			fits = p.Contains(ip)
			r.ask(s.From, bytes, answer(fits), func() Question { return within([]netip.Prefix{p}) })
		}
		if fits {
			r.step(s.From, "%s %s", s.Name, s.Arg(0))
			if (s.Name == "allow") != r.m.faults["deny"] {
				return 200
			}
			return 403
		}
	}
	return 0
}

// password is auth_basic; the file with the passwords is not read.
func (r *run) password() int {
	s := r.setting("auth_basic")
	file := r.setting("auth_basic_user_file")
	if s.Name == "" || file.Name == "" || r.compare(s.From, r.text(s.Arg(0), s.From), constant("off")) {
		return 0
	}
	if r.trace != nil {
		if r.m.effects.last(file.Arg(0)) {
			// The name of the file is evaluated for those only who send a password.
			if r.choose(s.From, "auth_basic gets", "a name and a password", "no password") == "no password" {
				return 401
			}
			r.touch(file.Arg(0), file.From)
		}
		return r.guarded(Guard{At: s.From, Name: s.Name, Authenticates: !r.chosenByClients(file.Arg(0)), Detail: file.Arg(0)})
	}
	header, _ := r.header("authorization")
	scheme, user, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "basic") || strings.TrimLeft(user, " ") == "" {
		r.step(s.From, "auth_basic gets no name and no password")
		return 401
	}
	r.unsure(s.From, "auth_basic: the passwords are not known")
	return 0
}

// authRequest asks a location of this server.
func (r *run) authRequest() int {
	s := r.setting("auth_request")
	if s.Name == "" || s.Arg(0) == "off" || r.m.faults["auth_request"] {
		return 0
	}
	sub := &run{
		m: r.m, req: r.req, socket: r.socket, server: r.server, version: r.version, host: r.host, sni: r.sni,
		fields: r.fields, method: constant("GET"), asked: r.method, line: r.line, lineHost: r.lineHost, decoded: r.decoded, uri: constant(s.Arg(0)), unparsed: r.unparsed, internal: true, sub: true, shared: r.shared,
		length: r.length, discarded: r.discarded,
	}
	r.step(s.From, "auth_request asks %s", s.Arg(0))
	if t := r.trace; t != nil {
		// What the guard is sent is not what becomes of the request.
		was := *t
		defer func() {
			t.Reading, t.Decoded, t.Method, t.Host, t.Authority, t.File = was.Reading, was.Decoded, was.Method, was.Host, was.Authority, was.File
			t.AsSent, t.Written, t.Headers, t.Upgrade = was.AsSent, was.Written, was.Headers, was.Upgrade
		}()
	}
	sub.enter(r.m.servers[r.server].root)
	sub.phases(serverRewrite)
	sub.scriptInAnswer()
	sub.touchAll("sub_filter") // whose texts are made for the head of an answer
	r.fromSubrequest(sub)
	status := sub.out.Status
	switch {
	case sub.out.Kind == Forwarded && sub.status > 0:
		status = sub.status // an error_page keeps the status whoever answers
	case sub.out.Kind == Forwarded && r.trace != nil:
		if !r.trace.Reading.Constant() || !r.trace.Authority.Constant() {
			r.widen(s.From, "auth_request asks for a path that depends on the request")
		}
		if !r.trace.Method.Constant() {
			r.widen(s.From, "auth_request asks with the method of the request")
		}
		sub.keepsLines()
		g := Guard{At: s.From, Name: s.Name, Authenticates: sub.showsCredentials(), Asks: sub.out.Upstream, Peers: sub.out.Peers, Method: r.trace.Method.S, Detail: sub.out.Path}
		if sub.elsewhere {
			// What answers there says nothing of who asks.
			g.At, g.Authenticates = sub.handler.Pos(), false
		}
		return r.guarded(g)
	case sub.out.Kind == Forwarded && r.m.options.Answer == nil:
		r.unsure(s.From, "auth_request is answered by %s", sub.out.Upstream)
	case sub.out.Kind == Forwarded:
		status = r.m.options.Answer(sub.out.Upstream, sub.out.Path)
	case status == 0 && !sub.silent:
		return 444
	}
	switch {
	case status == 401 || status == 403:
		return status
	case status >= 200 && status < 300:
		return 200
	}
	return 500
}

// fromSubrequest is auth_request_set, whose values are made where the subrequest ended.
func (r *run) fromSubrequest(sub *run) {
	for _, s := range r.block.scope.Get("auth_request_set") {
		name := lower(strings.TrimPrefix(s.Arg(0), "$"))
		answered := slices.ContainsFunc(variablesIn(s.Arg(1)), ofAnswer)
		switch {
		case !answered:
			r.assign(name, sub.text(s.Arg(1), s.From))
		case r.trace == nil:
			r.unsure(s.From, "auth_request_set keeps what the guard answers")
		default:
			r.assign(name, Text{"", []Piece{{"", &Origin{Opaque: "what a guard answers"}}}})
		}
	}
}

// ofAnswer reports whether a variable tells of an answer.
func ofAnswer(name string) bool {
	return strings.HasPrefix(name, "upstream_") || strings.HasPrefix(name, "sent_") || name == "status"
}

// scriptInAnswer looks for a script that may change the answer of a guard on its way.
func (r *run) scriptInAnswer() {
	for _, name := range []string{"header_filter_by_lua", "header_filter_by_lua_block", "header_filter_by_lua_file"} {
		s := r.setting(name)
		if s.Name == "" {
			continue
		}
		if r.trace == nil {
			r.unsure(s.From, "%s may change what the guard says", s.Name)
		}
		is := Script{Why: "the script is not read"}
		if r.m.options.Script != nil {
			is = r.m.options.Script(s)
		}
		switch {
		case !is.OnlyRefuses:
			r.widen(s.From, "%s may change what the guard says: %s", s.Name, is.Why)
		case is.SetsStatus:
			r.widen(s.From, "%s changes what the guard says", s.Name)
		}
		r.scriptReads(s, is.Reads)
	}
}

func (r *run) luaAccess() int {
	return r.lua("access_by_lua")
}
