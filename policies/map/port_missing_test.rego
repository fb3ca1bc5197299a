package policies.map.port_missing_test

import data.policies.lib.fixture
import data.policies.map.port_missing as rule

doc(internal, external, required) := {"proxymap": fixture.proxymap([fixture.entry(internal, external, 5)]), "profile": {"parameters": {"map_port_required": required}}}

test_fires_on_the_internal_side if {
	some f in rule.findings with input as doc("fin-a.corp.example", "desk-a.agents.example:8445", true)
	f.key == "internal desk-a.agents.example:8445"
	f.sources[0].line == 5
}

test_fires_on_both_sides if count(rule.findings) == 2 with input as doc("fin-a.corp.example", "desk-a.agents.example", true)

test_silent_with_ports if {
	d := doc("fin-a.corp.example:8445", "desk-a.agents.example:8445", true)
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_where_a_missing_port_has_a_meaning if count(rule.findings) == 0 with input as doc("fin-a.corp.example", "desk-a.agents.example", false)
