# METADATA
# title: Key of a gateway is not RSA, or too short
# description: |-
#   The tool of the gateway handles RSA keys only, and keys below the size that libraries accept are refused after the
#   next update of either side.
# custom:
#   severity: high
#   fix: Run CiscoCertUtil /generateCSR on the gateway, which makes a new key, and have the request signed.
#   controls: [CTI-07]
#   bad: "Public-Key: (1024 bit)"
#   good: "Public-Key: (2048 bit)"
package policies.cti.gateway_key

import data.policies.lib.certificates
import data.policies.lib.cti

subjects contains subject if some subject, _ in cti.servers

is_sound("RSA", bits) if bits >= input.profile.parameters.trust.cti.rsa_bits

findings contains {
	"subject": subject,
	"key": leaf,
	"message": sprintf("%s has a %s key of %d bit", [certificates.found[leaf].subject_name, certificates.found[leaf].key_algorithm, certificates.found[leaf].key_bits]),
	"sources": certificates.sources[leaf],
} if {
	some subject, leaves in cti.gateways
	some leaf in leaves
	certificates.found[leaf]
	not is_sound(certificates.found[leaf].key_algorithm, certificates.found[leaf].key_bits)
}

unsure contains {"subject": subject, "reason": "no certificate of the gateway is known"} if {
	some subject, _ in cti.servers
	not cti.gateways[subject]
}
