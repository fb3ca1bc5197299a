# METADATA
# title: Finesse trusts every certificate
# description: |-
#   With the property trustAllCertificates on, Finesse talks to whoever answers under the name of its peers, and nobody
#   notices an impostor. The value true turns validation off, although one guide labels it the other way round.
# custom:
#   severity: high
#   fix: Run utils finesse set_property webservices trustAllCertificates false on the node and restart Cisco Finesse Tomcat.
#   controls: [CRT-22]
#   bad: "trustAllCertificates: true"
#   good: "trustAllCertificates: false"
package policies.cert.validation_off

import data.policies.lib.inventory

desktops contains node if {
	some node in input.vos
	inventory.nodes[node.target].role in {"finesse", "uccx"}
}

subjects contains node.target if some node in desktops

findings contains {
	"subject": node.target,
	"key": "trustAllCertificates",
	"message": "trustAllCertificates is true: certificates of peers are not validated",
	"sources": [node.trust_all_certificates.source],
} if {
	some node in desktops
	node.trust_all_certificates.known
	lower(node.trust_all_certificates.value) == "true"
}

unsure contains {"subject": node.target, "reason": "the property trustAllCertificates was not shown"} if {
	some node in desktops
	not node.trust_all_certificates.known
}

unsure contains {"subject": node.target, "reason": sprintf("trustAllCertificates is %q, neither true nor false", [node.trust_all_certificates.value])} if {
	some node in desktops
	node.trust_all_certificates.known
	not lower(node.trust_all_certificates.value) in {"true", "false"}
}
