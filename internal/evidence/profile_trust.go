// SPDX-License-Identifier: Apache-2.0

package evidence

// TrustParameters are the baseline of certificates, single sign-on, CTI links and gadgets.
type TrustParameters struct {
	// BrowserPorts are the ports of each product that browsers contact themselves,
	// so that each of them has to present a certificate that browsers trust (S4).
	BrowserPorts []Component `json:"browser_ports" yaml:"browser_ports"`
	// OwnCertificateRoles are the products whose nodes each need a certificate of
	// their own: one for several servers is not supported there (S4).
	OwnCertificateRoles []NodeRole `json:"own_certificate_roles" yaml:"own_certificate_roles"`
	// RSAOnlyRoles are the products that fail with an ECDSA certificate (S4, bug
	// CSCvb46250; release notes of Unified CCX), OneFamilyRoles those on which
	// nobody can log in when an ECDSA certificate is signed by an RSA key (S4, bug
	// CSCvb58580).
	RSAOnlyRoles   []NodeRole `json:"rsa_only_roles" yaml:"rsa_only_roles"`
	OneFamilyRoles []NodeRole `json:"one_family_roles" yaml:"one_family_roles"`
	// Peers are the products that call one another over TLS (P15, S4).
	Peers []TrustPeer `json:"peers" yaml:"peers"`
	SSO   SSOBaseline `json:"sso" yaml:"sso"`
	CTI   CTIBaseline `json:"cti" yaml:"cti"`
	// VendorGadgets begin the paths of gadgets that the vendor delivers, and
	// MailGadgets are the file names of those of the mail and chat server (S1, P6).
	VendorGadgets []string `json:"vendor_gadgets" yaml:"vendor_gadgets"`
	MailGadgets   []string `json:"mail_gadgets" yaml:"mail_gadgets"`
	// RewriteExcluded is the script of the desktop that a gadget from another
	// server must keep out of the rewriting of its content (P6).
	RewriteExcluded string `json:"rewrite_excluded" yaml:"rewrite_excluded"`
}

// TrustPeer says that nodes of the role Holder must trust those of the role Peer.
type TrustPeer struct {
	Holder NodeRole `json:"holder" yaml:"holder"`
	Peer   NodeRole `json:"peer" yaml:"peer"`
}

// SSOBaseline is what single sign-on looks like in this release.
type SSOBaseline struct {
	// DesktopClient is the name of Finesse among the clients of the identity
	// service, and AuthcodePath where it takes the code (S1, P2).
	DesktopClient string `json:"desktop_client" yaml:"desktop_client"`
	AuthcodePath  string `json:"authcode_path" yaml:"authcode_path"`
	// DesktopPorts are the internal ports of the desktop, ServicePorts those of the
	// identity service.
	DesktopPorts []int `json:"desktop_ports" yaml:"desktop_ports"`
	ServicePorts []int `json:"service_ports" yaml:"service_ports"`
	// ServicesPerSide is how many identity services one side of the gate may
	// forward to (P3).
	ServicesPerSide int `json:"services_per_side" yaml:"services_per_side"`
}

// CTIBaseline is how the ports of CTI servers are numbered, and from which release
// on their links can be encrypted. The port of an instance is the base, a step for
// each instance after the first, and one more step on side B (S3, P18).
type CTIBaseline struct {
	SecuredPort  int `json:"secured_port" yaml:"secured_port"`
	PlainPort    int `json:"plain_port" yaml:"plain_port"`
	InstanceStep int `json:"instance_step" yaml:"instance_step"`
	SideStep     int `json:"side_step" yaml:"side_step"`
	// Release is the first release, as major and minor number, of which most links
	// can be encrypted (S3).
	Release []int `json:"release" yaml:"release"`
	// RSABits is the size of the gateway's key (S3), in bits.
	RSABits int `json:"rsa_bits" yaml:"rsa_bits"`
	// TLSRequired is the version that the link has to speak (S3).
	TLSRequired string `json:"tls_required" yaml:"tls_required"`
}
