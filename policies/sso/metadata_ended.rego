# METADATA
# title: Metadata of single sign-on is past its validity
# description: |-
#   A party that holds to the standard refuses metadata after its validUntil, and refuses the login with it. It also
#   shows that nobody took a newer one.
# related_resources:
# - ref: https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
# custom:
#   severity: medium
#   fix: Download the metadata again and import it at the other party.
#   controls: [SSO-10, SSO-07]
#   bad: "validUntil=\"2024-01-01T00:00:00Z\""
#   good: "validUntil=\"2027-01-01T00:00:00Z\""
package policies.sso.metadata_ended

import data.policies.lib.certificates
import data.policies.lib.saml

subjects contains subject if some subject, _ in saml.documents

spans contains {"subject": subject, "until": document.valid_until.value, "source": document.source} if {
	some subject, document in saml.documents
	document.valid_until.known
}

spans contains {"subject": entity.document, "until": entity.valid_until.value, "source": entity.source} if {
	some record in input.saml
	some entity in record.entities
	entity.valid_until.known
}

ended[[span.subject, span.until]] contains span.source if {
	some span in spans
	certificates.readable_time(span.until)
	certificates.readable_time(input.header.at)
	time.parse_rfc3339_ns(span.until) < time.parse_rfc3339_ns(input.header.at)
}

findings contains {
	"subject": id[0],
	"key": "ended",
	"message": sprintf("the metadata was valid until %s", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in ended
	id[1] == min({other[1] | some other, _ in ended; other[0] == id[0]})
}

unsure contains {"subject": span.subject, "reason": sprintf("%q is no instant", [span.until])} if {
	some span in spans
	not certificates.readable_time(span.until)
}
