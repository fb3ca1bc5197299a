// SPDX-License-Identifier: Apache-2.0

package evidence

// SAML is the single sign-on configuration of the site: the metadata that the
// identity service and the identity provider exchange (SAML 2.0 Metadata), and
// the clients registered at the identity service.
type SAML struct {
	// Target is "site".
	Target    string         `json:"target"`
	Documents []SAMLDocument `json:"documents"`
	Entities  []SAMLEntity   `json:"entities"`
	Endpoints []SAMLEndpoint `json:"endpoints"`
	Keys      []SAMLKey      `json:"keys"`
	// Redirects are the redirect URIs of all clients, one record each.
	Redirects []RedirectURI `json:"redirects"`
	// Clients are the names of all clients, those without redirect URIs too.
	Clients []IdSClient `json:"clients"`
	Source  Source      `json:"source"`
}

// SAMLRole is whose metadata a document is.
type SAMLRole string

const (
	// SAMLSPLAN: the identity service for browsers in the local network.
	SAMLSPLAN SAMLRole = "sp_lan"
	// SAMLSPProxy: the identity service by the names of the proxy.
	SAMLSPProxy SAMLRole = "sp_proxy"
	// SAMLIdP: the identity provider.
	SAMLIdP SAMLRole = "idp"
)

// Values lists the members of the enumeration, for the schema.
func (SAMLRole) Values() []string {
	return []string{string(SAMLSPLAN), string(SAMLSPProxy), string(SAMLIdP)}
}

// SAMLDocument is one metadata file.
type SAMLDocument struct {
	// Subject is "saml/" and the role.
	Subject string   `json:"subject"`
	Role    SAMLRole `json:"role"`
	// Root is the name of the document element.
	Root string `json:"root"`
	// Entities counts the EntityDescriptor elements, wherever they stand.
	Entities int `json:"entities"`
	// NestedEntities counts those in a place that the schema has none in, such as
	// inside a signature or another entity. Signature wrapping looks like that.
	NestedEntities int `json:"nested_entities"`
	// DuplicateIDs are the ID values that more than one element has. A signature
	// that refers to one of them does not say what it signs.
	DuplicateIDs []string        `json:"duplicate_ids"`
	Signatures   []SAMLSignature `json:"signatures"`
	// ValidUntil is that of the document element, RFC 3339; not known when it has
	// none.
	ValidUntil Optional[string] `json:"valid_until"`
	// Complete is false when a part of the document could not be read; a gap says
	// which.
	Complete bool   `json:"complete"`
	Source   Source `json:"source"`
}

// SAMLSignature is an XML signature in a metadata document, as it stands there:
// whether it verifies is not decided.
type SAMLSignature struct {
	// Algorithm and Digest are the short names of the algorithms, such as
	// "rsa-sha256" and "sha256"; an unknown one is its URI.
	Algorithm string `json:"algorithm"`
	Digest    string `json:"digest"`
	// Reference is the URI of the first reference; References counts them.
	Reference  string `json:"reference"`
	References int    `json:"references"`
	// CoversParent is set when the one reference names the element that holds the
	// signature, or the whole document from its root.
	CoversParent bool `json:"covers_parent"`
	// Parent is the name of the element that holds the signature.
	Parent string `json:"parent"`
	Source Source `json:"source"`
}

// SAMLEntity is one EntityDescriptor.
type SAMLEntity struct {
	// Document is the subject of the document.
	Document string   `json:"document"`
	Role     SAMLRole `json:"role"`
	EntityID string   `json:"entity_id"`
	// Host is the host of an entity ID that is a URL, and else the ID itself where
	// it reads as a host name; empty for any other.
	Host string `json:"host"`
	Port int    `json:"port"`
	// Nested is set when it stands where the schema has no entity.
	Nested bool `json:"nested"`
	// ServiceProvider and IdentityProvider tell which roles it describes.
	ServiceProvider  bool             `json:"service_provider"`
	IdentityProvider bool             `json:"identity_provider"`
	ValidUntil       Optional[string] `json:"valid_until"`
	// AuthnRequestsSigned and WantAssertionsSigned are those of the service
	// provider, WantAuthnRequestsSigned that of the identity provider. An absent
	// one is false by the standard; its origin is then default.
	AuthnRequestsSigned     Optional[bool] `json:"authn_requests_signed"`
	WantAssertionsSigned    Optional[bool] `json:"want_assertions_signed"`
	WantAuthnRequestsSigned Optional[bool] `json:"want_authn_requests_signed"`
	NameIDFormats           []string       `json:"name_id_formats"`
	Source                  Source         `json:"source"`
}

