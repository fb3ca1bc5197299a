// SPDX-License-Identifier: Apache-2.0

package request

import (
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// forward hands the request to an upstream.
func (r *run) forward(name string) phase {
	s := first(r.block.scope, name)
	if s.Name == "" {
		// One if has given the handler and another one, without an upstream, the settings.
		return r.fail(500, "no "+name+" where the request is")
	}
	target := constant(s.Arg(0))
	dynamic := strings.Contains(target.S, "$")
	if dynamic {
		target = r.text(target.S, s.From)
	}
	text := target.S
	scheme, rest, ok := strings.Cut(text, "://")
	switch {
	case name == "proxy_pass" && (!ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https")):
		return r.fail(500, "proxy_pass to something that is no URL")
	case !ok:
		rest = text
	}
	if strings.HasPrefix(rest, "unix:") && dynamic {
		r.unsure(s.From, "%s to %q is not modelled", name, text)
	}
	authority, uri := rest, Text{}
	if strings.HasPrefix(rest, "unix:") {
		if i := strings.IndexByte(rest[len("unix:"):], ':'); i >= 0 {
			authority, uri = rest[:len("unix:")+i], constant(rest[len("unix:")+i+1:])
		}
	} else {
		var host Text
		host, uri = r.authority(target, len(text)-len(rest), s.From)
		authority = host.S
		if r.trace != nil {
			r.trace.Authority = host
		}
	}
	r.ask(s.From, uri, answer(strings.HasPrefix(uri.S, "?")), func() Question { return starts('?') })
	if strings.HasPrefix(uri.S, "?") {
		if !dynamic {
			r.unsure(s.From, "%s with arguments and no path is not modelled", name)
		}
		uri = join(constant("/"), uri)
	}
	path := r.upstreamPath(name, uri, dynamic, s.From)
	if path == "" {
		return r.fail(500, "an empty path to the upstream")
	}
	upstream := authority
	if ok {
		upstream = lower(scheme) + "://" + authority
	}
	if r.trace != nil && !r.trace.Authority.Constant() {
		// The client has a say in where the request goes, so that no list is complete.
		r.step(s.From, "%s to an address that the request names", name)
		r.out = Outcome{Kind: Forwarded, Upstream: upstream, Path: path}
		return done
	}
	peers, status := r.peers(authority, dynamic, s.From)
	if status != 0 {
		return r.fail(status, "the upstream "+authority+" has no address")
	}
	r.step(s.From, "%s %s gets %q", name, upstream, path)
	r.out = Outcome{Kind: Forwarded, Upstream: upstream, Peers: peers, Path: path}
	return r.supposeAnswer(name, s.From)
}

// supposeAnswer goes on with answers that make nginx ask elsewhere: an error that it
// intercepts, and X-Accel-Redirect where there is something for answers only.
func (r *run) supposeAnswer(name string, at nginx.Pos) phase {
	if r.trace == nil || r.sub {
		return done
	}
	const usual, accel, toNamed = "as usual", "with X-Accel-Redirect", "with X-Accel-Redirect to "
	family := strings.TrimSuffix(name, "_pass")
	options := []string{usual}
	for _, status := range r.paged() {
		// nginx itself answers for an upstream that is down or slow.
		own := status == 500 || status == 502 || status == 504
		if word := "with " + strconv.Itoa(status); (own || status >= 300 && r.flag(family+"_intercept_errors")) && !slices.Contains(options, word) {
			options = append(options, word)
		}
	}
	ignored := r.setting(family + "_ignore_headers")
	srv := r.m.servers[r.server]
	if !r.redirected && len(srv.forAnswers)+len(srv.named) > 0 && !slices.ContainsFunc(ignored.Args, func(a string) bool { return strings.EqualFold(a, "X-Accel-Redirect") }) {
		options = append(options, accel)
		for _, n := range slices.Sorted(maps.Keys(srv.named)) {
			options = append(options, toNamed+n)
		}
	}
	if len(options) == 1 {
		return done
	}
	word := r.choose(at, "the upstream answers", options...)
	if named, ok := strings.CutPrefix(word, toNamed); ok {
		r.redirected = true
		return r.redirectNamed(constant(named), at)
	}
	switch word {
	case usual:
		return done
	case accel:
		r.redirected = true
		if r.method.S != "HEAD" {
			r.method = constant("GET")
		}
		path := r.trace.choices[AnswerPath]
		if path == "" {
			path = "/"
		}
		return r.redirectTo(r.input(AnswerPath, path), Text{})
	default:
		status, _ := strconv.Atoi(strings.TrimPrefix(word, "with "))
		return r.fail(status, "the upstream answers so")
	}
}

// upstreamPath is the path that the upstream gets.
func (r *run) upstreamPath(name string, uri Text, dynamic bool, at nginx.Pos) string {
	web := name == "proxy_pass" || name == "grpc_pass"
	switch {
	case name == "proxy_pass" && dynamic && uri.S != "":
		if len(uri.Pieces) == 1 && uri.Pieces[0].From != nil && uri.Pieces[0].From.Field == Target {
			// The upstream makes the same path of the target that nginx made.
			r.reads(r.input(Path, r.decoded), true)
		} else {
			r.reads(uri, false)
		}
		return uri.S
	case web && uri.S == "" && r.asSent && !r.m.faults["as_sent"]:
		// The upstream decodes what was sent as nginx did.
		r.reads(r.uri, true)
		return r.unparsed.S
	}
	path, prefix := r.uri, Text{}
	if name == "proxy_pass" && uri.S != "" && !r.displaced {
		cut := len(r.block.path)
		if l := r.block.loc; l != nil && (l.Modifier == nginx.Regex || l.Modifier == nginx.RegexCaseless || l.Modifier == nginx.Named) {
			cut = 0
		}
		if cut > len(path.S) {
			r.unsure(at, "nginx reads beyond the end of a path that is shorter than its location")
		}
		path, prefix = path.from(cut), uri
		if r.m.faults["cut"] {
			path = r.uri
		}
	}
	read := join(prefix, path)
	if l := r.block.loc; l != nil && !r.displaced && !r.replaced && l.Modifier == nginx.Exact {
		read = constant(read.S) // there is one path only
	} else if prefix.S == r.block.path && prefix.S != "" && !r.replaced {
		read = r.uri // what is cut off is put back
	}
	r.reads(read, true)
	sent := prefix.S + path.S
	if web && (r.quoted || r.internal || name == "grpc_pass") && !r.m.faults["path_escape"] {
		sent = prefix.S + apply(escape(escapedInPath), path.S)
	}
	if r.args.S != "" {
		sent += "?" + r.args.S
	}
	return sent
}

// reads notes what the upstream understands of the path that it gets.
func (r *run) reads(t Text, decoded bool) {
	if r.trace != nil {
		r.trace.Reading, r.trace.Decoded, r.trace.Method, r.trace.Host = t, decoded, r.method, r.host
		if s := r.setting("proxy_method"); s.Name != "" && r.handler != nil && r.handler.Name == "proxy_pass" {
			r.trace.Method = r.text(s.Arg(0), s.From)
		}
	}
}

// authority divides a URL behind its scheme, which ends at the given byte, into host
// and path.
func (r *run) authority(url Text, scheme int, at nginx.Pos) (host, uri Text) {
	rest := url.from(scheme)
	host, uri, _ = rest.split("/?")
	if r.trace != nil && !rest.Constant() && host.Constant() {
		// What stands behind the host is the path in each request that begins it so.
		r.ask(at, rest.from(len(host.S)), 0, func() Question { return begins("/?") })
	}
	return host, uri
}

// peers are the addresses behind a name, or the status that nginx answers when it
// finds none.
func (r *run) peers(authority string, dynamic bool, at nginx.Pos) (list []string, status int) {
	if u := r.m.groups[authority]; u != nil {
		for _, s := range u.Servers {
			list = append(list, s.Address)
		}
		return list, 0
	}
	for name, u := range r.m.groups {
		if strings.EqualFold(name, authority) {
			r.unsure(u.Pos, "the upstream %q is written in another case", name)
		}
	}
	if !dynamic {
		return []string{authority}, 0
	}
	host, port, err := net.SplitHostPort(authority)
	if err != nil {
		host, port = authority, ""
	}
	if host == "" || strings.ContainsAny(authority, " \t\r\n\"<>\\^`{|}") {
		r.unsure(at, "the upstream %q is not modelled", authority)
	}
	if port != "" && strings.Trim(port, "0123456789") != "" {
		return nil, 500
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return []string{authority}, 0
	}
	if s := r.setting("resolver"); s.Name != "" {
		return []string{authority}, 0
	}
	return nil, 502
}
