# METADATA
# title: Trust list holds a certificate that is not valid now
# description: |-
#   What an expired CA signed is refused, however long the certificate itself may last. A certificate that nobody needs
#   any more hides the one that was renewed.
# custom:
#   severity: medium
#   fix: Upload the renewed certificate of the CA as tomcat-trust and delete the old one.
#   controls: [CRT-22]
#   bad: "tomcat-trust/Corp_Root.pem valid to 2024-01-01"
#   good: "tomcat-trust/Corp_Root.pem valid to 2034-01-01"
package policies.cert.trust_ended

import data.policies.lib.certificates

held contains {"subject": list.subject, "sha": sha, "source": list.source} if {
	some record in input.certchain
	some list in record.trusts
	some sha in list.certificates
}

subjects contains h.subject if some h in held

readable contains sha if {
	some sha in {h.sha | some h in held}
	certificates.readable_time(certificates.found[sha].not_before)
	certificates.readable_time(certificates.found[sha].not_after)
	certificates.readable_time(input.header.at)
}

findings contains {
	"subject": h.subject,
	"key": h.sha,
	"message": sprintf("%s is valid from %s to %s only", [certificates.found[h.sha].subject_name, certificates.found[h.sha].not_before, certificates.found[h.sha].not_after]),
	"sources": certificates.sources[h.sha],
} if {
	some h in held
	h.sha in readable
	outside(certificates.found[h.sha].not_before, certificates.found[h.sha].not_after)
}

outside(_, to) if time.parse_rfc3339_ns(to) < time.parse_rfc3339_ns(input.header.at)

outside(from, _) if time.parse_rfc3339_ns(from) > time.parse_rfc3339_ns(input.header.at)

unsure contains {"subject": h.subject, "reason": "the validity of a certificate could not be read"} if {
	some h in held
	not h.sha in readable
}
