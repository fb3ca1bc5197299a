# METADATA
# title: Edge presents a self-signed certificate
# description: |-
#   Browsers warn about it, agents learn to click the warning away, and then nobody notices the certificate of an
#   attacker. Outside of a laboratory a CA that browsers trust has to sign.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280
# custom:
#   severity: high
#   fix: Have a CA that the agents' browsers trust sign a certificate for the edge, and install it with its chain.
#   controls: [CRT-01, CIS-NGX-4.1.2]
#   bad: "issuer and subject both CN=desk-a.agents.example"
#   good: "issuer CN=Example Issuing CA, subject CN=desk-a.agents.example"
package policies.cert.self_signed_edge

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.edge_leaves

findings contains {
	"subject": certificate.subject,
	"key": "self-signed",
	"message": sprintf("%s signed itself", [certificate.subject_name]),
	"sources": certificates.sources[sha],
	"witness": {"kind": "chain", "text": certificate.subject_name},
} if {
	some sha in certificates.edge_leaves
	certificate := certificates.found[sha]
	certificate.self_signed
}

unsure contains {"subject": certificates.subject(sha), "reason": "a chain names the certificate, but it could not be read"} if {
	some sha in certificates.edge_leaves
	not certificates.found[sha]
}
