package policies.http.keep_alive_too_long_test

import data.policies.http.keep_alive_too_long as rule
import data.policies.lib.fixture

doc(setting, limit) := object.union(fixture.single([setting], []), {"profile": {"parameters": {"keep_alive": limit}}})

vendor := fixture.amount("keepalive_timeout", "20s", 20000, 24)

test_fires_on_the_nginx_default if {
	some f in rule.findings with input as doc(object.union(fixture.preset("keepalive_timeout", ["75s"]), {"amount": fixture.known(75000)}), 20000)
	f.key == "keepalive_timeout"
}

test_fires_on_the_vendor_value_under_cis if count(rule.findings) == 1 with input as doc(vendor, 10000)

test_silent_on_the_vendor_value_under_its_own_profile if {
	count(rule.findings) == 0 with input as doc(vendor, 20000)
	count(rule.unsure) == 0 with input as doc(vendor, 20000)
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc(fixture.unresolved("keepalive_timeout"), 20000)

test_fires_in_a_location if {
	here := fixture.location("prefix", "/x", [fixture.amount("keepalive_timeout", "1h", 3600000, 30)], [])
	d := object.union(fixture.single([vendor], [here]), {"profile": {"parameters": {"keep_alive": 20000}}})
	{f.key | some f in rule.findings} == {"location /x"} with input as d
}

test_unsure_when_absent if {
	count(rule.unsure) == 1 with input as object.union(fixture.single([], []), {"profile": {"parameters": {"keep_alive": 20000}}})
}
