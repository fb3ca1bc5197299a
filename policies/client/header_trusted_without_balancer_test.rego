package policies.client.header_trusted_without_balancer_test

import data.policies.client.header_trusted_without_balancer as rule
import data.policies.lib.fixture

doc(load_balancers) := object.union(
	fixture.single([fixture.setting("set_real_ip_from", ["203.0.113.20"], 20)], []),
	{"site": object.union(fixture.site, {"load_balancers": load_balancers})},
)

test_fires_without_a_load_balancer if {
	some f in rule.findings with input as doc([])
	f.key == "203.0.113.20"
	f.sources[0].line == 20
}

test_silent_with_one if {
	rule.subjects == {"edge/rp-a"} with input as doc(["203.0.113.20"])
	count(rule.findings) == 0 with input as doc(["203.0.113.20"])
}

test_silent_without_trust if {
	count(rule.subjects) == 1 with input as fixture.single([], [])
	count(rule.findings) == 0 with input as fixture.single([], [])
}
