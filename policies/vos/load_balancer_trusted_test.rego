package policies.vos.load_balancer_trusted_test

import data.policies.lib.fixture
import data.policies.vos.load_balancer_trusted as rule

doc(hosts, balancers) := {"vos": [fixture.vos("node/fin-a", {"allowed_hosts": hosts})], "site": object.union(fixture.site, {"load_balancers": balancers})}

hosts := fixture.list(["desk-a.agents.example", "198.51.100.7"], 20)

test_fires_on_an_address if {
	some f in rule.findings with input as doc(hosts, ["198.51.100.7"])
	f.key == "198.51.100.7"
	count(f.sources) == 2
}

test_fires_on_a_name_in_any_case if count(rule.findings) == 1 with input as doc(fixture.list(["LB.example"], 20), ["lb.example"])

test_fires_on_an_address_inside_a_declared_network if count(rule.findings) == 1 with input as doc(hosts, ["198.51.100.0/24"])

test_silent_without_overlap if {
	count(rule.findings) == 0 with input as doc(hosts, ["198.51.100.9", "203.0.113.0/24"])
	count(rule.unsure) == 0 with input as doc(hosts, ["198.51.100.9"])
}

test_silent_on_text_that_is_no_address if count(rule.findings) == 0 with input as doc(fixture.list(["999.999.1.1", "a/b"], 20), ["198.51.100.0/24"])

test_unsure_when_the_list_is_not_known if count(rule.unsure) == 1 with input as doc(fixture.no_list, ["198.51.100.7"])

test_silent_about_a_node_that_trusts_no_gate if {
	d := doc(fixture.list(["lb.example"], 20), ["lb.example"])
	site := object.union(object.get(d, "site", fixture.site), {"nodes": [fixture.node("fin-a", "ucm", "ucm-a.corp.example")]})
	count(rule.findings) > 0 with input as d
	count(rule.subjects) == 0 with input as object.union(d, {"site": site})
	count(rule.findings) == 0 with input as object.union(d, {"site": site})
}

test_fires_on_a_newer_address_inside_a_declared_network if {
	d := doc(fixture.list(["2001:db8::7"], 20), ["2001:db8::/32"])
	count(rule.findings) == 1 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}
