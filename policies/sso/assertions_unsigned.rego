# METADATA
# title: Identity service accepts unsigned assertions
# description: |-
#   The assertion says who logs in. Where the identity service does not ask for its signature, everything depends on the
#   signature of the envelope around it, which wrapping gets around.
# related_resources:
# - ref: https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
# custom:
#   severity: high
#   fix: Use metadata with WantAssertionsSigned="true" and let the identity provider sign assertions.
#   controls: [SSO-10]
#   bad: "<SPSSODescriptor WantAssertionsSigned=\"false\">"
#   good: "<SPSSODescriptor WantAssertionsSigned=\"true\">"
package policies.sso.assertions_unsigned

import data.policies.lib.saml

subjects contains entity.document if {
	some role in {"sp_lan", "sp_proxy"}
	some entity in saml.service_providers[role]
}

findings contains {
	"subject": entity.document,
	"key": entity.entity_id,
	"message": sprintf("%s does not ask for signed assertions", [entity.entity_id]),
	"sources": [entity.source],
} if {
	some role in {"sp_lan", "sp_proxy"}
	some entity in saml.service_providers[role]
	entity.want_assertions_signed.known
	not entity.want_assertions_signed.value
}

unsure contains {"subject": entity.document, "reason": sprintf("whether %s asks for signed assertions is not known", [entity.entity_id])} if {
	some role in {"sp_lan", "sp_proxy"}
	some entity in saml.service_providers[role]
	not entity.want_assertions_signed.known
}
