// SPDX-License-Identifier: Apache-2.0

package evidence

// SampleParameters are what published documents show as examples, and what a site must
// not have taken over (GOV-01, AUTH-03, CRT-05).
type SampleParameters struct {
	// Secrets are the SHA-256 digests of published secrets, in hexadecimal digits;
	// the secrets themselves are never kept.
	Secrets []string `json:"secrets" yaml:"secrets"`
	// Hosts are patterns of host names in lower case, in which "*" stands for any
	// text, and Addresses are IP addresses.
	Hosts     []string `json:"hosts" yaml:"hosts"`
	Addresses []string `json:"addresses" yaml:"addresses"`
	// CertificateNames are the names of sample certificates in lower case, and
	// OrganizationalUnits the units in their subject.
	CertificateNames    []string `json:"certificate_names" yaml:"certificate_names"`
	OrganizationalUnits []string `json:"organizational_units" yaml:"organizational_units"`
}
