# METADATA
# title: Edge certificate may not be used by a server
# description: |-
#   A certificate that lists its uses and leaves out server authentication is refused by browsers. This happens when one
#   is issued from a template for clients.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12
# custom:
#   severity: high
#   fix: Have the certificate issued again from a template with server authentication.
#   controls: [CRT-07]
#   bad: "extended key usage clientAuth"
#   good: "extended key usages serverAuth, clientAuth"
package policies.cert.missing_server_auth

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.edge_leaves

findings contains {
	"subject": certificate.subject,
	"key": "serverAuth",
	"message": sprintf("the certificate may be used for %s only", [concat(", ", certificate.ext_key_usage)]),
	"sources": certificates.sources[sha],
} if {
	some sha in certificates.edge_leaves
	certificate := certificates.found[sha]
	not certificates.may(sha, "server")
}

unsure contains {"subject": certificates.subject(sha), "reason": "a chain names the certificate, but it could not be read"} if {
	some sha in certificates.edge_leaves
	not certificates.found[sha]
}
