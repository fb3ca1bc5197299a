package policies.tls.stapling_without_verification_test

import data.policies.lib.fixture
import data.policies.tls.stapling_without_verification as rule

doc(staple, verify) := fixture.single([fixture.setting("ssl_stapling", [staple], 21), verify], [])

test_fires_when_only_stapling_is_on if {
	some f in rule.findings with input as doc("on", fixture.preset("ssl_stapling_verify", ["off"]))
	f.key == "ssl_stapling_verify"
}

test_silent_when_both_are_on if {
	d := doc("on", fixture.setting("ssl_stapling_verify", ["on"], 22))
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_when_nothing_is_stapled if count(rule.findings) == 0 with input as doc("off", fixture.preset("ssl_stapling_verify", ["off"]))

test_unsure_when_stapling_is_not_known if count(rule.unsure) == 1 with input as fixture.single([], [])

test_unsure_when_verification_is_not_known if count(rule.unsure) == 1 with input as fixture.single([fixture.setting("ssl_stapling", ["on"], 21)], [])

test_unsure_when_the_default_is_not_known if count(rule.unsure) == 1 with input as fixture.single([fixture.unresolved("ssl_stapling")], [])
