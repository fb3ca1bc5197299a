# METADATA
# title: Installer makes a certificate under a sample name
# description: |-
#   Agents learn to click through warnings for a certificate that bears somebody else's name, and then click through
#   an attacker's as well. The name of the sample is the vendor's own.
# custom:
#   severity: medium
#   fix: Set CREATE_SELF_SIGNED_SSL_CERT=FALSE and install a certificate of an authority, or set CERTIFICATE_COMMON_NAME to the gate's name.
#   controls: [CRT-05]
#   optional: [env]
#   bad: CERTIFICATE_COMMON_NAME=*.cisco.com
#   good: CERTIFICATE_COMMON_NAME=desk-a.agents.example
package policies.env.sample_certificate_name

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# A certificate for a host of a sample's domain is no better than the sample itself.
sample(text) if {
	some pattern in array.concat(input.profile.parameters.samples.certificate_names, input.profile.parameters.samples.hosts)
	glob.match(pattern, null, lower(text))
}

findings contains {
	"subject": edge,
	"key": sprintf("%s CERTIFICATE_COMMON_NAME", [env.words(p.file)]),
	"message": sprintf("CERTIFICATE_COMMON_NAME in %s is the sample %s", [env.words(p.file), p.text]),
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.CERTIFICATE_COMMON_NAME
	sample(trim_space(p.text))
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.CERTIFICATE_COMMON_NAME
}

unsure contains u if some u in env.unread
