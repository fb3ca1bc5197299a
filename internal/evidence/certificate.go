// SPDX-License-Identifier: Apache-2.0

package evidence

// CertChain is what was learned about the certificates of one target.
type CertChain struct {
	// Target is "edge/NAME", "node/NAME" or "site" (declared roots).
	Target       string        `json:"target"`
	Certificates []Certificate `json:"certificates"`
	Chains       []Chain       `json:"chains"`
	Keys         []KeyFile     `json:"keys"`
	Source       Source        `json:"source"`
}

// CertificatePlace is where a certificate was found.
type CertificatePlace string

const (
	// PlaceServed: sent by a listener.
	PlaceServed CertificatePlace = "served"
	// PlaceFile: in a certificate file of an edge or a unit's own of a node.
	PlaceFile CertificatePlace = "file"
	// PlaceTrust: in a trust directory.
	PlaceTrust CertificatePlace = "trust"
	// PlaceRoot: a root that the site file declares.
	PlaceRoot CertificatePlace = "root"
)

// Values lists the members of the enumeration, for the schema.
func (CertificatePlace) Values() []string {
	return []string{string(PlaceServed), string(PlaceFile), string(PlaceTrust), string(PlaceRoot)}
}

// Certificate is one X.509 certificate (RFC 5280).
type Certificate struct {
	// Subject is "cert/" and the SHA-256 of the DER in hex.
	Subject string           `json:"subject"`
	SHA256  string           `json:"sha256"`
	Holder  string           `json:"holder"`
	Place   CertificatePlace `json:"place"`
	// Unit is the VOS unit ("tomcat", "tomcat-trust"), empty on edges.
	Unit           string   `json:"unit"`
	CommonName     string   `json:"common_name"`
	SubjectName    string   `json:"subject_name"`
	IssuerName     string   `json:"issuer_name"`
	Serial         string   `json:"serial"`
	DNSNames       []string `json:"dns_names"`
	IPAddresses    []string `json:"ip_addresses"`
	NotBefore      string   `json:"not_before"`
	NotAfter       string   `json:"not_after"`
	KeyAlgorithm   string   `json:"key_algorithm"`
	KeyBits        int      `json:"key_bits"`
	SignatureHash  string   `json:"signature_hash"`
	SelfSigned     bool     `json:"self_signed"`
	CA             bool     `json:"ca"`
	KeyUsage       []string `json:"key_usage"`
	ExtKeyUsage    []string `json:"ext_key_usage"`
	HasExtKeyUsage bool     `json:"has_ext_key_usage"`
	// CriticalExtensions are the object identifiers marked critical.
	CriticalExtensions []string     `json:"critical_extensions"`
	Lints              []LintResult `json:"lints"`
	Source             Source       `json:"source"`
}

// LintResult is one zlint result worse than pass.
type LintResult struct {
	Name     string `json:"name"`
	Status   string `json:"status"`
	Source   string `json:"source"`
	Citation string `json:"citation"`
	Details  string `json:"details"`
}

// Chain is a leaf with the certificates that came along with it, and the path
// that could be built from them.
type Chain struct {
	// Subject is the listener, or Target and "/file/PATH".
	Subject string           `json:"subject"`
	Place   CertificatePlace `json:"place"`
	Host    string           `json:"host"`
	Port    int              `json:"port"`
	// Certificates are the SHA-256 digests in the order found, leaf first.
	Certificates []string `json:"certificates"`
	// Ordered is set when each certificate is signed by the next one.
	Ordered bool `json:"ordered"`
	// Complete is set when the path reaches a self-signed certificate or a
	// declared root with nothing but what came along.
	Complete bool `json:"complete"`
	// Trusted is whether the path ends at a declared root, at the time of
	// collection; not known when the site declares no roots.
	Trusted Optional[bool] `json:"trusted"`
	// Reason explains an incomplete or untrusted path.
	Reason string `json:"reason"`
	// Anchor is the digest of the declared root that the path ends at.
	Anchor string `json:"anchor"`
	Source Source `json:"source"`
}

// KeyFile is a private key, known by its path, mode and size only: Postern
// never reads one.
type KeyFile struct {
	Path string `json:"path"`
	// Mode is the permission bits in octal, such as "0400".
	Mode   string `json:"mode"`
	Size   int64  `json:"size"`
	Source Source `json:"source"`
}
