# METADATA
# title: Certificate has only a common name
# description: |-
#   Browsers stopped reading the common name years ago and refuse a certificate without alternative names. Java clients
#   of the nodes do the same.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9525#section-6
# custom:
#   severity: high
#   fix: Have the certificate issued again with its host among the DNS names.
#   controls: [CRT-04]
#   bad: "subject CN=desk-a.agents.example without subjectAltName"
#   good: "subjectAltName DNS:desk-a.agents.example"
package policies.cert.common_name_only

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.leaves

findings contains {
	"subject": certificate.subject,
	"key": "names",
	"message": sprintf("%s has no alternative name", [certificate.subject_name]),
	"sources": certificates.sources[sha],
} if {
	some sha in certificates.leaves
	certificate := certificates.found[sha]
	count(certificate.dns_names) == 0
	count(certificate.ip_addresses) == 0
}

unsure contains {"subject": certificates.subject(sha), "reason": "a chain names the certificate, but it could not be read"} if {
	some sha in certificates.leaves
	not certificates.found[sha]
}
