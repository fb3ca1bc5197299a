package policies.map.component_port_unmapped_test

import data.policies.lib.fixture
import data.policies.map.component_port_unmapped as rule

doc(entries) := {
	"proxymap": fixture.proxymap(entries),
	"site": {"nodes": [fixture.node("cuic-a", "cuic", "cuic-a.corp.example"), fixture.node("g", "gadget", "g.corp.example")]},
	"profile": {"parameters": {"components": [{"role": "cuic", "ports": [8444, 8447]}]}},
}

reports := fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8444", 3)

help := fixture.entry("CUIC-A.corp.example:8447", "desk-a.agents.example:8447", 4)

test_fires_on_the_forgotten_port if {
	found := rule.findings with input as doc([reports])
	{f.key | some f in found} == {"8447"}
	some f in found
	count(f.sources) == 2
}

test_fires_on_an_empty_map if count(rule.findings) == 2 with input as doc([])

test_silent_when_all_ports_are_mapped if {
	count(rule.findings) == 0 with input as doc([reports, help])
	rule.subjects == {"node/cuic-a"} with input as doc([reports, help])
}

test_silent_without_a_map_which_the_engine_reports if {
	d := object.union(doc([]), {"proxymap": []})
	count(rule.findings) == 0 with input as d
}
