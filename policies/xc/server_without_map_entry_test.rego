package policies.xc.server_without_map_entry_test

import data.policies.lib.fixture
import data.policies.xc.server_without_map_entry as rule

back := fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])

doc(external) := object.union(fixture.single([], [back]), {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", external, 3)])})

test_fires_when_the_map_names_another_host if {
	some f in rule.findings with input as doc("desk-b.agents.example:8445")
	f.key == "8445"
	count(f.sources) == 2
}

test_fires_on_the_second_port_only if {
	s := object.union(fixture.server("desk-a.agents.example", 8445, [], [back]), {"listens": [fixture.listen("*", 8445, true), fixture.listen("*", 443, true)]})
	d := object.union(doc("desk-a.agents.example:8445"), {"nginxrules": [fixture.nginx([s], [fixture.socket(8445, [s], true)])]})
	{f.key | some f in rule.findings} == {"443"} with input as d
}

test_silent_on_a_mapped_server if {
	count(rule.findings) == 0 with input as doc("desk-a.agents.example:8445")
	count(rule.subjects) == 1 with input as doc("desk-a.agents.example:8445")
}

test_silent_when_nothing_is_forwarded if {
	d := object.union(fixture.single([], []), {"proxymap": fixture.proxymap([])})
	count(rule.subjects) == 0 with input as d
}

test_unsure_on_a_pattern if {
	s := object.union(fixture.server("x", 8445, [], [back]), {"names": [fixture.named("~^desk", "regex")]})
	d := object.union(doc("desk-a.agents.example:8445"), {"nginxrules": [fixture.nginx([s], [fixture.socket(8445, [s], true)])]})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_silent_when_a_host_below_the_wildcard_is_mapped if {
	s := object.union(fixture.server("x", 8445, [], [back]), {"names": [fixture.named("*.agents.example", "leading_wildcard")]})
	d := object.union(doc("desk-a.agents.example:8445"), {"nginxrules": [fixture.nginx([s], [fixture.socket(8445, [s], true)])]})
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}
