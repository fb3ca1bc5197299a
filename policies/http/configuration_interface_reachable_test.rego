package policies.http.configuration_interface_reachable_test

import data.policies.http.configuration_interface_reachable as rule
import data.policies.lib.exposure

defect := {"class": "closed", "template": "/finesse/api/Teams/**", "why": "not for agents", "component": "finesse", "request": "GET /finesse/api/Teams HTTP/1.1"}

test_fires_with_the_request_that_gets_through if {
	some f in rule.findings with input as exposure.exposing([defect])
	contains(f.message, "/finesse/api/Teams/** is closed (not for agents)")
	contains(f.fix, "location ^~ /finesse/api/Teams { return 403; }")
	f.witness.kind == "request"
	f.sources[0].line == 34
}

test_fires_with_what_it_supposes_of_an_upstream if {
	d := exposure.exposing([object.union(defect, {"suppose": ["the upstream answers with X-Accel-Redirect"]})])
	some f in rule.findings with input as d
	endswith(f.message, ", supposing that the upstream answers with X-Accel-Redirect")
	endswith(f.fix, "proxy_ignore_headers X-Accel-Redirect;")
}

test_fires_where_another_component_is_behind_the_server if {
	count(rule.findings) == 1 with input as exposure.exposing([object.union(defect, {"component": "cuic"})])
}

test_fires_once_for_one_defect_at_two_places if {
	d := exposure.exposing([defect, object.union(defect, {"location": exposure.at(60)})])
	count(rule.findings) == 1 with input as d
	some f in rule.findings with input as d
	count(f.sources) == 2
}

test_silent_where_nothing_else_gets_through if {
	d := exposure.exposing([object.union({"component": "finesse"}, {"class": "closed", "template": "/drf/**", "component": "finesse"})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
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
