package policies.xc.map_entry_without_server_test

import data.policies.lib.fixture
import data.policies.xc.map_entry_without_server as rule

doc(external) := object.union(fixture.single([], []), {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", external, 3)])})

test_fires_on_another_name if {
	some f in rule.findings with input as doc("desk-x.agents.example:8445")
	f.subject == "map/fin-a.corp.example:8445"
	count(f.sources) == 2
}

test_fires_on_another_port if count(rule.findings) == 1 with input as doc("desk-a.agents.example:8446")

test_silent_in_any_case if {
	count(rule.findings) == 0 with input as doc("DESK-A.agents.example:8445")
	count(rule.unsure) == 0 with input as doc("DESK-A.agents.example:8445")
}

test_silent_when_a_wildcard_serves_it if {
	s := object.union(fixture.server("x", 8445, [], []), {"names": [fixture.named("*.agents.example", "leading_wildcard")]})
	d := object.union(doc("desk-x.agents.example:8445"), {"nginxrules": [fixture.nginx([s], [])]})
	count(rule.findings) == 0 with input as d
}

test_unsure_when_a_regular_expression_may_serve_it if {
	s := object.union(fixture.server("x", 8445, [], []), {"names": [fixture.named("~^desk", "regex")]})
	d := object.union(doc("desk-x.agents.example:8445"), {"nginxrules": [fixture.nginx([s], [])]})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_when_an_edge_was_not_read if {
	site := object.union(fixture.site, {"edges": array.concat(fixture.site.edges, [fixture.edge("rp-b", [], [])])})
	d := object.union(doc("desk-b.agents.example:8445"), {"site": site})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_silent_and_still_judged if count(rule.subjects) == 1 with input as doc("desk-a.agents.example:8445")
