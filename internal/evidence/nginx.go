// SPDX-License-Identifier: Apache-2.0

package evidence

// NginxRules is the effective configuration of one edge.
type NginxRules struct {
	// Target is "edge/NAME".
	Target string `json:"target"`
	// Version is the nginx core version, such as "1.22.1", where known.
	Version Optional[string] `json:"version"`
	// Flavour is "nginx" or "openresty" where known, else empty.
	Flavour  string          `json:"flavour"`
	Files    []ConfigFile    `json:"files"`
	Problems []ConfigProblem `json:"problems"`
	// Main and HTTP are the settings of the outermost blocks.
	Main      []Setting       `json:"main"`
	HTTP      []Setting       `json:"http"`
	Servers   []NginxServer   `json:"servers"`
	Sockets   []NginxSocket   `json:"sockets"`
	Upstreams []NginxUpstream `json:"upstreams"`
	Maps      []NginxMap      `json:"maps"`
	// Secrets are the redacted random keys that the tree holds.
	Secrets []SecretMark `json:"secrets"`
	// Comments are the comments that carry a placeholder marker.
	Placeholders []Placeholder `json:"placeholders"`
	// Lua are the Lua handlers, each where it is written: a handler of an outer
	// block also serves the inner ones that set none of its phase.
	Lua []NginxLua `json:"lua"`
	// DHParameters are the files that ssl_dhparam names, each once.
	DHParameters []DHParameters `json:"dh_parameters"`
	// Program is what "nginx -V" tells. (A field "build" would share its name
	// with a value of server_tokens, which rules write.)
	Program NginxBuild `json:"program"`
	Source  Source     `json:"source"`
}

// DHParameters is a file of Diffie-Hellman parameters. They are public.
type DHParameters struct {
	// Path is as ssl_dhparam writes it.
	Path string `json:"path"`
	// Bits is the size of the prime; not known when the file could not be read.
	Bits Optional[int] `json:"bits"`
	// Reason explains what is not known.
	Reason string `json:"reason"`
	// Source is the file, or where it could not be read the directive.
	Source Source `json:"source"`
}

// ConfigFile is a file that the configuration is made of.
type ConfigFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// ConfigProblem is a line that could not be read; what it would have set stays
// unknown, and a gap says so.
type ConfigProblem struct {
	Message string `json:"message"`
	Source  Source `json:"source"`
}

// SettingUnit is the unit of a setting's Amount.
type SettingUnit string

const (
	UnitNone         SettingUnit = "none"
	UnitMilliseconds SettingUnit = "milliseconds"
	UnitBytes        SettingUnit = "bytes"
	UnitCount        SettingUnit = "count"
)

// Values lists the members of the enumeration, for the schema.
func (SettingUnit) Values() []string {
	return []string{string(UnitNone), string(UnitMilliseconds), string(UnitBytes), string(UnitCount)}
}

// Setting is one directive in effect in a block.
type Setting struct {
	Name string   `json:"name"`
	Args []string `json:"args"`
	// Amount is the first argument read as time, size or number where the
	// directive takes one; Unit says which.
	Amount Optional[int64] `json:"amount"`
	Unit   SettingUnit     `json:"unit"`
	// HasVariables is set when an argument is computed for each request.
	HasVariables bool   `json:"has_variables"`
	Source       Source `json:"source"`
}

// NginxServer is one server block. Settings holds each setting in effect:
// explicit, inherited and default.
type NginxServer struct {
	// Subject is "edge/NAME/server/FIRSTNAME:FIRSTPORT", with "#2" and so on
	// where that is not unique.
	Subject   string          `json:"subject"`
	Names     []ServerName    `json:"names"`
	Listens   []Listen        `json:"listens"`
	Settings  []Setting       `json:"settings"`
	Locations []NginxLocBlock `json:"locations"`
	// Proxies is set when the server forwards requests anywhere.
	Proxies bool `json:"proxies"`
	// TLS is set when any of its sockets speaks TLS.
	TLS    bool   `json:"tls"`
	Source Source `json:"source"`
}

// ServerNameKind is how nginx matches a server name.
type ServerNameKind string

const (
	NameExact            ServerNameKind = "exact"
	NameLeadingWildcard  ServerNameKind = "leading_wildcard"
	NameTrailingWildcard ServerNameKind = "trailing_wildcard"
	NameDot              ServerNameKind = "dot"
	NameRegex            ServerNameKind = "regex"
	NameEmpty            ServerNameKind = "empty"
	// NameInvalid is a name that no client can send, such as "_".
	NameInvalid ServerNameKind = "invalid"
)

// Values lists the members of the enumeration, for the schema.
func (ServerNameKind) Values() []string {
	return []string{
		string(NameExact), string(NameLeadingWildcard), string(NameTrailingWildcard), string(NameDot),
		string(NameRegex), string(NameEmpty), string(NameInvalid),
	}
}

// ServerName is one name of a server block.
type ServerName struct {
	Name   string         `json:"name"`
	Kind   ServerNameKind `json:"kind"`
	Source Source         `json:"source"`
}

