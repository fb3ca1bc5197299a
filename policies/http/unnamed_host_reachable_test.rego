package policies.http.unnamed_host_reachable_test

import data.policies.http.unnamed_host_reachable as rule
import data.policies.lib.exposure
import data.policies.lib.fixture

defect := {"unnamed": true, "headers": ["Host: 192.0.2.10"]}

test_fires_with_the_request_that_gets_through if {
	some f in rule.findings with input as exposure.exposing([defect])
	contains(f.message, "no name of the gate")
	contains(f.fix, `444`)
	f.witness.kind == "request"
	f.sources[0].line == 34
}

test_fires_once_for_one_defect_at_two_places if {
	d := exposure.exposing([defect, object.union(defect, {"location": exposure.at(60)})])
	count(rule.findings) == 1 with input as d
	some f in rule.findings with input as d
	count(f.sources) == 2
}

mapped := {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 1)])}

# beside is a server that is not the default of its socket, with these names.
beside(names, first_of_all) := {"nginxrules": [fixture.nginx([first, s], [fixture.socket(8445, servers, true)])]} if {
	first := fixture.server("desk-b.agents.example", 8445, [], [])
	s := object.union(fixture.server("desk-a.agents.example", 8445, [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])]), {"names": names})
	servers := {false: [first, s], true: [s, first]}[first_of_all]
}

former := [fixture.exact("desk-a.agents.example"), object.union(fixture.exact("Old.agents.example"), {"source": exposure.at(13)})]

test_fires_at_the_name_that_the_map_does_not_have if {
	d := object.union(beside(former, false), exposure.exposing([object.union(defect, {"headers": ["Host: old.agents.example"]})]))
	some f in rule.findings with input as d
	[s.line | some s in f.sources] == [13, 34]
	f.fix == "Take Old.agents.example out of server_name, and let a default_server refuse it: return 444;"
}

test_fires_on_a_request_without_a_host if {
	count(rule.findings) == 1 with input as object.union(beside(former, false), exposure.exposing([object.union(defect, {"headers": []})]))
}

test_silent_where_a_default_or_a_wildcard_lets_in if {
	every d in [beside(former, true), beside([fixture.named("*.agents.example", "leading_wildcard")], false)] {
		count(rule.findings | rule.subjects) == 0 with input as object.union(d, exposure.exposing([defect]))
	}
}

test_silent_where_nothing_else_gets_through if {
	d := object.union(mapped, exposure.exposing([{"component": "finesse"}]))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_without_a_map_that_names_hosts if {
	every proxymap in [[], fixture.proxymap([])] {
		d := object.union({"proxymap": proxymap}, exposure.exposing([{"component": "finesse"}]))
		{u.reason | some u in rule.unsure} == {"no proxy map tells which hosts clients are to use"} with input as d
	}
}

test_unsure_where_the_proof_is_open if {
	some u in rule.unsure with input as exposure.open([], "edge/rp-a/server/desk-a.agents.example:8445")
	contains(u.reason, "finesse.conf:34: a script")
}

test_unsure_everywhere_if_it_concerns_the_edge if {
	some u in rule.unsure with input as exposure.open([{"component": "finesse"}], "edge/rp-a")
	u.subject == "edge/rp-a/server/desk-a.agents.example:8445"
}

test_unsure_for_an_upstream_that_is_no_component if {
	some u in rule.unsure with input as exposure.exposing([{"class": "unassigned", "component": ""}])
	contains(u.reason, "no component of the surface")
}
