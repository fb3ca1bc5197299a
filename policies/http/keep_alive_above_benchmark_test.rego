package policies.http.keep_alive_above_benchmark_test

import data.policies.http.keep_alive_above_benchmark as rule
import data.policies.lib.fixture

profile(limit) := {"profile": {"parameters": {"keep_alive": 20000, "http": {"benchmark": {"keep_alive": limit}}}}}

doc(setting, limit) := object.union(fixture.single([setting], []), profile(limit))

vendor := fixture.amount("keepalive_timeout", "20s", 20000, 24)

test_fires_on_the_vendor_value_under_the_benchmark if {
	some f in rule.findings with input as doc(vendor, 10000)
	f.key == "keepalive_timeout"
	startswith(f.fix, "keepalive_timeout 10000")
}

test_fires_in_a_location if {
	here := fixture.location("prefix", "/x", [vendor], [])
	d := object.union(fixture.single([fixture.amount("keepalive_timeout", "10s", 10000, 24)], [here]), profile(10000))
	{f.key | some f in rule.findings} == {"location /x"} with input as d
}

test_silent_without_a_benchmark if {
	count(rule.findings) == 0 with input as doc(vendor, 20000)
	count(rule.unsure) == 0 with input as doc(vendor, 20000)
}

test_silent_beyond_the_vendor_value if {
	count(rule.findings) == 0 with input as doc(fixture.amount("keepalive_timeout", "x", 80000, 24), 10000)
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc(fixture.unresolved("keepalive_timeout"), 10000)

test_unsure_when_absent if count(rule.unsure) == 1 with input as object.union(fixture.single([], []), profile(10000))
