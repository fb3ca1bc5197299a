# METADATA
# title: Metadata has the signs of a wrapped signature
# description: |-
#   A signature that does not cover the entity around it, or an ID that two elements have, lets a reader verify one part
#   and use another. Such a file was put together by hand, or by an attacker.
# related_resources:
# - ref: https://www.w3.org/TR/xmldsig-bestpractices/
# custom:
#   severity: high
#   fix: Take the metadata again from the party that signs it, over a way that you trust.
#   controls: [SSO-10]
#   bad: "<Reference URI=\"#other\"> in the signature of the entity with ID=\"one\""
#   good: "<Reference URI=\"#one\"> in the signature of the entity with ID=\"one\""
package policies.sso.wrapping_possible

import data.policies.lib.saml

subjects contains subject if some subject, _ in saml.documents

findings contains {
	"subject": subject,
	"key": "nested",
	"message": sprintf("%d entities stand where the schema has none", [document.nested_entities]),
	"sources": [document.source],
} if {
	some subject, document in saml.documents
	document.nested_entities > 0
}

findings contains {
	"subject": subject,
	"key": "identifiers",
	"message": sprintf("several elements have the ID %s", [concat(", ", document.duplicate_ids)]),
	"sources": [document.source],
} if {
	some subject, document in saml.documents
	count(document.duplicate_ids) > 0
}

stray[[subject, signature.parent]] contains signature.source if {
	some subject, document in saml.documents
	some signature in document.signatures
	not signature.covers_parent
}

findings contains {
	"subject": id[0],
	"key": sprintf("signature %s", [id[1]]),
	"message": sprintf("the signature in %s covers something else", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in stray
}

unsure contains {"subject": subject, "reason": "the metadata could not be read whole"} if {
	some subject, document in saml.documents
	not document.complete
}
