// SPDX-License-Identifier: Apache-2.0

package evidence

// HTTPOutcome is what became of a request. Only an answer proves anything.
type HTTPOutcome string

const (
	// HTTPAnswered: an HTTP status came.
	HTTPAnswered HTTPOutcome = "answered"
	// HTTPRefused: the connection was ended on purpose, without a status.
	HTTPRefused HTTPOutcome = "refused"
	// HTTPUnknown: no answer, or one that says nothing about the request, such
	// as 429. The reason tells which.
	HTTPUnknown HTTPOutcome = "unknown"
)

// Values lists the members of the enumeration, for the schema.
func (HTTPOutcome) Values() []string {
	return []string{string(HTTPAnswered), string(HTTPRefused), string(HTTPUnknown)}
}

// HTTPRefusal is how a request was refused without a status.
type HTTPRefusal string

const (
	RefusalNone     HTTPRefusal = "none"
	RefusalTLSAlert HTTPRefusal = "tls_alert"
	RefusalReset    HTTPRefusal = "reset"
	RefusalClosed   HTTPRefusal = "closed"
)

// Values lists the members of the enumeration, for the schema.
func (HTTPRefusal) Values() []string {
	return []string{string(RefusalNone), string(RefusalTLSAlert), string(RefusalReset), string(RefusalClosed)}
}

// HTTPRequestName says what a request is sent for.
type HTTPRequestName string

const (
	// RequestPage is an ordinary GET of a page or an open endpoint, with the
	// listener's own name.
	RequestPage HTTPRequestName = "page"
	// RequestHead and RequestOptions ask for "/" by another method.
	RequestHead    HTTPRequestName = "head"
	RequestOptions HTTPRequestName = "options"
	// RequestMissingPath asks for what no server has.
	RequestMissingPath HTTPRequestName = "missing_path"
	// RequestClosedPath asks for what a gate must not let through.
	RequestClosedPath HTTPRequestName = "closed_path"
	// RequestAnonymous asks, without credentials, for what needs them.
	RequestAnonymous HTTPRequestName = "anonymous"
	// RequestUserAgent comes from a program that is no browser, and
	// RequestReferer from a page of somebody else.
	RequestUserAgent HTTPRequestName = "user_agent"
	RequestReferer   HTTPRequestName = "referer"

	// Requests under other names. TLS names the listener itself unless the
	// request says otherwise.
	RequestUnknownHost    HTTPRequestName = "unknown_host"
	RequestAddressHost    HTTPRequestName = "address_host"
	RequestEmptyHost      HTTPRequestName = "empty_host"
	RequestNoHost         HTTPRequestName = "no_host"
	RequestNoHostHTTP10   HTTPRequestName = "no_host_http10"
	RequestOtherPort      HTTPRequestName = "other_port"
	RequestTwoHosts       HTTPRequestName = "two_hosts"
	RequestAbsoluteTarget HTTPRequestName = "absolute_target"
	// RequestHostNotSNI has the listener's own name in TLS and another one in
	// Host, RequestSNINotHost the other way round.
	RequestHostNotSNI       HTTPRequestName = "host_not_sni"
	RequestSNINotHost       HTTPRequestName = "sni_not_host"
	RequestUnknownSNI       HTTPRequestName = "unknown_sni"
	RequestNoSNI            HTTPRequestName = "no_sni"
	RequestNoSNIUnknownHost HTTPRequestName = "no_sni_unknown_host"

	// RequestPlain is a request in clear text to the listener's port.
	RequestPlain HTTPRequestName = "plain"
	// RequestWebSocket asks for a WebSocket without credentials, from the
	// listener's own origin and from a foreign one.
	RequestWebSocket        HTTPRequestName = "websocket"
	RequestForeignWebSocket HTTPRequestName = "websocket_foreign_origin"
)

