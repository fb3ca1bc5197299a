package policies.http.body_above_benchmark_test

import data.policies.http.body_above_benchmark as rule
import data.policies.lib.fixture

profile(limit) := {"profile": {"parameters": {"body_bytes": 15728640, "http": {"benchmark": {"body_bytes": limit}}}}}

doc(setting, limit) := object.union(fixture.single([setting], []), profile(limit))

vendor := fixture.amount("client_max_body_size", "15m", 15728640, 24)

test_fires_on_the_vendor_value_under_the_benchmark if {
	some f in rule.findings with input as doc(vendor, 102400)
	f.key == "client_max_body_size"
	startswith(f.fix, "client_max_body_size 102400")
}

test_fires_in_a_location if {
	here := fixture.location("prefix", "/x", [vendor], [])
	d := object.union(fixture.single([fixture.amount("client_max_body_size", "100k", 102400, 24)], [here]), profile(102400))
	{f.key | some f in rule.findings} == {"location /x"} with input as d
}

test_silent_without_a_benchmark if {
	count(rule.findings) == 0 with input as doc(vendor, 15728640)
	count(rule.unsure) == 0 with input as doc(vendor, 15728640)
}

test_silent_beyond_the_vendor_value if {
	count(rule.findings) == 0 with input as doc(fixture.amount("client_max_body_size", "x", 62914560, 24), 102400)
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc(fixture.unresolved("client_max_body_size"), 102400)

test_unsure_when_absent if count(rule.unsure) == 1 with input as object.union(fixture.single([], []), profile(102400))
