// SPDX-License-Identifier: Apache-2.0

package evidence

// Profile is the release and baseline that a site is judged by: numbers that
// rules compare with, and how each contradiction between the vendor's own
// documents is resolved. It is read from policies/profiles, never from a site.
type Profile struct {
	// Name is the base profile, such as "finesse-12.6.1".
	Name string `json:"name" yaml:"name"`
	// Release is the vendor release that the profile's references belong to.
	Release  string   `json:"release" yaml:"release"`
	Overlays []string `json:"overlays" yaml:"-"`
	// ES is the engineering special of the site, "unknown" where not declared.
	ES string `json:"es" yaml:"-"`
	// ESNumber is the number in ES, 7 for "ES07"; 0 where it is unknown.
	ESNumber       Optional[int]   `json:"es_number" yaml:"-"`
	Parameters     Parameters      `json:"parameters" yaml:"parameters"`
	Contradictions []Contradiction `json:"contradictions" yaml:"contradictions"`
	Severity       []RuleLevel     `json:"severity" yaml:"severity"`
	Deviations     []Deviation     `json:"deviations" yaml:"deviations"`
}

// Parameters are the numbers and switches that rules compare with. An overlay may
// change those that carry the tag overlay; a group that carries it, all of the
// group.
type Parameters struct {
	// TLSVersions are the versions that may be offered; TLSRequired must be.
	TLSVersions []string `json:"tls_versions" yaml:"tls_versions" overlay:"true"`
	TLSRequired []string `json:"tls_required" yaml:"tls_required" overlay:"true"`
	// HTTP2 is "required", "forbidden" or "either".
	HTTP2 string `json:"http2" yaml:"http2" overlay:"true"`
	// DHBits is the smallest accepted Diffie-Hellman prime, in bits.
	DHBits int `json:"dh_bits" yaml:"dh_bits"`
	// RSABits is the smallest accepted RSA modulus, in bits.
	RSABits int `json:"rsa_bits" yaml:"rsa_bits"`
	// CertificateDaysLeft is the least remaining validity of a certificate.
	CertificateDaysLeft int `json:"certificate_days_left" yaml:"certificate_days_left"`
	// CertificateDaysMax is the longest accepted total validity of an edge
	// certificate.
	CertificateDaysMax int `json:"certificate_days_max" yaml:"certificate_days_max" overlay:"true"`
	// RequestTimeout bounds client header, client body and send timeouts, and
	// KeepAlive the keep-alive timeout, in milliseconds.
	RequestTimeout int64 `json:"request_timeout" yaml:"request_timeout" overlay:"true"`
	KeepAlive      int64 `json:"keep_alive" yaml:"keep_alive" overlay:"true"`
	// BodyBytes bounds the request body.
	BodyBytes int64 `json:"body_bytes" yaml:"body_bytes" overlay:"true"`
	// MapPortRequired makes a map entry without a port a finding by itself.
	MapPortRequired bool `json:"map_port_required" yaml:"map_port_required"`
	// MapCase is "exact" (both sides), "external" (external side only) or
	// "none".
	MapCase string `json:"map_case" yaml:"map_case"`
	// ConfigURIs is the largest number of map URIs on a node.
	ConfigURIs int `json:"config_uris" yaml:"config_uris"`
	// JWTSecretUsed tells whether the edge decrypts tokens with a shared
	// secret in this release.
	JWTSecretUsed bool `json:"jwt_secret_used" yaml:"jwt_secret_used"`
	// FrameVerb is the frame access command of the release.
	FrameVerb string `json:"frame_verb" yaml:"frame_verb"`
	// OriginListBytes and FrameListBytes bound the lists, in characters.
	OriginListBytes int `json:"origin_list_bytes" yaml:"origin_list_bytes"`
	FrameListBytes  int `json:"frame_list_bytes" yaml:"frame_list_bytes"`
	// Components are the listeners of each upstream product.
	Components []Component `json:"components" yaml:"components"`
	// PacketLimits are the published limits of each external port.
	PacketLimits []PacketLimit `json:"packet_limits" yaml:"packet_limits"`
	// PacketLimitPorts tell which of PacketLimits holds for a product that answers
	// on a port which says nothing of it.
	PacketLimitPorts []PacketLimitPort `json:"packet_limit_ports" yaml:"packet_limit_ports"`
	// The groups below hold what one family of rules compares with.
	HTTP    HTTPParameters   `json:"http" yaml:"http" overlay:"true"`
	Gate    GateParameters   `json:"gate" yaml:"gate" overlay:"true"`
	Host    HostParameters   `json:"host" yaml:"host" overlay:"true"`
	VOS     VOSParameters    `json:"vos" yaml:"vos"`
	Trust   TrustParameters  `json:"trust" yaml:"trust"`
	Samples SampleParameters `json:"samples" yaml:"samples"`
}

// Component is one upstream product with its internal ports.
type Component struct {
	Role  NodeRole `json:"role" yaml:"role"`
	Ports []int    `json:"ports" yaml:"ports"`
}

// PacketLimit is the published limit of new connections to one port.
type PacketLimit struct {
	Port        int `json:"port" yaml:"port"`
	Connections int `json:"connections" yaml:"connections"`
	Rate        int `json:"rate" yaml:"rate"`
	Burst       int `json:"burst" yaml:"burst"`
}

// PacketLimitPort names the limit of one product by its port.
type PacketLimitPort struct {
	Role NodeRole `json:"role" yaml:"role"`
	Port int      `json:"port" yaml:"port"`
	// Shared: it holds only where the product answers on the shared port.
	Shared bool `json:"shared" yaml:"shared"`
}

// Contradiction is a topic on which the vendor's documents disagree, and what
// this profile chose.
type Contradiction struct {
	Topic             string `json:"topic" yaml:"topic"`
	Chosen            string `json:"chosen" yaml:"chosen"`
	Reference         string `json:"reference" yaml:"reference"`
	Rejected          string `json:"rejected" yaml:"rejected"`
	RejectedReference string `json:"rejected_reference" yaml:"rejected_reference"`
}

// RuleLevel changes the severity of a rule under this profile.
type RuleLevel struct {
	Rule  string `json:"rule" yaml:"rule"`
	Level string `json:"level" yaml:"level"`
}

// Deviation marks a rule whose finding the vendor's own baseline demands: it
// stays a fail, at severity info, with this reference.
type Deviation struct {
	Rule      string `json:"rule" yaml:"rule"`
	Reference string `json:"reference" yaml:"reference"`
}