// Values lists the members of the enumeration, for the schema.
func (HTTPRequestName) Values() []string {
	return []string{
		string(RequestPage), string(RequestHead), string(RequestOptions), string(RequestMissingPath),
		string(RequestClosedPath), string(RequestAnonymous), string(RequestUserAgent), string(RequestReferer),
		string(RequestUnknownHost), string(RequestAddressHost), string(RequestEmptyHost), string(RequestNoHost),
		string(RequestNoHostHTTP10), string(RequestOtherPort), string(RequestTwoHosts), string(RequestAbsoluteTarget),
		string(RequestHostNotSNI), string(RequestSNINotHost), string(RequestUnknownSNI), string(RequestNoSNI),
		string(RequestNoSNIUnknownHost), string(RequestPlain), string(RequestWebSocket), string(RequestForeignWebSocket),
	}
}

// HTTPListener is what one listener answered to a bounded set of requests.
type HTTPListener struct {
	// Target is "edge/NAME" or "node/NAME".
	Target string `json:"target"`
	// Subject is the listener: TARGET/listener/HOST:PORT.
	Subject string `json:"subject"`
	// Host and Port are as declared.
	Host string `json:"host"`
	Port int    `json:"port"`

	Requests []HTTPRequest `json:"requests"`
	// SystemHosts are the servers that the system information names, where a
	// listener gives it to anybody.
	SystemHosts []HTTPSystemHost `json:"system_hosts"`
	// Desktop is the configuration of the desktop, where a listener gives it to
	// anybody.
	Desktop HTTPDesktop `json:"desktop"`
	// Connections and Sent count what the listener was troubled with.
	Connections int    `json:"connections"`
	Sent        int    `json:"sent"`
	Source      Source `json:"source"`
}

// HTTPRequest is one request and what became of it.
type HTTPRequest struct {
	Name HTTPRequestName `json:"name"`
	// Control is the control that a closed path or another request serves;
	// empty where it serves several.
	Control string `json:"control"`
	Method  string `json:"method"`
	// Path is the request target as sent.
	Path string `json:"path"`
	// SNI is the name in TLS, empty when none was sent; Host is the Host field
	// as sent, empty also where it was left out.
	SNI  string `json:"sni"`
	Host string `json:"host"`

	Outcome HTTPOutcome `json:"outcome"`
	Refusal HTTPRefusal `json:"refusal"`
	// Reason explains an unknown outcome, or the alert of a refusal.
	Reason string `json:"reason"`
	// Status is 0 when none came.
	Status int `json:"status"`
	// Denied is set when the gate itself turned the request away for what it is,
	// and DeniedKnown when it is known whether it did. Where DeniedKnown is not
	// set, Denied means nothing: what is behind the gate may have said no, and then
	// the request was let through.
	//
	// Known is a refusal without a status, and 421 (with the User-Agent or the
	// Referer that is asked about also 412 and 417). So is 400 for what no server
	// may take (RFC 9112 section 3.2) or in answer to clear text, and 403, 404, 405
	// and 410 for another name than that under which the same path is served, and
	// all of these from a node, which has nothing behind it. Any
	// other 400, 403, 404, 405, 410 or 426 is, when it looks like one of these: by
	// the Server field, the type and the text, apart from what names the status. An
	// empty text looks like nothing.
	//
	// Not denied are 1xx, 2xx and 3xx, 401, which asks for credentials, 502 and 504,
	// which say that the request was passed on. All other statuses leave it open.
	Denied      bool `json:"denied"`
	DeniedKnown bool `json:"denied_known"`
	// Comparable is set for a request under another name when the same path
	// was not denied under the right name: only then does Denied say anything
	// about the name. It is set for all other requests.
	Comparable bool `json:"comparable"`

	Headers HTTPHeaders `json:"headers"`
	Cookies []Cookie    `json:"cookies"`
	// OddHead is set when the head had lines that are no fields. A browser may
	// read them as such: no header is known to be absent then.
	OddHead bool `json:"odd_head"`
	// BodyWhole is set when all of the body was read. Where it is not, what is
	// not found in it may still be there: StockPage, StockError, InternalNames
	// and a version in an error page prove presence only.
	BodyWhole bool `json:"body_whole"`
	// StockPage is set when the body is the page that a web server is
	// delivered with, StockError when it is a web server's own error page.
	StockPage  bool `json:"stock_page"`
	StockError bool `json:"stock_error"`
	// InternalNames are the names and addresses of declared nodes that stand
	// in the headers or in the first 256 KiB of the body.
	InternalNames []string `json:"internal_names"`
	Source        Source   `json:"source"`
}

