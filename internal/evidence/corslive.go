// SPDX-License-Identifier: Apache-2.0

package evidence

// CORSOriginKind says why an origin was tried.
type CORSOriginKind string

const (
	// OriginDeclared is the origin of a declared listener of the target, or of
	// an integration. The listener's own origin comes first.
	OriginDeclared CORSOriginKind = "declared"
	// OriginForeign has nothing to do with the site.
	OriginForeign CORSOriginKind = "foreign"
	// OriginNull is what a sandboxed frame or a local file sends.
	OriginNull CORSOriginKind = "null"
	// The others are made from the listener's own origin: with http, with a
	// foreign domain appended, with a foreign label stuck to the front, with a
	// label before it, with another port, and in upper case.
	OriginClearText CORSOriginKind = "clear_text"
	OriginSuffix    CORSOriginKind = "suffix"
	OriginPrefix    CORSOriginKind = "prefix"
	OriginSubdomain CORSOriginKind = "subdomain"
	OriginOtherPort CORSOriginKind = "other_port"
	OriginUpperCase CORSOriginKind = "upper_case"
)

// Values lists the members of the enumeration, for the schema.
func (CORSOriginKind) Values() []string {
	return []string{
		string(OriginDeclared), string(OriginForeign), string(OriginNull), string(OriginClearText), string(OriginSuffix),
		string(OriginPrefix), string(OriginSubdomain), string(OriginOtherPort), string(OriginUpperCase),
	}
}

// CORSRequestKind is how a listener was asked.
type CORSRequestKind string

const (
	// CORSPreflight asks beforehand, with OPTIONS.
	CORSPreflight CORSRequestKind = "preflight"
	// CORSSimple is a GET that a browser sends without asking beforehand.
	CORSSimple CORSRequestKind = "simple"
)

// Values lists the members of the enumeration, for the schema.
func (CORSRequestKind) Values() []string {
	return []string{string(CORSPreflight), string(CORSSimple)}
}

// CORSListener is what one listener answered to cross-origin requests.
type CORSListener struct {
	// Target is "edge/NAME" or "node/NAME".
	Target string `json:"target"`
	// Subject is the listener: TARGET/listener/HOST:PORT.
	Subject string `json:"subject"`
	// Host and Port are as declared.
	Host string `json:"host"`
	Port int    `json:"port"`
	// Path is what was asked for: the first of a few well-known ones that
	// answered cross-origin, else that was not turned away.
	Path string `json:"path"`
	// PathProven is set when a declared origin was let in at Path. Where it is
	// not, that others were not let in may be for the path, the method or the
	// client: then it is known only of answers that name an origin themselves.
	PathProven bool         `json:"path_proven"`
	Answers    []CORSAnswer `json:"answers"`
	// DeclaredLeftOut counts declared origins beyond the number that is tried.
	DeclaredLeftOut int `json:"declared_left_out"`
	// Connections and Sent count what the listener was troubled with.
	Connections int    `json:"connections"`
	Sent        int    `json:"sent"`
	Source      Source `json:"source"`
}

// CORSAnswer is the answer to one request with an Origin.
type CORSAnswer struct {
	Origin     string          `json:"origin"`
	OriginKind CORSOriginKind  `json:"origin_kind"`
	Request    CORSRequestKind `json:"request"`
	Path       string          `json:"path"`
	// RequestMethod and RequestHeaders are what a preflight asks leave for.
	RequestMethod  string   `json:"request_method"`
	RequestHeaders []string `json:"request_headers"`

	Outcome HTTPOutcome `json:"outcome"`
	Refusal HTTPRefusal `json:"refusal"`
	Reason  string      `json:"reason"`
	Status  int         `json:"status"`
	// AllowOrigin holds each Access-Control-Allow-Origin header as sent. More
	// than one, or one with a list, lets nobody in. The other lists are the
	// headers' comma separated elements.
	AllowOrigin      []string      `json:"allow_origin"`
	AllowCredentials []string      `json:"allow_credentials"`
	AllowMethods     []string      `json:"allow_methods"`
	AllowHeaders     []string      `json:"allow_headers"`
	ExposeHeaders    []string      `json:"expose_headers"`
	MaxAgeSeconds    Optional[int] `json:"max_age_seconds"`
	// VaryOrigin is set when caches keep answers to different origins apart.
	VaryOrigin bool `json:"vary_origin"`
	// OddHead is set when the head had lines that are no fields. A browser may
	// read them as such, so nothing is known of what it allows.
	OddHead bool `json:"odd_head"`
	// Allows says what the answer lets a page of the origin do, method by method.
	// None when the outcome is unknown.
	Allows []CORSAllowance `json:"allows"`
	// BrowserAllows is whether the answer lets a page of the origin do anything
	// at all with credentials, and BrowserAllowsAnonymous without. They are known
	// to be false only of what was asked: when a declared origin was let in by an
	// answer to the same request, or the answer names an origin and it is another
	// one. Neither is known after 401, 412, 417 and 5xx without such a name.
	BrowserAllows          Optional[bool] `json:"browser_allows"`
	BrowserAllowsAnonymous Optional[bool] `json:"browser_allows_anonymous"`
	Source                 Source         `json:"source"`
}

// CORSAllowance is whether a browser sends one kind of request after a
// preflight, or lets a page read the answer to a GET that needs none.
type CORSAllowance struct {
	// Method is GET, POST or PUT.
	Method string `json:"method"`
	// CustomHeaders is set for a request with all the header fields that the
	// preflights ask for (authorization, content-type, requestid); else it has
	// none that need leave.
	CustomHeaders bool `json:"custom_headers"`
	// WithCredentials and Anonymous are whether it is let with credentials and
	// without. False is known only of the method that was asked for, since a list
	// may be made for the request.
	WithCredentials Optional[bool] `json:"with_credentials"`
	Anonymous       Optional[bool] `json:"anonymous"`
}
