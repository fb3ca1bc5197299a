# METADATA
# title: Certificate expires soon
# description: |-
#   The gate stops for every agent at the same second when its certificate ends, and a new one needs people of several
#   departments. The profile says how many days that takes.
# custom:
#   severity: high
#   fix: Have the certificate issued again and install it on every edge and node that presents it.
#   controls: [CRT-08]
#   bad: "notAfter in 9 days"
#   good: "notAfter in 200 days"
package policies.cert.expiring

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.chained

readable contains sha if {
	some sha in certificates.chained
	certificates.readable_time(certificates.found[sha].not_after)
	certificates.readable_time(input.header.at)
}

# What has ended already is reported by another rule.
findings contains {
	"subject": certificate.subject,
	"key": "soon",
	"message": sprintf("%s has %d days left; the profile asks for %d", [certificate.subject_name, days, input.profile.parameters.certificate_days_left]),
	"sources": certificates.sources[sha],
} if {
	some sha in readable
	certificate := certificates.found[sha]
	days := certificates.whole_days(input.header.at, certificate.not_after)
	days >= 0
	days < input.profile.parameters.certificate_days_left
}

unsure contains {"subject": certificates.subject(sha), "reason": "its validity could not be read"} if {
	some sha in certificates.chained
	not sha in readable
}
