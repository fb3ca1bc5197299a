// SPDX-License-Identifier: Apache-2.0

package framing

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/internal/evidence"
)

// Page is what a browser goes by when a page is about to be shown in a frame.
type Page struct {
	// Origin is where the page came from, serialised.
	Origin string
	// CSP and FrameOptions are the values of each Content-Security-Policy and
	// X-Frame-Options header. Content-Security-Policy-Report-Only stops nobody.
	CSP, FrameOptions []string
}

// MayEmbed tells whether a browser shows a page in a frame. Embedders are the
// origins of the documents around it, from its parent to the top; with none, the
// page is no frame. "null" is an opaque origin, which no source matches.
//
// Each embedder must match the frame-ancestors list of each policy that has one
// (CSP3 section 6.4.2). Only where no policy has one does X-Frame-Options count
// (HTML, "X-Frame-Options"). Where Chromium and CSP3 part, over ports of sources
// with the http scheme, the answer is yes when either says so: nobody should
// think himself protected.
func MayEmbed(p Page, embedders []string) bool {
	if len(embedders) == 0 {
		return true
	}
	lists, _ := ancestorLists(p.CSP)
	self, _ := parseOrigin(p.Origin)
	for _, text := range embedders {
		embedder, ok := parseOrigin(text)
		for _, list := range lists {
			if !ok || !slices.ContainsFunc(list, func(a evidence.FrameAncestor) bool { return matches(a, embedder, self) }) {
				return false
			}
		}
		if len(lists) > 0 {
			continue
		}
		switch frameOptions(p.FrameOptions) {
		case evidence.FrameOptionsDeny:
			return false
		case evidence.FrameOptionsSameOrigin:
			if !ok || embedder != self {
				return false
			}
		}
	}
	return true
}

// frameOptions reads X-Frame-Options: the values of all headers, taken apart at
// commas and made one set without regard to case. One known value counts. Of
// several, one known among them makes the page embeddable by nobody, and
// otherwise none counts.
func frameOptions(values []string) evidence.FrameOptions {
	if len(values) == 0 {
		return evidence.FrameOptionsAbsent
	}
	var set []string
	for element := range splitList(strings.Join(values, ", ")) {
		element = strings.ToLower(element)
		if !slices.Contains(set, element) {
			set = append(set, element)
		}
	}
	known := func(s string) bool { return s == "deny" || s == "allowall" || s == "sameorigin" }
	switch {
	case len(set) > 1 && slices.ContainsFunc(set, known):
		return evidence.FrameOptionsDeny
	case len(set) == 1 && set[0] == "deny":
		return evidence.FrameOptionsDeny
	case len(set) == 1 && set[0] == "sameorigin":
		return evidence.FrameOptionsSameOrigin
	}
	return evidence.FrameOptionsIgnored
}

// splitList is "get, decode, and split" of the Fetch standard: commas within
// quotes do not divide.
func splitList(value string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		from, quoted := 0, false
		for i := 0; i < len(value); i++ {
			switch {
			case value[i] == '"':
				quoted = !quoted
			case quoted && value[i] == '\\':
				i++
			case !quoted && value[i] == ',':
				if !yield(strings.Trim(value[from:i], " \t")) {
					return
				}
				from = i + 1
			}
		}
		yield(strings.Trim(value[from:], " \t"))
	}
}

// origin is a tuple origin; the port is never 0.
type origin struct {
	scheme, host string
	port         int
}

// parseOrigin reads a serialised origin; false for an opaque one and for what
// is none.
func parseOrigin(text string) (origin, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" || u.User != nil || u.Hostname() == "" {
		return origin{}, false
	}
	o := origin{scheme: strings.ToLower(u.Scheme), host: strings.ToLower(u.Hostname()), port: defaultPort(u.Scheme)}
	if u.Port() != "" {
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || n == 0 {
			return origin{}, false
		}
		o.port = int(n)
	}
	return o, o.port != 0
}

func defaultPort(scheme string) int {
	switch strings.ToLower(scheme) {
	case "http", "ws":
		return 80
	case "https", "wss":
		return 443
	}
	return 0
}

// matches tells whether a source matches an embedder (CSP3 sections 6.7.2.7 and
// following). An embedder is an origin, and its path "/": a source with a longer
// one matches nobody.
func matches(a evidence.FrameAncestor, embedder, self origin) bool {
	switch a.Kind {
	case evidence.AncestorAny:
		return embedder.scheme == "http" || embedder.scheme == "https" || embedder.scheme == self.scheme
	case evidence.AncestorScheme:
		return schemeMatches(a.Scheme, embedder.scheme)
	case evidence.AncestorSelf:
		return matchesSelf(embedder, self)
	case evidence.AncestorHost:
		scheme := a.Scheme
		if scheme == "" {
			scheme = self.scheme
		}
		return (a.Path == "" || a.Path == "/") && schemeMatches(scheme, embedder.scheme) && hostMatches(a.Host, embedder.host) && portMatches(a, embedder)
	}
	return false
}

// schemeMatches lets the secure form of a scheme stand for the clear one.
func schemeMatches(source, scheme string) bool {
	switch {
	case source == scheme:
		return true
	case source == "http" || source == "ws":
		return scheme == "https" || source == "ws" && (scheme == "wss" || scheme == "http")
	case source == "wss":
		return scheme == "https"
	}
	return false
}

func hostMatches(pattern, host string) bool {
	if pattern == "*" {
		return true
	}
	if suffix, wild := strings.CutPrefix(pattern, "*"); wild {
		return strings.HasSuffix(host, suffix)
	}
	return pattern == host
}

// portMatches compares ports; one that is not written is that of the embedder's
// scheme. Port 80 also stands for 443, since the scheme may be the secure one:
// browsers do so though CSP3 does not say it.
func portMatches(a evidence.FrameAncestor, embedder origin) bool {
	switch {
	case a.AnyPort || a.Port == embedder.port:
		return true
	case a.Port == 0:
		return embedder.port == defaultPort(embedder.scheme)
	}
	return a.Port == 80 && embedder.port == 443 && embedder.scheme == "https"
}

// matchesSelf is 'self': the same origin, or its secure form where both ports
// are those of their schemes.
func matchesSelf(embedder, self origin) bool {
	if embedder == self {
		return true
	}
	samePort := embedder.port == self.port || embedder.port == defaultPort(embedder.scheme) && self.port == defaultPort(self.scheme)
	return embedder.host == self.host && samePort && schemeMatches(self.scheme, embedder.scheme)
}