// SAMLEndpoint is one service of an entity.
type SAMLEndpoint struct {
	Document string   `json:"document"`
	Role     SAMLRole `json:"role"`
	EntityID string   `json:"entity_id"`
	// Nested is that of the entity.
	Nested bool `json:"nested"`
	// Descriptor is the role of the entity that has the service: SPSSODescriptor
	// or IDPSSODescriptor.
	Descriptor string `json:"descriptor"`
	// Service is the name of the element, such as AssertionConsumerService.
	Service string `json:"service"`
	// Binding is the last part of the binding's URI, such as HTTP-POST.
	Binding string `json:"binding"`
	URL     string `json:"url"`
	// ResponseURL is where responses go, when it is another place.
	ResponseURL string `json:"response_url"`
	Scheme      string `json:"scheme"`
	Host        string `json:"host"`
	// Port is the port, that of the scheme where HasPort is false.
	Port    int    `json:"port"`
	HasPort bool   `json:"has_port"`
	Path    string `json:"path"`
	Default bool   `json:"default"`
	Source  Source `json:"source"`
}

// SAMLKeyUse is what a key of the metadata is for.
type SAMLKeyUse string

const (
	SAMLSigning    SAMLKeyUse = "signing"
	SAMLEncryption SAMLKeyUse = "encryption"
	// SAMLBoth: the metadata names no use, which means both.
	SAMLBoth SAMLKeyUse = "both"
	// SAMLSignatureKey: the certificate stands in a signature of the document.
	SAMLSignatureKey SAMLKeyUse = "signature"
)

// Values lists the members of the enumeration, for the schema.
func (SAMLKeyUse) Values() []string {
	return []string{string(SAMLSigning), string(SAMLEncryption), string(SAMLBoth), string(SAMLSignatureKey)}
}

// SAMLKey is one certificate of the metadata.
type SAMLKey struct {
	Document string   `json:"document"`
	Role     SAMLRole `json:"role"`
	EntityID string   `json:"entity_id"`
	// Nested is that of the entity.
	Nested bool       `json:"nested"`
	Use    SAMLKeyUse `json:"use"`
	// SHA256 is the digest of the certificate in hex.
	SHA256        string `json:"sha256"`
	SubjectName   string `json:"subject_name"`
	IssuerName    string `json:"issuer_name"`
	NotBefore     string `json:"not_before"`
	NotAfter      string `json:"not_after"`
	KeyAlgorithm  string `json:"key_algorithm"`
	KeyBits       int    `json:"key_bits"`
	SignatureHash string `json:"signature_hash"`
	SelfSigned    bool   `json:"self_signed"`
	Source        Source `json:"source"`
}

// IdSClient is a client registered at the identity service.
type IdSClient struct {
	Client    string `json:"client"`
	Redirects int    `json:"redirects"`
	Source    Source `json:"source"`
}

// RedirectURI is an address that the identity service may send a browser to
// with an authorisation code.
type RedirectURI struct {
	Client string `json:"client"`
	URL    string `json:"url"`
	// Absolute is set when the address has a scheme and a host.
	Absolute bool   `json:"absolute"`
	Scheme   string `json:"scheme"`
	Host     string `json:"host"`
	// Port is the port, that of the scheme where HasPort is false.
	Port    int    `json:"port"`
	HasPort bool   `json:"has_port"`
	Path    string `json:"path"`
	// Wildcard is set when the address holds a "*".
	Wildcard bool `json:"wildcard"`
	// Query and Fragment tell whether it has one.
	Query    bool   `json:"query"`
	Fragment bool   `json:"fragment"`
	Source   Source `json:"source"`
}
