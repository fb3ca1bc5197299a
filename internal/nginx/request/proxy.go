// SPDX-License-Identifier: Apache-2.0

package request

import (
	"net"
	"net/netip"
	"strings"

	"github.com/postern-audit/postern/internal/nginx"
)

// forward hands the request to an upstream.
func (r *run) forward(name string) phase {
	s := first(r.block.scope, name)
	if s.Name == "" {
		r.unsure(r.handler.Pos(), "%s is not in effect here", name)
	}
	if r.block.nameless && r.block.handler != nil && s.Origin == nginx.Explicit {
		r.unsure(s.From, "%s of an if or a limit_except is not modelled", name)
	}
	text := s.Arg(0)
	dynamic := strings.Contains(text, "$")
	if dynamic {
		text = r.text(text, s.From)
	}
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
	authority, uri := rest, ""
	if strings.HasPrefix(rest, "unix:") {
		if i := strings.IndexByte(rest[len("unix:"):], ':'); i >= 0 {
			authority, uri = rest[:len("unix:")+i], rest[len("unix:")+i+1:]
		}
	} else if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, uri = rest[:i], rest[i:]
	}
	if strings.HasPrefix(uri, "?") {
		if !dynamic {
			r.unsure(s.From, "%s with arguments and no path is not modelled", name)
		}
		uri = "/" + uri
	}
	path := r.upstreamPath(name, uri, dynamic, s.From)
	if path == "" {
		return r.fail(500, "an empty path to the upstream")
	}
	upstream := authority
	if ok {
		upstream = lower(scheme) + "://" + authority
	}
	peers, status := r.peers(authority, dynamic, s.From)
	if status != 0 {
		return r.fail(status, "the upstream "+authority+" has no address")
	}
	r.step(s.From, "%s %s gets %q", name, upstream, path)
	r.out = Outcome{Kind: Forwarded, Upstream: upstream, Peers: peers, Path: path}
	return done
}

// upstreamPath is the path that the upstream gets.
func (r *run) upstreamPath(name, uri string, dynamic bool, at nginx.Pos) string {
	web := name == "proxy_pass" || name == "grpc_pass"
	switch {
	case name == "proxy_pass" && dynamic && uri != "":
		return uri
	case web && uri == "" && r.asSent && !r.m.faults["as_sent"]:
		return r.unparsed
	}
	path, prefix := r.uri, ""
	if name == "proxy_pass" && uri != "" && !r.displaced {
		cut := len(r.block.path)
		if l := r.block.loc; l != nil && (l.Modifier == nginx.Regex || l.Modifier == nginx.RegexCaseless || l.Modifier == nginx.Named) {
			cut = 0
		}
		if cut > len(path) {
			r.unsure(at, "the path was rewritten to one that is shorter than its location")
		}
		path, prefix = path[cut:], uri
		if r.m.faults["cut"] {
			path = r.uri
		}
	}
	if web && (r.quoted || r.internal) && !r.m.faults["path_escape"] {
		path = escapeBytes(path, escapedInPath)
	}
	path = prefix + path
	if r.args != "" {
		path += "?" + r.args
	}
	return path
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
