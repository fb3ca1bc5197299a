// SPDX-License-Identifier: Apache-2.0

package cors

import (
	"slices"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
)

// Preflight is what a page wants to send, as a browser asks beforehand.
type Preflight struct {
	// Origin is the page's, serialised, or "null".
	Origin string
	Method string
	// Headers are the names that a browser would not send unasked.
	Headers []string
	// Credentials is set when cookies and the like go with the request.
	Credentials bool
}

// MayRead tells whether a browser lets a page of an origin read an answer: the
// CORS check of the Fetch standard. Origins are compared byte by byte, several
// Access-Control-Allow-Origin headers make one value that equals none, and "*"
// does not count for a request with credentials. Credentials also need
// Access-Control-Allow-Credentials to be exactly "true".
func MayRead(a exchange.Answer, origin string, credentials bool) bool {
	allowed, ok := a.Get("Access-Control-Allow-Origin")
	if !ok {
		return false
	}
	if !credentials && allowed == "*" {
		return true
	}
	if allowed != origin {
		return false
	}
	if !credentials {
		return true
	}
	word, _ := a.Get("Access-Control-Allow-Credentials")
	return word == "true"
}

// MaySend tells whether a browser sends a request after a preflight was
// answered: the CORS-preflight fetch of the Fetch standard. The answer must
// pass the CORS check with a status from 200 to 299. Methods are compared with
// case, header names without. A list that cannot be parsed allows nothing, "*" in
// it everything, except Authorization and except with credentials. Chromium
// still lets "*" stand for Authorization, too.
func MaySend(a exchange.Answer, p Preflight) bool {
	if !MayRead(a, p.Origin, p.Credentials) || a.Status < 200 || a.Status > 299 {
		return false
	}
	methods, ok := tokens(a, "Access-Control-Allow-Methods")
	if !ok {
		return false
	}
	headers, ok := tokens(a, "Access-Control-Allow-Headers")
	if !ok {
		return false
	}
	wildcard := func(list []string) bool { return !p.Credentials && slices.Contains(list, "*") }
	safe := p.Method == "GET" || p.Method == "HEAD" || p.Method == "POST"
	if !safe && !slices.Contains(methods, p.Method) && !wildcard(methods) {
		return false
	}
	for _, name := range p.Headers {
		named := slices.ContainsFunc(headers, func(h string) bool { return strings.EqualFold(h, name) })
		if !named && (strings.EqualFold(name, "Authorization") || !wildcard(headers)) {
			return false
		}
	}
	return true
}

// tokens reads a list header whose elements are tokens; false when one is not.
func tokens(a exchange.Answer, name string) ([]string, bool) {
	list := exchange.Elements(a.Values(name))
	for _, element := range list {
		if !exchange.IsToken(element) {
			return nil, false
		}
	}
	return list, true
}
