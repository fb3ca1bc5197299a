package policies.map.swapped_sides_test

import data.policies.lib.fixture
import data.policies.map.swapped_sides as rule

doc(entries) := object.union(fixture.single([], []), {"proxymap": fixture.proxymap(entries)})

test_fires_on_both_sides_of_a_swapped_entry if {
	keys := {f.key | some f in rule.findings} with input as doc([fixture.entry("desk-a.agents.example:8445", "fin-a.corp.example:8445", 3)])
	keys == {"right fin-a.corp.example:8445", "left fin-a.corp.example:8445"}
}

test_fires_in_any_case_with_both_artifacts if {
	some f in rule.findings with input as doc([fixture.entry("x.corp.example:8445", "FIN-A.corp.example:8445", 3)])
	count(f.sources) == 2
}

test_silent_on_the_right_order if {
	d := doc([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_one_name_inside_and_outside if {
	site := object.union(fixture.site, {"nodes": [fixture.node("fin-a", "finesse", "desk-a.agents.example")]})
	d := object.union(doc([fixture.entry("desk-a.agents.example:8445", "desk-a.agents.example:8445", 3)]), {"site": site})
	count(rule.findings) == 0 with input as d
}

test_unsure_about_unknown_names if {
	count(rule.unsure) == 1 with input as doc([fixture.entry("a.other.example:443", "b.other.example:443", 3)])
}

test_fires_on_an_address_of_the_gate_inside if {
	d := doc([fixture.entry("203.0.113.10:8445", "desk-a.agents.example:8445", 3)])
	{f.key | some f in rule.findings} == {"left desk-a.agents.example:8445"} with input as d
	rule.subjects == {"map/203.0.113.10:8445"} with input as d
}
