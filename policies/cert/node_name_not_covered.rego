# METADATA
# title: Certificate of a node does not name it
# description: |-
#   The gate, the other nodes and browsers in the office compare the full name of a server with the alternative names of
#   its certificate. The common name alone counts for none of them.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9525#section-6
# custom:
#   severity: high
#   fix: Make a new request on the node with its full name as alternative name, and have it signed.
#   controls: [CRT-13, XC-14]
#   bad: "fin-a.corp.example presents a certificate for DNS:fin-a"
#   good: "fin-a.corp.example presents a certificate for DNS:fin-a.corp.example"
package policies.cert.node_name_not_covered

import data.policies.lib.certificates

subjects contains subject if some subject, _ in certificates.nodes

findings contains {
	"subject": subject,
	"key": leaf.sha,
	"message": sprintf("%s is none of the alternative names of %s", [node.host, certificates.found[leaf.sha].subject_name]),
	"fix": sprintf("Run on %s: set csr gen %s; have the request signed with %s as an alternative name, then run: set cert import own %s", [node.name, unit_of(leaf.unit), node.host, unit_of(leaf.unit)]),
	"sources": array.concat(certificates.sources[leaf.sha], [node.source]),
} if {
	some subject, node in certificates.nodes
	node.host != ""
	some leaf in certificates.own[subject]
	certificates.found[leaf.sha]
	not certificates.names_host(leaf.sha, node.host)
}

# The command line writes the unit of the other kind of key in capitals.
unit_of(unit) := "tomcat-ECDSA" if unit == "tomcat-ecdsa"

unit_of(unit) := "tomcat" if unit != "tomcat-ecdsa"

unsure contains {"subject": subject, "reason": "no certificate of the node is known"} if {
	some subject, _ in certificates.nodes
	not certificates.own[subject]
}

unsure contains {"subject": subject, "reason": "the site file declares no host of the node"} if {
	some subject, node in certificates.nodes
	node.host == ""
}

unsure contains {"subject": subject, "reason": "a chain of the node names a certificate that could not be read"} if {
	some subject, _ in certificates.nodes
	some leaf in certificates.own[subject]
	not certificates.found[leaf.sha]
}
