package policies.cti.gateway_key_test

import data.policies.cti.gateway_key as rule
import data.policies.lib.trust_fixture as trust

test_fires_on_a_short_key_or_a_curve if {
	count(rule.findings) == 1 with input as trust.cti_trust({"key_bits": 1024}, {})
	count(rule.findings) == 1 with input as trust.cti_trust({"key_algorithm": "ECDSA", "key_bits": 256}, {})
}

test_silent_on_2048_bits if {
	count(rule.findings) == 0 with input as trust.cti_trust({"key_bits": 2048}, {})
	count(rule.unsure) == 0 with input as trust.cti_trust({}, {})
	rule.subjects == {"cti/CG1-a"} with input as trust.cti_trust({}, {})
}

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as trust.cti({}, {})
