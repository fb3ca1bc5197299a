// SPDX-License-Identifier: Apache-2.0

package evidence

// DNSView is what names lead to in one part of the network, as one entry of the
// site file shows it. A view that the site file names twice has two records.
type DNSView struct {
	// Target is "site".
	Target string `json:"target"`
	// Subject is "dns/VIEW".
	Subject string `json:"subject"`
	// View is where the names were looked up: lan, dmz or internet.
	View Vantage `json:"view"`
	// Form is what the answers were read from.
	Form DNSForm `json:"form"`
	// Resolver is the server that was asked, or that the saved answers name;
	// empty where they name none.
	Resolver string    `json:"resolver"`
	Names    []DNSName `json:"names"`
	Source   Source    `json:"source"`
}

// DNSForm is what answers were read from.
type DNSForm string

const (
	// DNSDig: the output of dig. Only its whole form, which has a header for each
	// question, tells that a name does not exist.
	DNSDig DNSForm = "dig"
	// DNSGetent: the output of getent ahosts, which also reads etc/hosts. A name
	// that it does not find leaves nothing.
	DNSGetent DNSForm = "getent"
	// DNSLive: asked over the network by this collection.
	DNSLive DNSForm = "live"
)

// Values lists the members of the enumeration, for the schema.
func (DNSForm) Values() []string {
	return []string{string(DNSDig), string(DNSGetent), string(DNSLive)}
}

// DNSStatus is what became of the questions about one name.
type DNSStatus string

const (
	// DNSAnswered: there is an address.
	DNSAnswered DNSStatus = "answered"
	// DNSNoAddress: the name exists, and has no address of the types asked for.
	DNSNoAddress DNSStatus = "no_address"
	// DNSNoName: the server says that the name does not exist.
	DNSNoName DNSStatus = "nxdomain"
	// DNSFailed: no answer, or one that decides nothing, such as SERVFAIL.
	DNSFailed DNSStatus = "failed"
)

// Values lists the members of the enumeration, for the schema.
func (DNSStatus) Values() []string {
	return []string{string(DNSAnswered), string(DNSNoAddress), string(DNSNoName), string(DNSFailed)}
}

// DNSName is one name of a view. A name that was not looked up has none, and
// nothing is known of it.
type DNSName struct {
	// Name is in lower case and without the dot at its end.
	Name string `json:"name"`
	// Types are those that were asked for: A, AAAA, both, or none where the form
	// does not tell.
	Types  []string  `json:"types"`
	Status DNSStatus `json:"status"`
	// Addresses are of both families, each once, in the order of the answers.
	Addresses []string `json:"addresses"`
	// Aliases are the names that it stands for, in order (CNAME).
	Aliases []string `json:"aliases"`
	// Reason explains a failure.
	Reason string `json:"reason"`
	Source Source `json:"source"`
}
