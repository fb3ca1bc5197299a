package policies.cti.clear_text_mode_test

import data.policies.cti.clear_text_mode as rule
import data.policies.lib.trust_fixture as trust

test_fires_on_clear_text if count(rule.findings) == 1 with input as trust.cti({"mode": "non-secured"}, {})

test_silent_on_other_modes if {
	count(rule.findings) == 0 with input as trust.cti({"mode": "mixed"}, {})
	count(rule.unsure) == 0 with input as trust.cti({}, {})
	rule.subjects == {"cti/CG1-a"} with input as trust.cti({}, {})
}

test_unsure_when_not_declared if count(rule.unsure) == 1 with input as trust.cti({"mode": "unknown"}, {})
