// SPDX-License-Identifier: Apache-2.0

package framing_test

import (
	"testing"

	"github.com/postern-audit/postern/collectors/framing"
)

// embedCase is a page, the documents around it, and what a browser does. The
// page is https://page.example where nothing else is said, its embedder
// https://a.example.
type embedCase struct {
	name         string
	csp          []string
	frameOptions []string
	page         string
	chain        []string
	want         bool
	// apart says why Chromium is not asked, or why it answers otherwise.
	apart string
}

func (c embedCase) embedders() []string {
	if c.chain == nil {
		return []string{"https://a.example"}
	}
	return c.chain
}

func (c embedCase) origin() string {
	if c.page == "" {
		return "https://page.example"
	}
	return c.page
}

func csp(values ...string) []string { return values }

var (
	self    = []string{"https://page.example"}
	clear   = []string{"http://a.example"}
	port    = []string{"https://a.example:8445"}
	sub     = []string{"https://x.a.example"}
	foreign = []string{"https://b.example"}
)

var embedCases = []embedCase{
	{name: "no header lets anybody", want: true},
	{name: "a policy without frame-ancestors lets anybody", csp: csp("img-src 'self'"), want: true},
	{name: "none lets nobody", csp: csp("frame-ancestors 'none'")},
	{name: "none lets not even the page itself", csp: csp("frame-ancestors 'none'"), chain: self},
	{name: "none in capitals is none", csp: csp("frame-ancestors 'NONE'")},
	{name: "none beside a host does not count", csp: csp("frame-ancestors 'none' https://a.example"), want: true},
	{name: "an empty list lets nobody", csp: csp("frame-ancestors")},
	{name: "an empty list before a semicolon lets nobody", csp: csp("frame-ancestors ; img-src *")},
	{name: "self lets the page itself", csp: csp("frame-ancestors 'self'"), chain: self, want: true},
	{name: "self lets nobody else", csp: csp("frame-ancestors 'self'")},
	{name: "self without quotes is a host", csp: csp("frame-ancestors self"), chain: self},
	{name: "self does not let another port", csp: csp("frame-ancestors 'self'"), chain: []string{"https://page.example:8445"}},
	{name: "self does not let the clear form", csp: csp("frame-ancestors 'self'"), chain: []string{"http://page.example"}},
	{name: "self of a clear page lets the secure form", csp: csp("frame-ancestors 'self'"), page: "http://page.example", chain: self, want: true, apart: "it does not show a clear page in a secure one"},
	{name: "self of a clear page lets the clear page", csp: csp("frame-ancestors 'self'"), page: "http://page.example", chain: []string{"http://page.example"}, want: true},
	{name: "an origin lets itself", csp: csp("frame-ancestors https://a.example"), want: true},
	{name: "an origin lets no other", csp: csp("frame-ancestors https://a.example"), chain: foreign},
	{name: "an origin lets no subdomain", csp: csp("frame-ancestors https://a.example"), chain: sub},
	{name: "an origin lets no other port", csp: csp("frame-ancestors https://a.example"), chain: port},
	{name: "an origin does not let its clear form", csp: csp("frame-ancestors https://a.example"), chain: clear},
	{name: "an origin in capitals counts", csp: csp("FRAME-ANCESTORS HTTPS://A.EXAMPLE"), want: true},
	{name: "a port that is written lets that port", csp: csp("frame-ancestors https://a.example:8445"), chain: port, want: true},
	{name: "a port that is written does not let another", csp: csp("frame-ancestors https://a.example:8445")},
	{name: "port 443 is the port of https", csp: csp("frame-ancestors https://a.example:443"), want: true},
	{name: "any port lets a port", csp: csp("frame-ancestors https://a.example:*"), chain: port, want: true},
	{name: "any port lets the usual one", csp: csp("frame-ancestors https://a.example:*"), want: true},
	{name: "an http source lets the https form", csp: csp("frame-ancestors http://a.example"), want: true},
	{name: "an http source lets the http form", csp: csp("frame-ancestors http://a.example"), chain: clear, want: true},
	{name: "port 80 lets the https form at 443", csp: csp("frame-ancestors http://a.example:80"), want: true},
	{name: "an http source with another port needs that port", csp: csp("frame-ancestors http://a.example:8445"), chain: port, want: true, apart: "it wants the port to change with the scheme, unlike CSP3"},
	{name: "a host without scheme takes the page's", csp: csp("frame-ancestors a.example"), want: true},
	{name: "a host without scheme does not let the clear form of a secure page", csp: csp("frame-ancestors a.example"), chain: clear},
	{name: "a host without scheme of a clear page lets both", csp: csp("frame-ancestors a.example"), page: "http://page.example", chain: clear, want: true},
	{name: "a host with port and without scheme", csp: csp("frame-ancestors a.example:8445"), chain: port, want: true},
	{name: "a wildcard lets a subdomain", csp: csp("frame-ancestors https://*.a.example"), chain: sub, want: true},
	{name: "a wildcard lets a subdomain of a subdomain", csp: csp("frame-ancestors https://*.example"), chain: sub, want: true},
	{name: "a wildcard does not let the bare domain", csp: csp("frame-ancestors https://*.a.example")},
	{name: "a wildcard does not let a name that only ends alike", csp: csp("frame-ancestors https://*.a.example"), chain: []string{"https://evil-a.example"}},
	{name: "a wildcard inside a name is no source", csp: csp("frame-ancestors https://a.*.example")},
	{name: "a wildcard that is part of a label is no source", csp: csp("frame-ancestors https://a*.example")},
	{name: "a star lets anybody", csp: csp("frame-ancestors *"), want: true},
	{name: "a star lets the clear form", csp: csp("frame-ancestors *"), chain: clear, want: true},
	{name: "a star lets any port", csp: csp("frame-ancestors *"), chain: port, want: true},
	{name: "a star as host lets the usual port only", csp: csp("frame-ancestors https://*"), chain: port},
	{name: "a star as host lets any name", csp: csp("frame-ancestors https://*"), want: true},
	{name: "stars for host and port let any", csp: csp("frame-ancestors https://*:*"), chain: port, want: true},
	{name: "a star with a port", csp: csp("frame-ancestors *:8445"), chain: port, want: true},
	{name: "a scheme lets all of it", csp: csp("frame-ancestors https:"), chain: port, want: true},
	{name: "a scheme lets no other", csp: csp("frame-ancestors https:"), chain: clear},
	{name: "the clear scheme lets the secure one", csp: csp("frame-ancestors http:"), want: true},
	{name: "another scheme lets nobody", csp: csp("frame-ancestors data:")},
	{name: "a path matches no origin", csp: csp("frame-ancestors https://a.example/embed/")},
	{name: "a final slash means nothing", csp: csp("frame-ancestors https://a.example/"), want: true},
	{name: "a query is not part of a source", csp: csp("frame-ancestors https://a.example/?x=1"), want: true},
	{name: "a keyword that means nothing here lets nobody", csp: csp("frame-ancestors 'unsafe-inline'")},
	{name: "an unknown word does not spoil the rest", csp: csp("frame-ancestors 'bogus' %%% https://a.example"), want: true},
	{name: "a host with an underscore is no source", csp: csp("frame-ancestors https://a_b.example"), chain: []string{"https://a_b.example"}},
	{name: "a port that is no number is no source", csp: csp("frame-ancestors https://a.example:x")},
	{name: "an address lets itself", csp: csp("frame-ancestors https://192.0.2.7"), chain: []string{"https://192.0.2.7"}, want: true},
	{name: "tabs and many spaces divide", csp: csp("  frame-ancestors\t'self'   https://a.example  "), want: true},
	{name: "the first directive of a name counts", csp: csp("frame-ancestors 'none'; frame-ancestors https://a.example")},
	{name: "a directive after others counts", csp: csp("default-src 'none'; ;; script-src 'unsafe-inline'; frame-ancestors https://a.example"), want: true},
	{name: "default-src does not stand for frame-ancestors", csp: csp("default-src 'none'; script-src 'unsafe-inline'"), want: true},
	{name: "two headers must both let", csp: csp("frame-ancestors https://a.example", "frame-ancestors https://b.example")},
	{name: "two headers that both let", csp: csp("frame-ancestors https://a.example", "frame-ancestors *"), want: true},
	{name: "two policies in one header must both let", csp: csp("frame-ancestors https://a.example, frame-ancestors 'none'")},
	{name: "a comma in a list ends the policy", csp: csp("frame-ancestors https://a.example, https://b.example"), chain: foreign},
	{name: "a comma in a list leaves the first", csp: csp("frame-ancestors https://a.example, https://b.example"), want: true},
	{name: "a policy without the directive adds nothing", csp: csp("frame-ancestors https://a.example", "img-src 'none'"), want: true},
	{name: "a directive that is not ASCII is skipped", csp: csp("frame-ancestors https://ä.example; img-src *"), want: true},
	{name: "every document above must be let", csp: csp("frame-ancestors https://a.example"), chain: []string{"https://a.example", "https://b.example"}},
	{name: "every document above is let", csp: csp("frame-ancestors https://a.example https://b.example"), chain: []string{"https://a.example", "https://b.example"}, want: true},
	{name: "the parent alone is not enough the other way round", csp: csp("frame-ancestors https://b.example"), chain: []string{"https://a.example", "https://b.example"}},
	{name: "an opaque document above is not let by a star", csp: csp("frame-ancestors *"), chain: []string{"null", "https://a.example"}},
	{name: "an opaque document above without policy is let", chain: []string{"null", "https://a.example"}, want: true},

	{name: "deny lets nobody", frameOptions: csp("DENY")},
	{name: "deny in any case", frameOptions: csp("dEnY"), chain: self},
	{name: "same origin lets the page itself", frameOptions: csp("SAMEORIGIN"), chain: self, want: true},
	{name: "same origin lets nobody else", frameOptions: csp("SAMEORIGIN")},
	{name: "same origin lets no other port", frameOptions: csp("SAMEORIGIN"), chain: []string{"https://page.example:8445"}},
	{name: "same origin wants it all the way up", frameOptions: csp("SAMEORIGIN"), chain: []string{"https://page.example", "https://a.example"}},
	{name: "same origin twice is once", frameOptions: csp("SAMEORIGIN", "sameorigin"), chain: self, want: true},
	{name: "same origin and deny is deny", frameOptions: csp("SAMEORIGIN", "DENY"), chain: self},
	{name: "same origin and deny in one header is deny", frameOptions: csp("SAMEORIGIN, DENY"), chain: self},
	{name: "allow-from does not count", frameOptions: csp("ALLOW-FROM https://b.example"), want: true},
	{name: "allow-from beside deny is deny", frameOptions: csp("ALLOW-FROM https://a.example, DENY")},
	{name: "allowall lets anybody", frameOptions: csp("ALLOWALL"), want: true},
	{name: "allowall beside an unknown word is deny", frameOptions: csp("ALLOWALL, x")},
	{name: "a semicolon makes the value unknown", frameOptions: csp("SAMEORIGIN;"), want: true},
	{name: "two unknown values do not count", frameOptions: csp("x", "y"), want: true},
	{name: "an empty value does not count", frameOptions: csp(""), want: true},
	{name: "an empty element beside deny is deny", frameOptions: csp("DENY,")},
	{name: "quotes make the value unknown", frameOptions: csp(`"DENY"`), want: true},
	{name: "frame-ancestors overrides deny", csp: csp("frame-ancestors https://a.example"), frameOptions: csp("DENY"), want: true},
	{name: "frame-ancestors overrides same origin", csp: csp("frame-ancestors 'none'"), frameOptions: csp("SAMEORIGIN"), chain: self},
	{name: "a policy without frame-ancestors does not override deny", csp: csp("img-src *"), frameOptions: csp("DENY")},
	{name: "an empty frame-ancestors overrides too", csp: csp("frame-ancestors"), frameOptions: csp("ALLOWALL")},
}

func TestMayEmbedAnswersAsABrowser(t *testing.T) {
	for _, c := range embedCases {
		t.Run(c.name, func(t *testing.T) {
			page := framing.Page{Origin: c.origin(), CSP: c.csp, FrameOptions: c.frameOptions}
			if got := framing.MayEmbed(page, c.embedders()); got != c.want {
				t.Errorf("%q %q in %q: %v, want %v", c.csp, c.frameOptions, c.embedders(), got, c.want)
			}
		})
	}
}

func TestWhatIsNoFrameIsShown(t *testing.T) {
	if !framing.MayEmbed(framing.Page{Origin: "https://page.example", CSP: csp("frame-ancestors 'none'")}, nil) {
		t.Error("a page at the top is no frame")
	}
}
