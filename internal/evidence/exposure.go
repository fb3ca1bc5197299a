// SPDX-License-Identifier: Apache-2.0

package evidence

// DerivedFrom is the section that a derived one is made of, empty for a collected one.
func DerivedFrom(section string) string {
	if section == "exposure" {
		return "nginxrules"
	}
	return ""
}

// Exposure is what was proved of one edge's configuration: which requests reach an
// upstream. It is no part of collected evidence: every audit derives it anew.
type Exposure struct {
	// Target is "edge/NAME".
	Target string `json:"target"`
	// Surface is the name of the allowed surface.
	Surface string `json:"surface"`
	// Ways are the kinds of request that an upstream gets, each with one witness.
	Ways []ExposureWay `json:"ways"`
	// Escapes are the kinds of request for which a file outside of its folder is
	// answered.
	Escapes []ExposureWay `json:"escapes"`
	// Unreachable are allowed paths that no request reaches.
	Unreachable []UnreachablePath `json:"unreachable"`
	// Undecided is what may let other requests through.
	Undecided []UndecidedExposure `json:"undecided"`
	// Proved says that nothing but the surface gets through, with certainty.
	Proved bool `json:"proved"`
	// Directives is the number of directives that decide where requests go, Exact how
	// many of them are followed exactly.
	Directives int `json:"directives"`
	Exact      int `json:"exact"`
	// Widened are the others.
	Widened []Source `json:"widened"`
	// Source is where the configuration starts.
	Source Source `json:"source"`
}

// ExposureClass is what the surface says of a request that an upstream gets.
type ExposureClass string

// The classes.
const (
	ExposureAllowed    ExposureClass = "allowed"    // in the surface
	ExposureClosed     ExposureClass = "closed"     // named by the surface as closed
	ExposureOutside    ExposureClass = "outside"    // in no template of the surface
	ExposureAmbiguous  ExposureClass = "ambiguous"  // upstreams read the path in more than one way
	ExposureMethod     ExposureClass = "method"     // a path of the surface with another method
	ExposureUnassigned ExposureClass = "unassigned" // to an upstream that is no component
	ExposureChosen     ExposureClass = "chosen"     // to an upstream that the client names
	ExposureTunnel     ExposureClass = "tunnel"     // a path of the surface that may become another protocol
)

// Values lists the members of the enumeration.
func (ExposureClass) Values() []string {
	return []string{
		string(ExposureAllowed), string(ExposureClosed), string(ExposureOutside), string(ExposureAmbiguous),
		string(ExposureMethod), string(ExposureUnassigned), string(ExposureChosen), string(ExposureTunnel),
	}
}

// ExposureWay is a kind of request that gets somewhere.
type ExposureWay struct {
	// Subject is the server in charge, as the section nginxrules has it.
	Subject string `json:"subject"`
	// Socket is the listener, as "*:8445".
	Socket string        `json:"socket"`
	Class  ExposureClass `json:"class"`
	// Upstream is where the request goes; Component is the component of the surface
	// behind it, empty where there is none.
	Upstream  string `json:"upstream"`
	Component string `json:"component"`
	// Template is the allowed or closed path of the surface, Methods are those that it
	// allows there, and Why says why it is closed.
	Template string   `json:"template"`
	Methods  []string `json:"methods"`
	Why      string   `json:"why"`
	// Credentials says that the surface wants the client authenticated, Authenticated
	// that a guard on the way asks who it is.
	Credentials   bool `json:"credentials"`
	Authenticated bool `json:"authenticated"`
	// Guards let the request in.
	Guards []ExposureGuard `json:"guards"`
	// Limited says that only some client addresses get through, Unnamed that the Host
	// is none that clients are to use.
	Limited bool `json:"limited"`
	Unnamed bool `json:"unnamed"`
	// Request is the request line of the witness and Headers its headers, as sent;
	// bytes that cannot be printed are written as \xHH.
	Request string   `json:"request"`
	Headers []string `json:"headers"`
	// TLS says that the witness is sent over TLS, with SNI as the name of the
	// handshake; Client is the address that it comes from.
	TLS    bool   `json:"tls"`
	SNI    string `json:"sni"`
	Client string `json:"client"`
	// Sent is the path that the upstream gets, Reading what it understands by that,
	// File the file of an escape.
	Sent    string `json:"sent"`
	Reading string `json:"reading"`
	File    string `json:"file"`
	// Suppose is what the witness supposes: whether a file is there, what a guard says.
	Suppose []string `json:"suppose"`
	// Server and Location are the blocks in charge at the end, Block the first words of
	// Location, such as "location ^~ /desktop/", or "server" where there is none.
	Block    string `json:"block"`
	Server   Source `json:"server"`
	Location Source `json:"location"`
}

// ExposureGuard is a directive that may refuse a request.
type ExposureGuard struct {
	Name string `json:"name"`
	// Authenticates says that it asks who the client is.
	Authenticates bool   `json:"authenticates"`
	Source        Source `json:"source"`
}

// UnreachablePath is an allowed path that no request reaches.
type UnreachablePath struct {
	Component string   `json:"component"`
	Template  string   `json:"template"`
	Methods   []string `json:"methods"`
	// Source is the line of the surface.
	Source Source `json:"source"`
}

// UndecidedExposure is a part of the requests for which the outcome is not certain.
type UndecidedExposure struct {
	// Subject is the server in charge, or the edge where the reason concerns all.
	Subject string `json:"subject"`
	Socket  string `json:"socket"`
	Reason  string `json:"reason"`
	// Request is the request line of one of them; empty where the reason concerns all.
	Request string `json:"request"`
	// Source is the directive that is not followed exactly.
	Source Source `json:"source"`
}
