# METADATA
# title: Single sign-on is signed with a weak key or hash
# description: |-
#   Whoever can forge the signature of the identity provider logs in as any agent. SHA-1 and short RSA keys no longer
#   keep him from it.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9231
# custom:
#   severity: high
#   fix: Make the signing certificate with at least the profile's rsa_bits and SHA-256, and choose rsa-sha256 as signature algorithm.
#   controls: [SSO-10]
#   bad: "SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\""
#   good: "SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\""
package policies.sso.weak_signature

import data.policies.lib.saml

subjects contains subject if some subject, _ in saml.documents

broken(name) if regex.match(`(?i)(^|[^a-z0-9])(sha-?1|md[245])($|[^0-9])`, name)

defects[[key.document, sprintf("key %s", [key.sha256])]] contains {"text": sprintf("%s has an RSA key of %d bit", [key.subject_name, key.key_bits]), "source": key.source} if {
	some list in saml.signing
	some key in list
	key.key_algorithm == "RSA"
	key.key_bits < input.profile.parameters.rsa_bits
}

defects[[key.document, sprintf("hash %s", [key.sha256])]] contains {"text": sprintf("%s is signed with %s", [key.subject_name, key.signature_hash]), "source": key.source} if {
	some list in saml.signing
	some key in list
	broken(key.signature_hash)
}

defects[[subject, sprintf("signature %s", [name])]] contains {"text": sprintf("the metadata is signed with %s", [name]), "source": signature.source} if {
	some subject, document in saml.documents
	some signature in document.signatures
	some name in [signature.algorithm, signature.digest]
	broken(name)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": concat("; ", {d.text | some d in list}),
	"sources": [s | some s in {d.source | some d in list}],
} if {
	some id, list in defects
}

keyed contains key.document if {
	some list in saml.signing
	some key in list
}

unsure contains {"subject": subject, "reason": "the metadata names no signing certificate"} if {
	some subject in subjects
	not subject in keyed
}
