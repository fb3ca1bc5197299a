package policies.vos.map_source_missing_test

import data.policies.lib.fixture
import data.policies.vos.map_source_missing as rule

doc(a, b) := {
	"vos": [fixture.vos("node/cuic-a", {"config_uris": b}), fixture.vos("node/fin-a", {"config_uris": a})],
	"site": fixture.site, "profile": {"parameters": {"config_uris": 2}},
}

one := fixture.list(["https://map.corp.example/proxymap.txt"], 30)

two := fixture.list(["https://map2.corp.example/proxymap.txt", "https://map.corp.example/proxymap.txt"], 30)

test_fires_without_source if {
	found := rule.findings with input as doc(fixture.list([], 30), fixture.list([], 30))
	{f.key | some f in found} == {"none"}
	count(found) == 2
}

test_fires_on_too_many if {
	many := fixture.list(["https://a.example/p", "https://b.example/p", "https://c.example/p"], 30)
	{f.key | some f in rule.findings} == {"many"} with input as doc(many, many)
}

test_fires_on_difference_and_names_both if {
	some f in rule.findings with input as doc(two, one)
	f.key == "different"
	f.subject == "node/fin-a"
	count(f.sources) == 2
}

test_fires_on_another_order if {
	turned := fixture.list(["https://map.corp.example/proxymap.txt", "https://map2.corp.example/proxymap.txt"], 30)
	count(rule.findings) == 1 with input as doc(two, turned)
}

test_silent_on_equal_lists if {
	count(rule.findings) == 0 with input as doc(two, two)
	count(rule.unsure) == 0 with input as doc(two, two)
}

test_unsure_when_one_is_not_known if {
	count(rule.findings) == 0 with input as doc(fixture.no_list, one)
	{u.subject | some u in rule.unsure} == {"node/fin-a"} with input as doc(fixture.no_list, one)
}

test_silent_about_a_node_that_trusts_no_gate if {
	d := object.union(doc(fixture.no_list, one), {"site": {"nodes": [fixture.node("fin-a", "ucm", "ucm-a.corp.example")]}})
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"node/cuic-a"} with input as d
}
