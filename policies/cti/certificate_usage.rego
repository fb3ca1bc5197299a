# METADATA
# title: Certificate of a CTI link is not for both ends
# description: |-
#   Finesse and the gateway show each other their certificates, and each is client and server at times. A template with
#   one of the two uses gives a link that never comes up.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12
# custom:
#   severity: high
#   fix: Have the certificate issued again from a template with server and client authentication.
#   controls: [CTI-04, CRT-07]
#   bad: "X509v3 Extended Key Usage: TLS Web Server Authentication"
#   good: "X509v3 Extended Key Usage: TLS Web Server Authentication, TLS Web Client Authentication"
package policies.cti.certificate_usage

import data.policies.lib.certificates
import data.policies.lib.cti

ends[subject] contains leaf if {
	some subject, leaves in cti.gateways
	some leaf in leaves
}

ends[subject] contains leaf.sha if {
	count(cti.servers) > 0
	some subject, node in certificates.nodes
	node.role == "finesse"
	some leaf in certificates.own[subject]
}

subjects contains subject if some subject, _ in cti.servers

subjects contains subject if some subject, _ in ends

findings contains {
	"subject": subject,
	"key": sprintf("%s %s", [leaf, side]),
	"message": sprintf("%s may not be used as a %s", [certificates.found[leaf].subject_name, side]),
	"sources": certificates.sources[leaf],
} if {
	some subject, leaves in ends
	some leaf in leaves
	certificates.found[leaf]
	some side in {"server", "client"}
	not certificates.may(leaf, side)
}

unsure contains {"subject": subject, "reason": "no certificate of the gateway is known"} if {
	some subject, _ in cti.servers
	not ends[subject]
}
