# METADATA
# title: Certificate carries the name of a published sample
# description: |-
#   The installer fills in a sample name when nobody gives one. Such a certificate names the vendor's domain, fits no
#   host of the site, and shows that other defaults may be left as well.
# custom:
#   severity: medium
#   fix: Set the certificate's common and alternative names to the site's external hosts and have it issued again.
#   controls: [CRT-05]
#   bad: "CN=*.cisco.com"
#   good: "CN=desk-a.agents.example"
package policies.cert.sample_name

import data.policies.lib.certificates

subjects contains certificates.subject(sha) if some sha in certificates.edge_leaves

samples := {name | some name in input.profile.parameters.samples.certificate_names}

findings contains {
	"subject": certificate.subject,
	"key": "name",
	"message": sprintf("the certificate is for %s", [concat(" and ", left)]),
	"sources": certificates.sources[sha],
} if {
	some sha in certificates.edge_leaves
	certificate := certificates.found[sha]
	left := {lower(name) | some name in array.concat([certificate.common_name], certificate.dns_names)} & samples
	count(left) > 0
}

findings contains {
	"subject": certificate.subject,
	"key": "organisation",
	"message": "the certificate names the organisation of the sample",
	"sources": certificates.sources[sha],
} if {
	some sha in certificates.edge_leaves
	certificate := certificates.found[sha]
	some unit in input.profile.parameters.samples.organizational_units
	regex.match(sprintf(`(^|[,+/ ])OU=%s($|[,+/])`, [unit]), certificate.subject_name)
}

unsure contains {"subject": certificates.subject(sha), "reason": "a chain names the certificate, but it could not be read"} if {
	some sha in certificates.edge_leaves
	not certificates.found[sha]
}
