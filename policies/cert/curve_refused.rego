# METADATA
# title: Elliptic-curve certificate where the product cannot use one
# description: |-
#   Live Data of Unified CCX fails with an ECDSA certificate (CSCvb46250), and nobody can log in where one was signed by
#   an RSA key (CSCvb58580). Clients of the Webex workforce product accept RSA only.
# custom:
#   severity: high
#   fix: Present an RSA certificate on the node, or have the ECDSA certificate signed by an authority with an ECDSA key.
#   controls: [CRT-17, CRT-23]
#   optional: [vos]
#   bad: "uccx-a.corp.example presents a P-256 certificate"
#   good: "uccx-a.corp.example presents an RSA 2048 certificate"
package policies.cert.curve_refused

import data.policies.lib.certificates

subjects contains subject if some subject, _ in certificates.nodes

# chosen[node]: which of its two kinds of certificate the node presents.
chosen[record.target] := {"kind": upper(record.tls_certificate_type.value), "source": record.tls_certificate_type.source} if {
	some record in input.vos
	record.tls_certificate_type.known
}

curved contains target if {
	some target, choice in chosen
	choice.kind in {"EC", "ECDSA"}
}

# What lies in the unit of the kind that is not chosen is not presented. A node that
# does not tell presents what it did before it could choose.
presented(_, place, _) if place == "served"

presented(node, "file", "tomcat") if not node in curved

presented(node, "file", "tomcat-ecdsa") if node in curved

findings contains {
	"subject": subject,
	"key": sprintf("product %s", [leaf.sha]),
	"message": sprintf("%s has an ECDSA key, which %s cannot use", [certificates.found[leaf.sha].subject_name, node.role]),
	"sources": certificates.sources[leaf.sha],
} if {
	some subject, node in certificates.nodes
	node.role in input.profile.parameters.trust.rsa_only_roles
	some leaf in certificates.own[subject]
	presented(subject, leaf.place, leaf.unit)
	certificates.found[leaf.sha].key_algorithm == "ECDSA"
}

findings contains {
	"subject": subject,
	"key": "chosen kind",
	"message": sprintf("the node is set to present its ECDSA certificate, which %s cannot use", [node.role]),
	"fix": sprintf("Run on %s: set tls server cert_type RSA", [node.name]),
	"sources": [chosen[subject].source],
} if {
	some subject, node in certificates.nodes
	node.role in input.profile.parameters.trust.rsa_only_roles
	subject in curved
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

unsure contains {"subject": subject, "reason": "the node keeps certificates of both kinds, and show tls server cert_type does not tell which it presents"} if {
	some subject, node in certificates.nodes
	node.role in input.profile.parameters.trust.rsa_only_roles
	not chosen[subject]
	units := {leaf.unit | some leaf in certificates.own[subject]; leaf.place == "file"}
	units == {"tomcat", "tomcat-ecdsa"}
	not served(subject)
}

served(subject) if {
	some leaf in certificates.own[subject]
	leaf.place == "served"
}
