// SPDX-License-Identifier: Apache-2.0

package http

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/postern-audit/postern/collectors/internal/exchange"
	"github.com/postern-audit/postern/internal/evidence"
)

// maxCookies bounds the cookies kept of one answer.
const maxCookies = 20

// describe makes a fact of a request and its answer.
func describe(r request, a exchange.Answer) evidence.HTTPRequest {
	fact := evidence.HTTPRequest{
		Name: r.name, Control: r.control, Method: r.Method, Path: r.Path, SNI: r.via.SNI, Host: r.host,
		Outcome: a.Outcome, Refusal: a.Refusal, Reason: exchange.Text(a.Reason), Status: a.Status,
		Comparable: !r.incomparable, Headers: headers(a), Cookies: cookies(a), Source: a.Source,
		OddHead: a.OddHead, BodyWhole: a.Status != 0 && a.BodyFault == "",
		StockPage:  contains(a.Body, stockPages),
		StockError: a.Status >= 400 && contains(a.Body, stockErrors),
	}
	if versionOnPage.Match(a.Body) && fact.StockError {
		fact.Headers.ServerVersion = true
	}
	if r.via.Clear {
		fact.SNI = ""
	}
	if a.Outcome == evidence.HTTPAnswered && (a.Status == 412 || a.Status == 417) && !aboutClient(r) {
		fact.Outcome = evidence.HTTPUnknown
		fact.Reason = "answered " + strconv.Itoa(a.Status) + ": turned away for its User-Agent or Referer, so this tells nothing about the request"
	}
	return fact
}

var (
	versionInHeader = regexp.MustCompile(`\d`)
	versionOnPage   = regexp.MustCompile(`(?i)(?:nginx|openresty|apache(?:[ -]tomcat|-coyote)?|tomcat|jetty|iis)/\d`)

	// stockPages are in the pages that web servers are delivered with,
	// stockErrors in their own error pages. Lower case.
	stockPages = []string{
		"welcome to nginx!", "welcome to openresty!", "test page for the nginx", "test page for the http server",
		"apache2 debian default page", "apache2 ubuntu default page", "<h1>it works!</h1>", "iis windows server",
	}
	stockErrors = []string{
		"<center>nginx", "<center>openresty", "<address>apache", "apache tomcat/", "<hr/>apache tomcat", "powered by jetty", "<i><small>powered by jetty",
	}
)

func contains(body []byte, marks []string) bool {
	lower := bytes.ToLower(body)
	for _, mark := range marks {
		if bytes.Contains(lower, []byte(mark)) {
			return true
		}
	}
	return false
}

func headers(a exchange.Answer) evidence.HTTPHeaders {
	get := func(name string) string {
		value, _ := a.Get(name)
		return exchange.Text(value)
	}
	h := evidence.HTTPHeaders{
		Server: get("Server"), PoweredBy: get("X-Powered-By"), HSTS: hsts(a.Values("Strict-Transport-Security")),
		ReferrerPolicy: get("Referrer-Policy"), ContentSecurityPolicy: get("Content-Security-Policy"),
		FrameOptions: get("X-Frame-Options"), PermissionsPolicy: get("Permissions-Policy"), CacheControl: get("Cache-Control"),
		ContentType: get("Content-Type"), Allow: get("Allow"),
	}
	h.ServerVersion = versionInHeader.MatchString(h.Server) || versionInHeader.MatchString(h.PoweredBy)
	// The Fetch standard looks at the first element only.
	sniffing, _, _ := strings.Cut(get("X-Content-Type-Options"), ",")
	h.NoSniff = strings.EqualFold(strings.Trim(sniffing, " \t"), "nosniff")
	location, _ := a.Get("Location")
	h.Location = exchange.Text(bareAddress(location))
	for _, challenge := range a.Values("WWW-Authenticate") {
		if scheme, _, _ := strings.Cut(challenge, " "); exchange.IsToken(scheme) && len(h.Authenticate) < maxCookies {
			h.Authenticate = append(h.Authenticate, exchange.Text(scheme))
		}
	}
	return h
}

// bareAddress leaves of an address what cannot be a secret: scheme, host, port
// and path without parameters (RFC 3986 section 3.3).
func bareAddress(address string) string {
	if end := strings.IndexAny(address, "?#"); end >= 0 {
		address = address[:end]
	}
	segments := strings.Split(address, "/")
	for i, segment := range segments {
		if end := strings.Index(strings.ToLower(segment), "%3b"); end >= 0 {
			segment = segment[:end]
		}
		segments[i], _, _ = strings.Cut(segment, ";")
	}
	if len(segments) > 2 && segments[1] == "" {
		segments[2] = segments[2][strings.LastIndexByte(segments[2], '@')+1:]
	}
	return strings.Join(segments, "/")
}

// hsts reads Strict-Transport-Security (RFC 6797 sections 6.1 and 8.1): the
// first field counts, each directive once, max-age must be there. A browser
// takes no notice of a field that is not like that.
func hsts(values []string) evidence.HSTS {
	if len(values) == 0 {
		return evidence.HSTS{}
	}
	h := evidence.HSTS{Present: true}
	seen := map[string]bool{}
	for directive := range strings.SplitSeq(values[0], ";") {
		name, value, hasValue := strings.Cut(directive, "=")
		name, value = strings.ToLower(strings.Trim(name, " \t")), strings.Trim(value, " \t")
		if name == "" && !hasValue {
			continue
		}
		if !exchange.IsToken(name) || seen[name] {
			return evidence.HSTS{Present: true}
		}
		seen[name] = true
		switch name {
		case "max-age":
			if len(value) >= 2 && strings.HasPrefix(value, `"`) && strings.HasSuffix(value, `"`) {
				value = value[1 : len(value)-1]
			}
			seconds, err := strconv.ParseUint(value, 10, 64)
			if err != nil && !isDigits(value) {
				return evidence.HSTS{Present: true}
			}
			h.Valid, h.MaxAgeSeconds = true, int(min(seconds, 1<<31-1))
		case "includesubdomains":
			h.IncludeSubdomains = !hasValue
		case "preload":
			h.Preload = !hasValue
		}
	}
	if !h.Valid {
		return evidence.HSTS{Present: true}
	}
	return h
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// cookies reads Set-Cookie fields without their values.
func cookies(a exchange.Answer) []evidence.Cookie {
	var out []evidence.Cookie
	for _, field := range a.Values("Set-Cookie") {
		if len(out) == maxCookies {
			break
		}
		pair, attributes, _ := strings.Cut(field, ";")
		name, _, ok := strings.Cut(pair, "=")
		if !ok {
			// A cookie without a name is a value.
			name = ""
		}
		c := evidence.Cookie{Name: exchange.Text(strings.Trim(name, " \t"))}
		for attribute := range strings.SplitSeq(attributes, ";") {
			key, value, _ := strings.Cut(attribute, "=")
			value = strings.ToLower(strings.Trim(value, " \t"))
			switch strings.ToLower(strings.Trim(key, " \t")) {
			case "secure":
				c.Secure = true
			case "httponly":
				c.HTTPOnly = true
			case "samesite":
				c.SameSite = exchange.Text(value)
			case "domain":
				c.Domain = exchange.Text(value)
			}
		}
		out = append(out, c)
	}
	return out
}