// Listen is one socket that a server block listens on.
type Listen struct {
	// Address is the address as nginx canonicalises it ("*", "127.0.0.1",
	// "[::]"), or the path of a unix socket.
	Address       string `json:"address"`
	Port          int    `json:"port"`
	Unix          bool   `json:"unix"`
	Loopback      bool   `json:"loopback"`
	TLS           bool   `json:"tls"`
	HTTP2         bool   `json:"http2"`
	QUIC          bool   `json:"quic"`
	DefaultServer bool   `json:"default_server"`
	ProxyProtocol bool   `json:"proxy_protocol"`
	Source        Source `json:"source"`
}

// NginxSocket is one address and port, with the servers that share it. Requests
// whose name matches none of them go to Default, written or not.
type NginxSocket struct {
	Address         string   `json:"address"`
	Port            int      `json:"port"`
	TLS             bool     `json:"tls"`
	Loopback        bool     `json:"loopback"`
	Servers         []string `json:"servers"`
	Default         string   `json:"default"`
	ExplicitDefault bool     `json:"explicit_default"`
	Source          Source   `json:"source"`
}

// LocationModifier is how nginx matches a location.
type LocationModifier string

const (
	LocationPrefix        LocationModifier = "prefix"
	LocationExact         LocationModifier = "exact"
	LocationPrefixNoRegex LocationModifier = "prefix_no_regex"
	LocationRegex         LocationModifier = "regex"
	LocationRegexFold     LocationModifier = "regex_fold"
	LocationNamed         LocationModifier = "named"
)

// Values lists the members of the enumeration, for the schema.
func (LocationModifier) Values() []string {
	return []string{
		string(LocationPrefix), string(LocationExact), string(LocationPrefixNoRegex),
		string(LocationRegex), string(LocationRegexFold), string(LocationNamed),
	}
}

// NginxLocBlock is one location block, or the "if" block of a location or of a
// server, with If set; the path of the latter is empty. Settings holds its own
// settings, those inherited from an outer location, and of the server's those
// about admission, limits and hidden headers. Any other is the server's.
type NginxLocBlock struct {
	Modifier LocationModifier `json:"modifier"`
	Path     string           `json:"path"`
	// Parent is the path of the enclosing location, empty at server level.
	Parent   string    `json:"parent"`
	If       string    `json:"if"`
	Internal bool      `json:"internal"`
	Settings []Setting `json:"settings"`
	// Forwards are the upstream addresses that requests are passed to.
	Forwards []Forward `json:"forwards"`
	// MethodLimits are the limit_except blocks; nginx accepts one. A block that
	// is nested inside, or an "if" block of the location, inherits none.
	MethodLimits []NginxMethodLimit `json:"method_limits"`
	Source       Source             `json:"source"`
}

// NginxMethodLimit is a limit_except block: what holds for requests by any
// other method than those listed.
type NginxMethodLimit struct {
	// Methods are those that the block does not concern, in upper case and in
	// order. GET brings HEAD with it.
	Methods []string `json:"methods"`
	// Settings are those of the block, in the order in which they are written,
	// then those about admission that it inherits: a list of allow and deny is
	// walked from its start.
	Settings []Setting `json:"settings"`
	Source   Source    `json:"source"`
}

// Forward is one address that a location passes requests to, after resolving
// upstream blocks. Computed is set when it depends on the request.
type Forward struct {
	Directive string `json:"directive"`
	Scheme    string `json:"scheme"`
	Host      string `json:"host"`
	Port      int    `json:"port"`
	Path      string `json:"path"`
	Upstream  string `json:"upstream"`
	Computed  bool   `json:"computed"`
	Source    Source `json:"source"`
}

// NginxUpstream is one upstream block.
type NginxUpstream struct {
	Name    string           `json:"name"`
	Servers []UpstreamServer `json:"servers"`
	Source  Source           `json:"source"`
}

// UpstreamServer is one server line of an upstream block.
type UpstreamServer struct {
	Host   string   `json:"host"`
	Port   int      `json:"port"`
	Params []string `json:"params"`
	Source Source   `json:"source"`
}

// NginxMap is one map or geo block.
type NginxMap struct {
	Kind     string          `json:"kind"`
	Input    string          `json:"input"`
	Variable string          `json:"variable"`
	Entries  []NginxMapEntry `json:"entries"`
	Source   Source          `json:"source"`
}

// NginxMapEntry is one line of a map or geo block; secrets are redacted.
type NginxMapEntry struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source Source `json:"source"`
}

// SecretMark is a secret that was redacted before anything could read it.
// SHA256 is kept only for random keys of at least 128 bit.
type SecretMark struct {
	Kind   string `json:"kind"`
	Length int    `json:"length"`
	SHA256 string `json:"sha256"`
	Source Source `json:"source"`
}

// Placeholder is a value of a published sample that was to be replaced, or a
// marker comment that says so.
type Placeholder struct {
	// Marker is set for a comment, whose value may have been replaced since.
	Marker bool   `json:"marker"`
	Text   string `json:"text"`
	// Sample is the name of the sample value, empty for a marker.
	Sample string `json:"sample"`
	Source Source `json:"source"`
}
