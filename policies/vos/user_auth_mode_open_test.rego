package policies.vos.user_auth_mode_open_test

import data.policies.lib.fixture
import data.policies.vos.user_auth_mode_open as rule

doc(value) := {"vos": [fixture.vos("node/fin-a", {"user_auth_mode": value}), fixture.vos("node/cuic-a", {})], "site": fixture.site}

test_fires_on_the_wrong_value if {
	some f in rule.findings with input as doc(fixture.value("true", 70))
	f.message == "enableUserAuthMode is true: the interface answers without a login"
	f.sources == [fixture.cli(70)]
}

test_silent_on_the_right_value if {
	count(rule.findings | rule.unsure) == 0 with input as doc(fixture.value("false", 70))
	rule.subjects == {"node/fin-a"} with input as doc(fixture.value("false", 70))
}

test_unsure_when_it_was_not_shown if {
	count(rule.findings) == 0 with input as doc(fixture.no_value)
	count(rule.unsure) == 1 with input as doc(fixture.no_value)
}

test_unsure_about_a_value_of_its_own if {
	count(rule.findings) == 0 with input as doc(fixture.value("1", 70))
	count(rule.unsure) == 1 with input as doc(fixture.value("1", 70))
}
