package policies.cors.difference_between_nodes_test

import data.policies.cors.difference_between_nodes as rule
import data.policies.lib.fixture

site := object.union(fixture.site, {"nodes": [fixture.node("fin-a", "finesse", "fin-a.corp.example"), fixture.node("fin-b", "finesse", "fin-b.corp.example")]})

doc(a, b) := {"cors": [a, b], "site": site}

list(node, mode, origins) := fixture.cors(node, "finesse", mode, origins)

test_fires_on_the_node_that_lacks_an_origin if {
	found := rule.findings with input as doc(list("node/fin-a", "enabled", ["https://a.example", "https://b.example"]), list("node/fin-b", "enabled", ["https://a.example"]))
	count(found) == 1
	some f in found
	f.subject == "node/fin-b"
	f.key == "finesse https://b.example"
	f.fix == "Run on the node: utils finesse cors allowed_origin add https://b.example"
	count(f.sources) == 2
}

test_fires_on_both_when_modes_differ if {
	found := rule.findings with input as doc(list("node/fin-a", "enabled", []), list("node/fin-b", "enable_all", []))
	{f.key | some f in found} == {"finesse mode"}
	count(found) == 2
}

test_silent_on_equal_nodes_in_any_order if {
	d := doc(list("node/fin-a", "enabled", ["https://a.example", "https://b.example"]), list("node/fin-b", "enabled", ["https://b.example", "https://a.example"]))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_across_clusters if {
	other := object.union(site, {"nodes": [fixture.node("fin-a", "finesse", "a"), object.union(fixture.node("fin-b", "finesse", "b"), {"cluster": "apac"})]})
	d := object.union(doc(list("node/fin-a", "enabled", ["https://a.example"]), list("node/fin-b", "enabled", [])), {"site": other})
	count(rule.findings) == 0 with input as d
}

test_unsure_when_one_is_not_known if {
	d := doc(list("node/fin-a", "enabled", ["https://a.example"]), object.union(list("node/fin-b", "unknown", []), {"allowed_origins": fixture.no_list}))
	count(rule.findings) == 0 with input as d
	{u.subject | some u in rule.unsure} == {"node/fin-b"} with input as d
}
