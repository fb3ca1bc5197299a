package policies.client.address_hidden_test

import data.policies.client.address_hidden as rule
import data.policies.lib.fixture

doc(settings, load_balancers) := object.union(
	fixture.single(settings, [fixture.location("prefix", "/desktop/", [], [fixture.forward("fin-a.corp.example", 8445)])]),
	{"site": object.union(fixture.site, {"load_balancers": load_balancers})},
)

test_fires_without_a_relay if {
	some f in rule.findings with input as doc([], ["lb.example"])
	f.sources[0].line == 10
}

test_silent_with_a_relay if {
	d := doc([fixture.inherited("set_real_ip_from", ["203.0.113.20"], 5)], ["203.0.113.20"])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_without_a_load_balancer if count(rule.subjects) == 0 with input as doc([], [])
