# METADATA
# title: Elliptic-curve certificate where the product cannot use one
# description: |-
#   Live Data of Unified CCX fails with an ECDSA certificate (CSCvb46250), and nobody can log in where one was signed by
#   an RSA key (CSCvb58580). Clients of the Webex workforce product accept RSA only.
# custom:
#   severity: high
#   fix: Present an RSA certificate on the node, or have the ECDSA certificate signed by an authority with an ECDSA key.
#   controls: [CRT-17, CRT-23]
#   bad: "uccx-a.corp.example presents a P-256 certificate"
#   good: "uccx-a.corp.example presents an RSA 2048 certificate"
package policies.cert.curve_refused

import data.policies.lib.certificates

subjects contains subject if some subject, _ in certificates.nodes

# What only lies in the unit of the other kind of key is not presented.
presented(place, _) if place == "served"

presented(_, unit) if unit == "tomcat"

findings contains {
	"subject": subject,
	"key": sprintf("product %s", [leaf.sha]),
	"message": sprintf("%s has an ECDSA key, which %s cannot use", [certificates.found[leaf.sha].subject_name, node.role]),
	"sources": certificates.sources[leaf.sha],
} if {
	some subject, node in certificates.nodes
	node.role in input.profile.parameters.trust.rsa_only_roles
	some leaf in certificates.own[subject]
	presented(leaf.place, leaf.unit)
	certificates.found[leaf.sha].key_algorithm == "ECDSA"
}

findings contains {
	"subject": subject,
	"key": sprintf("issuer %s", [leaf.sha]),
	"message": sprintf("%s has an ECDSA key and is signed by an RSA key", [certificates.found[leaf.sha].subject_name]),
	"sources": certificates.sources[leaf.sha],
} if {
	some subject, node in certificates.nodes
	node.role in input.profile.parameters.trust.one_family_roles
	some leaf in certificates.own[subject]
	certificates.found[leaf.sha].key_algorithm == "ECDSA"
	certificates.found[leaf.sha].issuer_key_algorithm == "RSA"
}

unsure contains {"subject": subject, "reason": "no certificate of the node is known"} if {
	some subject, _ in certificates.nodes
	not certificates.own[subject]
}
