// SPDX-License-Identifier: Apache-2.0

package evidence

// Answer is what a listener did when asked for something. Only an answer
// proves a refusal; silence is unknown.
type Answer string

const (
	Accepted      Answer = "accepted"
	Refused       Answer = "refused"
	AnswerUnknown Answer = "unknown"
)

// Values lists the members of the enumeration, for the schema.
func (Answer) Values() []string {
	return []string{string(Accepted), string(Refused), string(AnswerUnknown)}
}

// TLSPosture is what one listener was seen to speak.
type TLSPosture struct {
	// Target is "edge/NAME", "node/NAME", or "cti/INSTANCE-SIDE" for the secured
	// port of a CTI server.
	Target string `json:"target"`
	// Subject is Target and "/listener/HOST:PORT", HOST as declared.
	Subject string `json:"subject"`
	Host    string `json:"host"`
	Port    int    `json:"port"`

	Versions []TLSVersion `json:"versions"`
	Suites   []TLSSuite   `json:"suites"`
	Groups   []TLSGroup   `json:"groups"`
	// Chain is the served chain in the order sent, as SHA-256 of each
	// certificate's DER in hex.
	Chain []ServedCertificate `json:"chain"`

	// ServerPreference tells whether the server's own order decided the suite.
	ServerPreference    Optional[bool]   `json:"server_preference"`
	DHBits              Optional[int]    `json:"dh_bits"`
	ALPN                []TLSALPN        `json:"alpn"`
	Tickets             Optional[bool]   `json:"tickets"`
	Resumption          Optional[bool]   `json:"resumption"`
	Stapled             Optional[bool]   `json:"stapled"`
	Compression         Optional[bool]   `json:"compression"`
	SecureRenegotiation Optional[bool]   `json:"secure_renegotiation"`
	ClientRenegotiation Optional[bool]   `json:"client_renegotiation"`
	ClientCertificate   Optional[bool]   `json:"client_certificate_requested"`
	JARM                Optional[string] `json:"jarm"`
	// UnknownName and NoName are what the listener did for an SNI that it
	// does not serve, and without SNI.
	UnknownName SNIAnswer `json:"unknown_name"`
	NoName      SNIAnswer `json:"no_name"`
	// PlainHTTP is what a plain HTTP request to the TLS port was answered:
	// an HTTP status, or 0 for a closed connection; not known on silence.
	PlainHTTP Optional[int] `json:"plain_http"`

	// ClientHellos counts the handshakes begun, so that cost can be judged.
	ClientHellos int    `json:"client_hellos"`
	Source       Source `json:"source"`
}

// TLSVersion is the answer to one protocol version.
type TLSVersion struct {
	// Version is SSLv3, TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3.
	Version string `json:"version"`
	Answer  Answer `json:"answer"`
	// Reason explains an unknown answer, or the alert of a refusal.
	Reason string `json:"reason"`
	// By is the library whose handshake decided.
	By     string `json:"by"`
	Source Source `json:"source"`
}

// TLSSuite is a cipher suite that the server accepted.
type TLSSuite struct {
	Version string `json:"version"`
	ID      int    `json:"id"`
	// Name is the IANA name.
	Name string `json:"name"`
	// Position is the server's order within the version, from 1; 0 unknown.
	Position      int  `json:"position"`
	ForwardSecret bool `json:"forward_secret"`
	AEAD          bool `json:"aead"`
	CBC           bool `json:"cbc"`
	// Broken is set for suites without confidentiality or authentication or
	// with a broken cipher: NULL, anonymous, export, RC4, DES, 3DES, MD5.
	Broken bool   `json:"broken"`
	Why    string `json:"why"`
}

// TLSGroup is a key-exchange group that the server accepted.
type TLSGroup struct {
	Version string `json:"version"`
	ID      int    `json:"id"`
	Name    string `json:"name"`
}

// TLSALPN is the answer to one offered application protocol.
type TLSALPN struct {
	Protocol string `json:"protocol"`
	Answer   Answer `json:"answer"`
}

// ServedCertificate is one certificate of the chain as served.
type ServedCertificate struct {
	SHA256  string `json:"sha256"`
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
}

// SNIAnswer is how a listener treats a name. Certificate is the SHA-256 of the
// leaf it presented, empty when refused.
type SNIAnswer struct {
	Answer      Answer `json:"answer"`
	Certificate string `json:"certificate"`
	Reason      string `json:"reason"`
}
