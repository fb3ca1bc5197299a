# METADATA
# title: Trust list of a node lacks an issuer of its own certificate
# description: |-
#   Nodes are delivered without any root. The root and each intermediate of a certificate have to be uploaded before it,
#   and a subscriber has what its publisher passed on.
# custom:
#   severity: high
#   fix: Upload the missing CA certificate as tomcat-trust on the publisher, root first, and wait until it is on each node.
#   controls: [CRT-15]
#   bad: "tomcat-trust holds the issuing CA without its root"
#   good: "tomcat-trust holds the root and the issuing CA"
package policies.cert.trust_list_open

import data.policies.lib.certificates

files[record.target] contains {"unit": chain.unit, "list": chain.trust_unit, "closed": chain.trust_closed, "missing": chain.trust_missing, "source": chain.source} if {
	some record in input.certchain
	some chain in record.chains
	chain.place == "file"
	certificates.is_application("file", lower(chain.unit))
}

subjects contains subject if some subject, _ in certificates.nodes

findings contains {
	"subject": subject,
	"key": sprintf("%s %s", [f.unit, f.missing]),
	"message": sprintf("%s lacks %s, which the certificate of %s builds on", [f.list, f.missing, f.unit]),
	"fix": sprintf("Upload the certificate of %s as %s on %s.", [f.missing, f.list, certificates.nodes[subject].name]),
	"sources": [f.source],
} if {
	some subject, _ in certificates.nodes
	some f in files[subject]
	f.closed.known
	not f.closed.value
}

unsure contains {"subject": subject, "reason": sprintf("whether the issuers of %s are in a trust list is not known", [f.unit])} if {
	some subject, _ in certificates.nodes
	some f in files[subject]
	not f.closed.known
}

unsure contains {"subject": subject, "reason": "no certificate file of the node is known"} if {
	some subject, _ in certificates.nodes
	not files[subject]
}
