package policies.version.cluster_differs_test

import data.policies.lib.fixture
import data.policies.version.cluster_differs as rule

nodes := [fixture.node("fin-a", "finesse", "fin-a.corp.example"), fixture.node("fin-b", "finesse", "fin-b.corp.example"), fixture.node("cuic-a", "cuic", "cuic-a.corp.example")]

doc(a, b) := {"site": object.union(fixture.site, {"nodes": nodes}), "vos": [fixture.vos("node/fin-a", a), fixture.vos("node/fin-b", b), fixture.vos("node/cuic-a", fixture.release("12.5.1.1-1", 3))]}

test_fires_on_the_older_node if {
	found := rule.findings with input as doc(fixture.release("12.6.1.10000-23", 7), fixture.release("12.6.1.10000-9", 7))
	{[f.subject, f.message] | some f in found} == {["node/fin-b", "the node runs 12.6.1.10000-9, node/fin-a of the same cluster 12.6.1.10000-23"]}
}

test_fires_on_the_lower_special if {
	found := rule.findings with input as doc(fixture.release("12.6.1.10000-23", 5), fixture.release("12.6.1.10000-23", 7))
	{[f.subject, f.fix] | some f in found} == {["node/fin-a", "Install ES07 on the node."]}
}

test_silent_when_peers_are_alike if {
	d := doc(fixture.release("12.6.1.10000-23", 7), fixture.release("12.6.1.10000-23", 7))
	count(rule.findings | rule.unsure) == 0 with input as d
	count(rule.subjects) == 3 with input as d
}

test_silent_about_another_cluster if {
	d := doc(fixture.release("12.6.1.10000-23", 7), fixture.release("12.5.1.10000-9", 7))
	other := array.concat([object.union(nodes[0], {"cluster": "apac"})], array.slice(nodes, 1, 3))
	count(rule.findings) == 0 with input as object.union(d, {"site": object.union(fixture.site, {"nodes": other})})
}

test_unsure_without_the_special if {
	d := doc(fixture.release("12.6.1.10000-23", 7), {"version": fixture.value("12.6.1.10000-23", 30), "engineering_special": fixture.no_amount})
	{u.subject | some u in rule.unsure} == {"node/fin-b"} with input as d
}
