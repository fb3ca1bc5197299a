package policies.cert.untrusted_node_listener_test

import data.policies.cert.untrusted_node_listener as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

chain(port, fields) := object.union(trust.served("uccx-a", "aa11", port), fields)

doc(chains) := {
	"certchain": [trust.record("node/uccx-a", [], chains, [])],
	"site": trust.site([object.union(trust.declared("uccx-a", "uccx"), {"live": {"ports": ["8445", "12015"]}})]),
	"profile": {"parameters": {"trust": {"browser_ports": [{"role": "uccx", "ports": [8445, 12015]}]}}},
}

test_fires_on_the_port_that_kept_its_certificate if {
	some f in rule.findings with input as doc([chain(8445, {}), chain(12015, {"trusted": fixture.known(false), "reason": "unknown authority"})])
	f.key == "12015"
}

test_silent_when_all_are_trusted if {
	d := doc([chain(8445, {}), chain(12015, {})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_about_a_port_that_nobody_looked_at if {
	some u in rule.unsure with input as doc([chain(8445, {})])
	contains(u.reason, "12015")
}

test_unsure_without_roots if count(rule.unsure) == 1 with input as doc([chain(8445, {}), chain(12015, {"trusted": fixture.unknown(false)})])

test_silent_on_a_node_off_the_network if {
	site := trust.site([object.union(trust.declared("uccx-a", "uccx"), {"live": {"ports": []}})])
	count(rule.subjects) == 0 with input as object.union(doc([]), {"site": site})
}
