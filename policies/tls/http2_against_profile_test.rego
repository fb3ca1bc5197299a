package policies.tls.http2_against_profile_test

import data.policies.lib.fixture
import data.policies.tls.http2_against_profile as rule

doc(http2, wish) := {"nginxrules": [fixture.nginx([s], [fixture.socket(8445, [s], true)])], "profile": {"parameters": {"http2": wish}}} if {
	s := object.union(fixture.server("desk-a.agents.example", 8445, [], []), {"listens": [object.union(fixture.listen("*", 8445, true), {"http2": http2})]})
}

test_fires_when_required_and_off if count(rule.findings) == 1 with input as doc(false, "required")

test_fires_when_forbidden_and_on if count(rule.findings) == 1 with input as doc(true, "forbidden")

test_silent_when_required_and_on if count(rule.findings) == 0 with input as doc(true, "required")

test_silent_when_either_will_do if {
	count(rule.findings) == 0 with input as doc(false, "either")
	count(rule.findings) == 0 with input as doc(true, "either")
	count(rule.subjects) == 1 with input as doc(true, "either")
}
