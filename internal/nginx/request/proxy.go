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
	if status := r.body(s.From, 400, 413); status != 0 {
		return r.fail(status, "the body of the request")
	}
	family := strings.TrimSuffix(name, "_pass")
	r.touchAll(family + "_set_body")
	r.touchAll(family+"_set_header", family+"_param")
	r.writesHeaders(family)
	r.frames(family, authority)
	r.params(family)
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
	peers, status := r.peers(scheme, authority, dynamic, s.From)
	if status != 0 {
		return r.fail(status, "the upstream "+authority+" has no address")
	}
	r.step(s.From, "%s %s gets %q", name, upstream, path)
	r.out = Outcome{Kind: Forwarded, Upstream: upstream, Peers: peers, Path: path}
	r.lost = r.lost || r.setting(family+"_request_buffering").Arg(0) == "off"
	return r.supposeAnswer(name, s.From)
}

// supposeAnswer goes on with answers that make nginx ask elsewhere: an error that it
// intercepts, and X-Accel-Redirect where there is something for answers only.
func (r *run) supposeAnswer(name string, at nginx.Pos) phase {
	if r.trace == nil {
		return done
	}
	const usual, accel, toNamed = "as usual", "with X-Accel-Redirect", "with X-Accel-Redirect to "
	family := strings.TrimSuffix(name, "_pass")
	options := []string{usual}
	for _, status := range r.paged() {
		if r.sub && !r.letsIn(status) {
			continue
		}
		caught := status >= 300 && r.flag(family+"_intercept_errors")
		if word := "with " + strconv.Itoa(status); (caught || r.answersItself(family, status)) && !slices.Contains(options, word) {
			options = append(options, word)
		}
	}
	ignored := r.setting(family + "_ignore_headers")
	srv := r.m.servers[r.server]
	targets := srv.forAnswers
	if r.sub {
		targets = srv.unnamed // a guard is not expected to answer with what is there for others
	}
	named := slices.DeleteFunc(slices.Sorted(maps.Keys(srv.named)), func(n string) bool { return r.sub && !slices.Contains(targets, srv.named[n]) })
	leads := len(targets)+len(named) > 0 || !r.sub && r.m.carries()
	if !r.redirected && leads && !slices.ContainsFunc(ignored.Args, func(a string) bool { return strings.EqualFold(a, "X-Accel-Redirect") }) {
		options = append(options, accel)
		for _, n := range named {
			options = append(options, toNamed+n)
		}
	}
	if len(options) == 1 {
		return done
	}
	word := r.choose(at, "the upstream answers", options...)
	if named, ok := strings.CutPrefix(word, toNamed); ok {
		r.redirected, r.elsewhere = true, true
		return r.redirectNamed(constant(named), at)
	}
	switch word {
	case usual:
		return done
	case accel:
		r.redirected, r.elsewhere = true, true
		r.ask(at, r.method, answer(r.method.S == "HEAD"), func() Question { return oneOf("HEAD") })
		if r.method.S != "HEAD" {
			r.method = constant("GET")
		}
		field := r.trace.again(AnswerPath)
		path := r.trace.choices[field]
		if path == "" {
			path = "/"
		}
		query := r.trace.again(answerArguments)
		return r.redirectTo(r.input(field, path), r.input(query, r.trace.choices[query]))
	default:
		status, _ := strconv.Atoi(strings.TrimPrefix(word, "with "))
		return r.fail(status, "the upstream answers so")
	}
}

// answersItself reports whether nginx may put a status in the place of an upstream's
// answer: for one that is down or slow, and where it looks itself at what the headers of the
// request ask of an answer.
func (r *run) answersItself(family string, status int) bool {
	switch status {
	case 500, 502, 504:
		return true
	case 412:
		return !r.sub && r.caches(family)
	case 416:
		return !r.sub && (r.caches(family) || r.flag(family+"_force_ranges"))
	}
	return false
}

