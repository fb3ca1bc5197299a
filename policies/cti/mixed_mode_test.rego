package policies.cti.mixed_mode_test

import data.policies.cti.mixed_mode as rule
import data.policies.lib.trust_fixture as trust

test_fires_on_mixed_mode if count(rule.findings) == 1 with input as trust.cti({"mode": "mixed"}, {})

test_silent_on_secured_mode if {
	count(rule.findings) == 0 with input as trust.cti({}, {})
	count(rule.unsure) == 0 with input as trust.cti({}, {})
	rule.subjects == {"cti/CG1-a"} with input as trust.cti({}, {})
}

test_unsure_when_not_declared if count(rule.unsure) == 1 with input as trust.cti({"mode": "unknown"}, {})