// HTTPHeaders are the headers of an answer that rules look at. A header that
// came several times is joined by ", ", as its readers do. Values are cut at 512
// bytes. All are empty when no status came.
type HTTPHeaders struct {
	// Server and PoweredBy are as sent; ServerVersion is set when either, or a
	// web server's own error page, tells a version.
	Server        string `json:"server"`
	ServerVersion bool   `json:"server_version"`
	PoweredBy     string `json:"powered_by"`
	// HSTS is what a browser makes of Strict-Transport-Security.
	HSTS HSTS `json:"hsts"`
	// NoSniff is set when the first X-Content-Type-Options value is nosniff.
	NoSniff               bool   `json:"no_sniff"`
	ReferrerPolicy        string `json:"referrer_policy"`
	ContentSecurityPolicy string `json:"content_security_policy"`
	FrameOptions          string `json:"frame_options"`
	PermissionsPolicy     string `json:"permissions_policy"`
	CacheControl          string `json:"cache_control"`
	ContentType           string `json:"content_type"`
	Allow                 string `json:"allow"`
	// Location is without query, fragment, path parameters and user
	// information, which may hold a session, a code or a password.
	Location string `json:"location"`
	// Authenticate lists the schemes of WWW-Authenticate, without parameters.
	Authenticate []string `json:"authenticate"`
}

// HSTS is a Strict-Transport-Security header as RFC 6797 section 8.1 reads it:
// the first one counts, and a faulty one is none.
type HSTS struct {
	Present bool `json:"present"`
	// Valid is set when a browser would follow it.
	Valid             bool `json:"valid"`
	MaxAgeSeconds     int  `json:"max_age_seconds"`
	IncludeSubdomains bool `json:"include_subdomains"`
	Preload           bool `json:"preload"`
}

// Cookie is a cookie as it was set. Its value is never kept.
type Cookie struct {
	Name     string `json:"name"`
	Secure   bool   `json:"secure"`
	HTTPOnly bool   `json:"http_only"`
	// SameSite is lower-cased, empty when not given.
	SameSite string `json:"same_site"`
	Domain   string `json:"domain"`
}

// HTTPDesktop is the desktop's configuration as it comes through a listener.
type HTTPDesktop struct {
	// Known is whether it was given without credentials and could be read.
	// Nothing else here means anything while it is not.
	Known bool `json:"known"`
	// ProxyRequest is isProxyRequest: whether the desktop takes the request for
	// one that came through a proxy. Not known where it is not told.
	ProxyRequest Optional[bool] `json:"is_proxy_request"`
	// Hosts are the servers that it names.
	Hosts  []HTTPDesktopHost `json:"hosts"`
	Source Source            `json:"source"`
}

// HTTPDesktopHost is a server that the desktop's configuration names.
type HTTPDesktopHost struct {
	// Name is the field, such as "host" or "alternateHost".
	Name string `json:"name"`
	Host string `json:"host"`
	// Port is the one beside the host, 0 when none is.
	Port   int    `json:"port"`
	Source Source `json:"source"`
}

// HTTPSystemHost is a server that the system information names.
type HTTPSystemHost struct {
	// Role is "primary" or "secondary".
	Role string `json:"role"`
	Host string `json:"host"`
	// Port is the HTTPS port told beside it, 0 when none is.
	Port   int    `json:"port"`
	Source Source `json:"source"`
}
