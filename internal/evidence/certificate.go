// SPDX-License-Identifier: Apache-2.0

package evidence

// CertChain is what was learned about the certificates of one target.
type CertChain struct {
	// Target is "edge/NAME", "node/NAME", "cti/INSTANCE-SIDE" (what its secured
	// port served) or "site" (declared roots, what the server of the proxy map has,
	// and the folders of the peripheral gateways of the CTI servers).
	Target       string        `json:"target"`
	Certificates []Certificate `json:"certificates"`
	Chains       []Chain       `json:"chains"`
	Keys         []KeyFile     `json:"keys"`
	// Requests are the signing requests in the folder.
	Requests []CertificateRequest `json:"requests"`
	// Trusts are the trust lists in the folder, one for each unit that has one.
	Trusts []TrustList `json:"trusts"`
	// Configured are the certificate files that the edge's nginx names.
	Configured []ConfiguredCertificates `json:"configured"`
	// MapServer is of the site's own record: what the server has that the nodes
	// load the proxy map from.
	MapServer MapServerCertificates `json:"map_server"`
	Source    Source                `json:"source"`
}

// CertificatePlace is where a certificate was found.
type CertificatePlace string

const (
	// PlaceServed: sent by a listener.
	PlaceServed CertificatePlace = "served"
	// PlaceFile: in a certificate file of an edge or a unit's own of a node.
	PlaceFile CertificatePlace = "file"
	// PlaceTrust: in a trust directory, or an authority without a key beside it.
	PlaceTrust CertificatePlace = "trust"
	// PlaceRoot: a root that the site file declares.
	PlaceRoot CertificatePlace = "root"
	// PlaceMapServer: of the server that the nodes load the proxy map from, served
	// or in the folder that the site file declares.
	PlaceMapServer CertificatePlace = "map_server"
)

// Values lists the members of the enumeration, for the schema.
func (CertificatePlace) Values() []string {
	return []string{string(PlaceServed), string(PlaceFile), string(PlaceTrust), string(PlaceRoot), string(PlaceMapServer)}
}

