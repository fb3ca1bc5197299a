package policies.vos.map_source_on_edge_test

import data.policies.lib.fixture
import data.policies.vos.map_source_on_edge as rule

doc(uris) := {
	"vos": [fixture.vos("node/fin-a", {"config_uris": uris})], "site": fixture.site,
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
}

test_fires_on_an_address_of_the_gate if {
	some f in rule.findings with input as doc(fixture.list(["https://10.9.0.10:10000/proxymap.txt"], 30))
	f.key == "10.9.0.10"
	count(f.sources) == 2
}

test_fires_on_an_external_name if count(rule.findings) == 1 with input as doc(fixture.list(["http://desk-a.agents.example:10000/proxymap.txt"], 30))

test_silent_on_a_server_in_the_lan if {
	count(rule.findings) == 0 with input as doc(fixture.list(["https://map.corp.example/proxymap.txt"], 30))
	count(rule.unsure) == 0 with input as doc(fixture.list(["https://map.corp.example/proxymap.txt"], 30))
}

test_unsure_when_not_known if count(rule.unsure) == 1 with input as doc(fixture.no_list)

test_silent_about_a_node_that_trusts_no_gate if {
	d := doc(fixture.list(["https://10.9.0.10:10000/proxymap.txt"], 30))
	site := object.union(object.get(d, "site", fixture.site), {"nodes": [fixture.node("fin-a", "ucm", "ucm-a.corp.example")]})
	count(rule.findings) > 0 with input as d
	count(rule.subjects) == 0 with input as object.union(d, {"site": site})
	count(rule.findings) == 0 with input as object.union(d, {"site": site})
}
