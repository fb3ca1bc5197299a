package policies.auth.guard_missing_test

import data.policies.auth.guard_missing as rule
import data.policies.lib.exposure

defect := {"credentials": true, "template": "/livedata/security", "component": "livedata"}

test_fires_with_the_request_that_gets_through if {
	some f in rule.findings with input as exposure.exposing([defect])
	contains(f.message, "asks for credentials")
	contains(f.fix, `auth_request`)
	f.witness.kind == "request"
	f.sources[0].line == 34
}

asked := object.union(finesse, {"authenticated": true})

finesse := {"credentials": true, "template": "/ws", "component": "finesse", "block": "location = /ws"}

test_fires_on_one_location_of_finesse if {
	d := exposure.exposing([object.union(finesse, {"request": "GET /ws HTTP/1.1"}), object.union(asked, {"block": "location /finesse/"})])
	{f.key | some f in rule.findings} == {"*:8445 location = /ws"} with input as d
}

test_silent_about_a_server_that_asks_nobody if {
	count(rule.findings | rule.subjects) == 0 with input as exposure.exposing([finesse])
}

test_fires_with_a_name_of_the_gate if {
	d := exposure.exposing([defect, object.union(defect, {"unnamed": true, "headers": ["Host: a"]})])
	{f.witness.text | some f in rule.findings} == {"GET / HTTP/1.1\nHost: desk-a.agents.example"} with input as d
}

test_fires_once_for_one_defect_at_two_places if {
	d := exposure.exposing([defect, object.union(defect, {"location": exposure.at(60)})])
	count(rule.findings) == 1 with input as d
	some f in rule.findings with input as d
	count(f.sources) == 2
}

test_silent_where_nothing_else_gets_through if {
	d := exposure.exposing([object.union({"component": "finesse"}, {"class": "allowed"})])
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