// caches reports whether answers of upstreams may be kept.
func (r *run) caches(family string) bool {
	s := r.setting(family + "_cache")
	return s.Name != "" && s.Arg(0) != "off"
}

// letsIn reports whether an error in a subrequest may lead to an answer that lets the
// request in: most pages keep the status.
func (r *run) letsIn(status int) bool {
	if r.flag("recursive_error_pages") {
		return true
	}
	for _, s := range r.block.scope.Get("error_page") {
		if page, ok := readErrorPage(s); ok && slices.Contains(page.statuses, status) {
			return page.status == 0 || page.status >= 200 && page.status < 300
		}
	}
	return false
}

// body supposes what nginx finds wrong with a body, when it first reads it or throws it
// away: it is not in the form that the head announces, or longer than allowed.
func (r *run) body(at nginx.Pos, statuses ...int) int {
	if r.sub || r.taken || r.discarded {
		return 0
	}
	r.taken = true
	status := r.suppose(at, "the body ends", "as usual", statuses...)
	r.lost = r.lost || status != 0
	return status
}

// upstreamPath is the path that the upstream gets.
func (r *run) upstreamPath(name string, uri Text, dynamic bool, at nginx.Pos) string {
	web := name == "proxy_pass" || name == "grpc_pass"
	r.writes(Text{})
	switch {
	case name == "proxy_pass" && dynamic && uri.S != "":
		if len(uri.Pieces) == 1 && uri.Pieces[0].From != nil && uri.Pieces[0].From.Field == Target {
			r.readsTarget(uri)
		} else {
			r.reads(uri, false)
			r.writes(uri)
		}
		return uri.S
	case web && uri.S == "" && r.asSent && !r.m.faults["as_sent"]:
		r.readsTarget(r.unparsed)
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
	before, plain := r.understood(prefix.S, at)
	read := join(constant(before), path)
	if l := r.block.loc; l != nil && !r.displaced && !r.replaced && l.Modifier == nginx.Exact {
		read = constant(read.S) // there is one path only
	} else if plain && prefix.S == r.block.path && prefix.S != "" && !r.replaced {
		read = r.uri // what is cut off is put back
	}
	r.reads(read, true)
	if name == "proxy_pass" {
		r.writes(r.args)
	}
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
		r.trace.AsSent = Text{}
		r.trace.Reading, r.trace.Decoded, r.trace.Method, r.trace.Host = t, decoded, r.method, r.host
		if s := r.setting("proxy_method"); s.Name != "" && r.handler != nil && r.handler.Name == "proxy_pass" {
			r.trace.Method = r.text(s.Arg(0), s.From)
		}
	}
}

// readsTarget notes that the upstream gets the target as it was sent, whatever file or
// location nginx has found for it since. It makes the path of it that nginx made, as long
// as both understand its segments alike.
func (r *run) readsTarget(target Text) {
	r.reads(r.input(Path, r.decoded), true)
	if r.trace != nil {
		r.trace.AsSent = target
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

// group is the upstream block of a name; nginx looks for none where there is a port.
func (m *Model) group(authority string) *nginx.Upstream {
	if strings.Contains(authority, ":") {
		return nil
	}
	return m.groups[lower(authority)]
}

// peers are the addresses behind a name, or the status that nginx answers when it
// finds none.
func (r *run) peers(scheme, authority string, dynamic bool, at nginx.Pos) (list []string, status int) {
	if u := r.m.group(authority); u != nil {
		for _, s := range u.Own() {
			if strings.HasPrefix(s.Name, "balancer_by_lua") || !s.Known && !isHarmless(s.Name) {
				r.unsure(s.From, "%s decides which server of the upstream %s is asked", s.Name, u.Name)
			}
			for _, text := range s.Args {
				r.touch(text, s.From) // the key of hash
			}
		}
		for _, s := range u.Servers {
			list = append(list, s.Address)
		}
		return list, 0
	}
	if !dynamic || r.m.passed[hostAndPort(scheme, authority)] {
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
