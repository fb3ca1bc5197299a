# METADATA
# title: Certificate is not valid now
# description: |-
#   Browsers refuse an expired certificate, or one whose time has not come, and so do the nodes among themselves: agents
#   cannot log in, with errors that name passwords instead of certificates.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
# custom:
#   severity: critical
#   fix: Install a certificate that is valid now, and correct the clock if that one should be.
#   controls: [CRT-08, CRT-10]
#   bad: "notAfter=Jan  1 00:00:00 2024 GMT"
#   good: "notAfter=Jan  1 00:00:00 2027 GMT"
package policies.cert.expired

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.chained

readable contains sha if {
	some sha in certificates.chained
	certificates.readable_time(certificates.found[sha].not_before)
	certificates.readable_time(certificates.found[sha].not_after)
	certificates.readable_time(input.header.at)
}

findings contains {
	"subject": certificate.subject,
	"key": "expired",
	"message": sprintf("%s expired at %s", [certificate.subject_name, certificate.not_after]),
	"sources": certificates.sources[sha],
} if {
	some sha in readable
	certificate := certificates.found[sha]
	time.parse_rfc3339_ns(certificate.not_after) < time.parse_rfc3339_ns(input.header.at)
}

findings contains {
	"subject": certificate.subject,
	"key": "early",
	"message": sprintf("%s is valid from %s only", [certificate.subject_name, certificate.not_before]),
	"sources": certificates.sources[sha],
} if {
	some sha in readable
	certificate := certificates.found[sha]
	time.parse_rfc3339_ns(certificate.not_before) > time.parse_rfc3339_ns(input.header.at)
}

unsure contains {"subject": certificates.subject(sha), "reason": "its validity could not be read"} if {
	some sha in certificates.chained
	not sha in readable
}
