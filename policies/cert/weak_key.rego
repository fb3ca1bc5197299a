# METADATA
# title: Certificate has a weak key or signature
# description: |-
#   A short key can be factored and a broken hash can be matched by a forged certificate. Browsers refuse both, and the
#   nodes' Java does so after its next update.
# related_resources:
# - ref: https://www.rfc-editor.org/rfc/rfc9155
# - ref: https://www.rfc-editor.org/rfc/rfc9325#section-4.5
# custom:
#   severity: high
#   fix: Make a new key of at least the profile's size and have the certificate signed with SHA-256 or better.
#   controls: [CRT-06]
#   bad: "Public-Key: (1024 bit), sha1WithRSAEncryption"
#   good: "Public-Key: (2048 bit), sha256WithRSAEncryption"
package policies.cert.weak_key

import data.policies.lib.certificates

# The smallest curve that CA rules and browsers accept.
ec_bits := 256

broken_hashes := {"md2", "md4", "md5", "sha1"}

subjects contains certificates.subject(sha) if some sha in certificates.chained

short_key("RSA", bits, rsa_bits) if bits < rsa_bits

short_key("ECDSA", bits, _) if bits < ec_bits

short_key("DSA", _, _)

readable("RSA")

readable("ECDSA")

readable("DSA")

readable("Ed25519")

hash_id(name) := replace(replace(lower(name), "-", ""), "_", "")

findings contains {
	"subject": certificate.subject,
	"key": "key",
	"message": sprintf("%s has a %s key of %d bit", [certificate.subject_name, certificate.key_algorithm, certificate.key_bits]),
	"sources": certificates.sources[sha],
} if {
	some sha in certificates.chained
	certificate := certificates.found[sha]
	short_key(certificate.key_algorithm, certificate.key_bits, input.profile.parameters.rsa_bits)
}

# Nobody relies on the signature of a root: it is trusted by its presence.
findings contains {
	"subject": certificate.subject,
	"key": "signature",
	"message": sprintf("%s is signed with %s", [certificate.subject_name, certificate.signature_hash]),
	"sources": certificates.sources[sha],
} if {
	some sha in certificates.chained
	certificate := certificates.found[sha]
	hash_id(certificate.signature_hash) in broken_hashes
	not is_root(certificate.self_signed, certificate.ca)
}

is_root(true, true)

unsure contains {"subject": certificate.subject, "reason": sprintf("key algorithm %q is not judged", [certificate.key_algorithm])} if {
	some sha in certificates.chained
	certificate := certificates.found[sha]
	not readable(certificate.key_algorithm)
}

unsure contains {"subject": certificates.subject(sha), "reason": "a chain names the certificate, but it could not be read"} if {
	some sha in certificates.chained
	not certificates.found[sha]
}
