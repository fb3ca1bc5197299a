# METADATA
# title: Edge certificate is valid for too long
# description: |-
#   Browsers refuse certificates of public CAs beyond this span, and a stolen key stays useful until the end. Self-made
#   certificates of the installer live for years.
# related_resources:
# - ref: https://cabforum.org/working-groups/server/baseline-requirements/
# custom:
#   severity: low
#   fix: Have the certificate issued for no more than the profile's certificate_days_max.
#   controls: [CRT-08]
#   bad: "1095 days from notBefore to notAfter"
#   good: "365 days from notBefore to notAfter"
package policies.cert.too_long_lived

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.edge_leaves

readable contains sha if {
	some sha in certificates.edge_leaves
	certificates.readable_time(certificates.found[sha].not_before)
	certificates.readable_time(certificates.found[sha].not_after)
}

findings contains {
	"subject": certificate.subject,
	"key": "span",
	"message": sprintf("%s is valid for %d days; the profile allows %d", [certificate.subject_name, days, input.profile.parameters.certificate_days_max]),
	"sources": certificates.sources[sha],
} if {
	some sha in readable
	certificate := certificates.found[sha]
	days := certificates.whole_days(certificate.not_before, certificate.not_after)
	days > input.profile.parameters.certificate_days_max
}

unsure contains {"subject": certificates.subject(sha), "reason": "its validity could not be read"} if {
	some sha in certificates.edge_leaves
	not sha in readable
}
