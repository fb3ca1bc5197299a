package policies.xc.side_unmapped_test

import data.policies.lib.fixture
import data.policies.xc.side_unmapped as rule

nodes := [fixture.node("fin-a", "finesse", "fin-a.corp.example"), fixture.node("fin-b", "finesse", "fin-b.corp.example"), fixture.node("cuic-a", "cuic", "cuic-a.corp.example")]

cluster := {"name": "emea", "side_a": ["fin-a", "cuic-a"], "side_b": ["fin-b"], "source": fixture.at("site.yaml", 9, "declared")}

doc(entries) := {"proxymap": fixture.proxymap(entries), "site": object.union(fixture.site, {"nodes": nodes, "clusters": [cluster]})}

a := fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)

b := fixture.entry("fin-b.corp.example:8445", "desk-b.agents.example:8445", 4)

test_fires_on_the_side_without_an_entry if {
	found := rule.findings with input as doc([a])
	{[f.subject, f.message] | some f in found} == {["cluster/emea", "no entry of the map leads to a finesse server of side b (node/fin-b)"]}
	some f in found
	{s.artifact | some s in f.sources} == {"proxymap.txt", "site.yaml"}
}

test_fires_on_both_sides if count(rule.findings) == 2 with input as doc([])

test_silent_when_both_are_mapped if {
	count(rule.findings) == 0 with input as doc([a, b])
	rule.subjects == {"cluster/emea"} with input as doc([a, b])
}

test_silent_without_a_second_side if {
	alone := object.union(cluster, {"side_b": []})
	d := object.union(doc([]), {"site": object.union(fixture.site, {"nodes": nodes, "clusters": [alone]})})
	count(rule.subjects | rule.findings) == 0 with input as d
}
