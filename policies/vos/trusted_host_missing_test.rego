package policies.vos.trusted_host_missing_test

import data.policies.lib.fixture
import data.policies.vos.trusted_host_missing as rule

doc(hosts) := {
	"vos": [fixture.vos("node/fin-a", {"allowed_hosts": hosts})], "site": fixture.site,
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
}

test_fires_on_a_missing_address if {
	found := rule.findings with input as doc(fixture.list(["desk-a.agents.example", "203.0.113.10"], 20))
	{f.key | some f in found} == {"10.9.0.10"}
	some f in found
	contains(f.fix, "allowed-hosts add 10.9.0.10")
	count(f.sources) == 2
}

test_fires_on_an_empty_list if count(rule.findings) == 3 with input as doc(fixture.list([], 20))

test_silent_in_any_case_and_order if {
	d := doc(fixture.list(["10.9.0.10", "203.0.113.10", "DESK-A.agents.example", "192.0.2.77"], 20))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_about_load_balancers if {
	d := object.union(doc(fixture.list(["desk-a.agents.example", "10.9.0.10"], 20)), {"site": object.union(fixture.site, {"load_balancers": ["203.0.113.10"]})})
	count(rule.findings) == 0 with input as d
}

test_unsure_when_the_list_is_not_known if {
	count(rule.findings) == 0 with input as doc(fixture.no_list)
	count(rule.unsure) == 1 with input as doc(fixture.no_list)
}

test_silent_about_a_node_that_trusts_no_gate if {
	d := doc(fixture.list([], 20))
	site := object.union(object.get(d, "site", fixture.site), {"nodes": [fixture.node("fin-a", "ucm", "ucm-a.corp.example")]})
	count(rule.findings) > 0 with input as d
	count(rule.subjects) == 0 with input as object.union(d, {"site": site})
	count(rule.findings) == 0 with input as object.union(d, {"site": site})
}

test_unsure_when_nobody_names_a_gate if {
	d := {"vos": [fixture.vos("node/fin-a", {"allowed_hosts": fixture.list([], 20)})], "site": object.union(fixture.site, {"edges": []}), "proxymap": []}
	count(rule.findings) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
	{u.reason | some u in rule.unsure} == {"neither the map nor the inventory names a gate"} with input as d
}
