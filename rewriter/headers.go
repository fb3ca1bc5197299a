// SPDX-License-Identifier: Apache-2.0

package rewriter

import (
	"net/http"
	"strings"
)

// rewrittenHeaders carry URLs or origins that the browser acts on.
var rewrittenHeaders = [...]string{
	"Location", "Content-Location", "Refresh", "Link", "Access-Control-Allow-Origin",
	"Content-Security-Policy", "Content-Security-Policy-Report-Only", "Report-To", "Reporting-Endpoints",
	"Sourcemap", "X-Sourcemap", "Www-Authenticate", "X-Frame-Options", "Timing-Allow-Origin",
}

// hiddenHeaders tell a stranger about the upstream, or invite the browser round the
// proxy (Alt-Svc).
var hiddenHeaders = [...]string{"Server", "X-Powered-By", "X-Aspnet-Version", "Via", "Alt-Svc", "Proxy-Authenticate"}

// responseHeaders makes the header of an answer speak of external names only, and
// returns how many internal hosts it had to leave, counting the headers that it only
// reads.
func (r *Rewriter) responseHeaders(h http.Header) (residual int) {
	for _, name := range hiddenHeaders {
		h.Del(name)
	}
	rewritten := map[string]bool{}
	for _, name := range rewrittenHeaders {
		rewritten[name] = true
		values := h[name]
		for i, value := range values {
			var left int
			values[i], left = r.String(value)
			residual += left
		}
	}
	if cookies := h["Set-Cookie"]; len(cookies) > 0 {
		for i, cookie := range cookies {
			cookies[i] = secureCookie(cookie)
		}
	}
	for name, values := range h {
		if rewritten[name] {
			continue
		}
		for _, value := range values {
			residual += r.count(value)
		}
	}
	return residual
}

// count gives the internal hosts named in a value that is left as it is.
func (r *Rewriter) count(value string) int {
	rewritten, residual := r.String(value)
	if rewritten != value {
		residual++
	}
	return residual
}

// textHeaders drops what described the body before it was rewritten: its length and
// digests are wrong now, and a strong validator (RFC 9110 section 8.8.3) would
// promise bytes that the client never saw.
func textHeaders(h http.Header) {
	for _, name := range [...]string{"Content-Length", "Content-Md5", "Digest", "Content-Digest", "Repr-Digest", "Want-Digest", "Accept-Ranges"} {
		h.Del(name)
	}
	etag := h.Get("Etag")
	switch {
	case etag == "":
	case strings.HasPrefix(etag, "W/"):
	case len(etag) >= 2 && etag[0] == '"' && etag[len(etag)-1] == '"':
		h.Set("Etag", "W/"+etag)
	default:
		h.Del("Etag")
	}
}

// secureCookie removes Domain, which names the internal zone and would be refused by
// the browser or reach too far, and forces Secure. Everything else, an unknown
// attribute included, stays as it was.
func secureCookie(cookie string) string {
	parts := strings.Split(cookie, ";")
	kept, secure := parts[:1], false
	for _, part := range parts[1:] {
		name, _, _ := strings.Cut(part, "=")
		switch name = strings.Trim(name, " \t"); {
		case name == "", asciiEqualFold(name, "Domain"):
			continue
		case asciiEqualFold(name, "Secure"):
			secure = true
		}
		kept = append(kept, part)
	}
	out := strings.Join(kept, ";")
	if !secure {
		out += "; Secure"
	}
	return out
}

// droppedHeaders never reach an upstream from a client: they assert who the client
// is or where the request really goes, which is for this proxy to say, or they
// select an encoding or a range that cannot be rewritten.
var droppedHeaders = [...]string{
	"Accept-Encoding", "Range", "If-Range", "Expect", "Te", "Trailer",
	"Forwarded", "X-Client-Ip", "X-Real-Ip", "X-Cluster-Client-Ip", "True-Client-Ip", "Client-Ip",
	"Cf-Connecting-Ip", "Fastly-Client-Ip", "X-Originating-Ip", "X-Remote-Ip", "X-Remote-Addr",
	"X-Original-Url", "X-Rewrite-Url", "X-Original-Uri", "X-Original-Host", "X-Host", "X-Http-Host-Override",
	"X-Http-Method", "X-Http-Method-Override", "X-Method-Override", "Proxy", "Proxy-Connection",
	"Proxy-Authorization", "X-Ssl-Client-Cert", "X-Ssl-Client-Verify", "Ssl-Client-Cert",
}

// requestHeaders makes the header for the upstream: what the client may say, and
// what only this proxy may say about the client.
func requestHeaders(out, in http.Header, peer string, listener string) {
	for _, name := range droppedHeaders {
		out.Del(name)
	}
	for name := range out {
		if strings.HasPrefix(name, "X-Forwarded-") {
			delete(out, name)
		}
	}
	chain := strings.Join(append(append([]string(nil), in["X-Forwarded-For"]...), peer), ", ")
	out.Set("X-Forwarded-For", chain)
	out.Set("X-Forwarded-Port", listener)
	out.Set("X-Client-Ip", peer)
	out.Set("X-Real-Ip", peer)
}
