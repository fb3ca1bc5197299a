# METADATA
# title: Signing certificate of single sign-on has ended or ends soon
# description: |-
#   When it ends, every login stops at once, inside and outside. Its renewal needs the identity provider's people too,
#   which takes longer than a day.
# custom:
#   severity: high
#   fix: Make the signing certificate again, exchange the metadata in both directions and test the login.
#   controls: [SSO-10]
#   bad: "a signing certificate with 9 days left"
#   good: "a signing certificate with 200 days left"
package policies.sso.signing_certificate_ended

import data.policies.lib.certificates
import data.policies.lib.saml

subjects contains subject if some subject, _ in saml.documents

keys contains {"subject": key.document, "sha": key.sha256, "name": key.subject_name, "from": key.not_before, "to": key.not_after, "source": key.source} if {
	some list in saml.signing
	some key in list
}

readable contains key if {
	some key in keys
	certificates.readable_time(key.from)
	certificates.readable_time(key.to)
	certificates.readable_time(input.header.at)
}

ending[[key.subject, key.sha]] contains {"text": text(certificates.whole_days(input.header.at, key.to), key.name, key.to), "source": key.source} if {
	some key in readable
	certificates.whole_days(input.header.at, key.to) < input.profile.parameters.certificate_days_left
}

ending[[key.subject, key.sha]] contains {"text": sprintf("%s is valid from %s only", [key.name, key.from]), "source": key.source} if {
	some key in readable
	time.parse_rfc3339_ns(key.from) > time.parse_rfc3339_ns(input.header.at)
}

text(days, name, to) := sprintf("%s ended at %s", [name, to]) if days < 0

text(days, name, _) := sprintf("%s has %d days left; the profile asks for %d", [name, days, input.profile.parameters.certificate_days_left]) if days >= 0

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": concat("; ", {e.text | some e in list}),
	"sources": [s | some s in {e.source | some e in list}],
} if {
	some id, list in ending
}

unsure contains {"subject": key.subject, "reason": "the validity of a signing certificate could not be read"} if {
	some key in keys
	not key in readable
}

signed contains key.subject if some key in keys

unsure contains {"subject": subject, "reason": "the metadata names no signing certificate"} if {
	some subject in subjects
	not subject in signed
}