// Certificate is one X.509 certificate (RFC 5280).
type Certificate struct {
	// Subject is "cert/" and the SHA-256 of the DER in hex.
	Subject string           `json:"subject"`
	SHA256  string           `json:"sha256"`
	Holder  string           `json:"holder"`
	Place   CertificatePlace `json:"place"`
	// Unit is the VOS unit ("tomcat", "tomcat-trust") of a node, the name of the
	// file without its ending on an edge (a file that nginx names and that the
	// folder lacks: the path as nginx writes it), and "cti/INSTANCE-SIDE" for a peripheral
	// gateway. It is empty for what was served and for roots.
	Unit string `json:"unit"`
	// Leaf is set on the first certificate of a chain.
	Leaf           bool     `json:"leaf"`
	CommonName     string   `json:"common_name"`
	SubjectName    string   `json:"subject_name"`
	IssuerName     string   `json:"issuer_name"`
	Serial         string   `json:"serial"`
	DNSNames       []string `json:"dns_names"`
	IPAddresses    []string `json:"ip_addresses"`
	EmailAddresses []string `json:"email_addresses"`
	URIs           []string `json:"uris"`
	NotBefore      string   `json:"not_before"`
	NotAfter       string   `json:"not_after"`
	// ValidityDays is the whole days from NotBefore to NotAfter.
	ValidityDays int    `json:"validity_days"`
	KeyAlgorithm string `json:"key_algorithm"`
	KeyBits      int    `json:"key_bits"`
	// KeySHA256 is the digest of the public key (SubjectPublicKeyInfo) in hex.
	KeySHA256 string `json:"key_sha256"`
	// IssuerKeyAlgorithm is the kind of key that signed the certificate, in the
	// words of KeyAlgorithm; empty when the signature's kind is not known.
	IssuerKeyAlgorithm string `json:"issuer_key_algorithm"`
	// SubjectKeyID and AuthorityKeyID are the key identifiers in hex, empty where
	// the certificate has none.
	SubjectKeyID   string   `json:"subject_key_id"`
	AuthorityKeyID string   `json:"authority_key_id"`
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

// MapServerCertificates are those of the server of the proxy map, served when the
// map was fetched or in the folder that the site file declares.
type MapServerCertificates struct {
	Known bool `json:"known"`
	// Host and Port are those of the declared URL, empty where the map is a file.
	Host string `json:"host"`
	Port int    `json:"port"`
	// Certificates are the SHA-256 digests, leaf first. Each is a certificate of the
	// record with place "map_server"; their chain has the subject "site/map".
	Certificates []string `json:"certificates"`
	Source       Source   `json:"source"`
}

// ConfiguredCertificates is a file that a directive of nginx names.
type ConfiguredCertificates struct {
	// Directive is ssl_certificate, ssl_trusted_certificate,
	// ssl_client_certificate, proxy_ssl_certificate, proxy_ssl_trusted_certificate
	// or one of the last two for grpc, and Path its argument as written.
	Directive string `json:"directive"`
	Path      string `json:"path"`
	// Read is whether the file was found and all of it understood. Where it is
	// false, Certificates may lack some, and Reason says why.
	Read   bool   `json:"read"`
	Reason string `json:"reason"`
	// Certificates are the SHA-256 digests in the order of the file. Each is a
	// certificate of the record, with place "trust" where the directive lists what
	// is trusted and "file" otherwise.
	Certificates []string `json:"certificates"`
	// Source is the file, or where it was not found the directive.
	Source Source `json:"source"`
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
	// Subject is the listener, or Target and "/file/PATH"; for a peripheral gateway
	// its unit takes the place of Target.
	Subject string           `json:"subject"`
	Place   CertificatePlace `json:"place"`
	// Unit is that of the leaf.
	Unit string `json:"unit"`
	Host string `json:"host"`
	Port int    `json:"port"`
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
	// TrustUnit is the trust list that belongs to the unit; empty when the folder
	// holds none.
	TrustUnit string `json:"trust_unit"`
	// TrustClosed is whether that list holds every issuer from the leaf's own up to
	// a self-signed one. Where it does not, TrustMissing is the name of the first
	// that it lacks. A self-signed leaf has no issuer and is closed.
	TrustClosed  Optional[bool] `json:"trust_closed"`
	TrustMissing string         `json:"trust_missing"`
	Source       Source         `json:"source"`
}

// TrustList is what a unit trusts: the files of one "-trust" folder.
type TrustList struct {
	// Subject is Target and "/trust/UNIT".
	Subject string `json:"subject"`
	// Unit is the name of the folder, such as "tomcat-trust".
	Unit string `json:"unit"`
	// Certificates are the SHA-256 digests of all that it holds, each once, in the
	// order of the files.
	Certificates []string `json:"certificates"`
	// Complete is false when a file of the folder could not be read.
	Complete bool   `json:"complete"`
	Source   Source `json:"source"`
}

// CertificateRequest is a signing request (PKCS #10, RFC 2986).
type CertificateRequest struct {
	// Subject is Target and "/request/PATH".
	Subject string `json:"subject"`
	// Unit is the name of the file without its ending.
	Unit           string   `json:"unit"`
	CommonName     string   `json:"common_name"`
	SubjectName    string   `json:"subject_name"`
	DNSNames       []string `json:"dns_names"`
	IPAddresses    []string `json:"ip_addresses"`
	EmailAddresses []string `json:"email_addresses"`
	URIs           []string `json:"uris"`
	// HasAltNames is whether the request has the extension for alternative names
	// at all. An authority is free to add names to a request without it.
	HasAltNames   bool   `json:"has_alt_names"`
	KeyAlgorithm  string `json:"key_algorithm"`
	KeyBits       int    `json:"key_bits"`
	KeySHA256     string `json:"key_sha256"`
	SignatureHash string `json:"signature_hash"`
	// Signed is whether the request's own signature verifies.
	Signed Optional[bool] `json:"signed"`
	// KeyUsage and ExtKeyUsage are what is asked for, in the words of Certificate.
	KeyUsage    []string `json:"key_usage"`
	ExtKeyUsage []string `json:"ext_key_usage"`
	// Extensions are the object identifiers of all extensions that are asked for,
	// CriticalExtensions those asked for as critical.
	Extensions         []string `json:"extensions"`
	CriticalExtensions []string `json:"critical_extensions"`
	// ChallengePassword is set when the request holds one. Its text is never read.
	ChallengePassword bool `json:"challenge_password"`
	// Certificate is the digest of the certificate in the file of the same name
	// beside the request; empty when there is none. SameKey is whether it has the
	// request's key.
	Certificate string         `json:"certificate"`
	SameKey     Optional[bool] `json:"same_key"`
	Source      Source         `json:"source"`
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
