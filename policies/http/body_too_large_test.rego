package policies.http.body_too_large_test

import data.policies.http.body_too_large as rule
import data.policies.lib.fixture

doc(setting, locations) := object.union(fixture.single([setting], locations), {"profile": {"parameters": {"body_bytes": 15728640}}})

size(n) := fixture.amount("client_max_body_size", "x", n, 25)

test_fires_above_the_limit if count(rule.findings) == 1 with input as doc(size(15728641), [])

test_fires_on_zero_which_is_no_limit if count(rule.findings) == 1 with input as doc(size(0), [])

test_fires_in_a_location if {
	some f in rule.findings with input as doc(size(1048576), [fixture.location("exact", "/upload", [fixture.amount("client_max_body_size", "1g", 1073741824, 34)], [])])
	f.key == "location = /upload"
}

test_silent_at_the_limit if {
	count(rule.findings) == 0 with input as doc(size(15728640), [])
	count(rule.unsure) == 0 with input as doc(size(15728640), [])
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc(fixture.setting("client_max_body_size", ["big"], 25), [])
