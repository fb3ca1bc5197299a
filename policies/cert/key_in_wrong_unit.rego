# METADATA
# title: Certificate lies in the unit of the other kind of key
# description: |-
#   The unit tomcat holds the RSA certificate of a node and tomcat-ECDSA the one with an elliptic curve. A certificate in
#   the wrong one is offered to clients that cannot use it.
# custom:
#   severity: medium
#   fix: Upload the RSA certificate as tomcat and the ECDSA certificate as tomcat-ECDSA.
#   controls: [CRT-16]
#   bad: "tomcat/tomcat.pem with a P-256 key"
#   good: "tomcat/tomcat.pem with an RSA key, tomcat-ECDSA/tomcat-ECDSA.pem with a P-256 key"
package policies.cert.key_in_wrong_unit

import data.policies.lib.certificates

wanted := {"tomcat": "RSA", "tomcat-ecdsa": "ECDSA"}

subjects contains subject if some subject, _ in certificates.nodes

findings contains {
	"subject": subject,
	"key": leaf.unit,
	"message": sprintf("the unit %s holds a certificate with an %s key", [leaf.unit, certificates.found[leaf.sha].key_algorithm]),
	"sources": certificates.sources[leaf.sha],
} if {
	some subject, _ in certificates.nodes
	some leaf in certificates.own[subject]
	leaf.place == "file"
	certificates.found[leaf.sha].key_algorithm != wanted[leaf.unit]
}

filed contains subject if {
	some subject, leaves in certificates.own
	some leaf in leaves
	leaf.place == "file"
}

unsure contains {"subject": subject, "reason": "no certificate file of the node is known"} if {
	some subject, _ in certificates.nodes
	not subject in filed
}
