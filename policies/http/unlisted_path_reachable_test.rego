package policies.http.unlisted_path_reachable_test

import data.policies.http.unlisted_path_reachable as rule
import data.policies.lib.exposure

defect := {"class": "outside", "request": "GET /x HTTP/1.1"}

test_fires_with_the_request_that_gets_through if {
	some f in rule.findings with input as exposure.exposing([defect])
	contains(f.message, "no path of the allowed surface")
	contains(f.fix, `location / { return 421; }`)
	f.witness.kind == "request"
	f.sources[0].line == 34
}

narrowed(templates, fix) if {
	serving := [{"template": t, "methods": ["GET"], "component": "finesse"} | some t in templates]
	some f in rule.findings with input as exposure.exposing(array.concat([defect], serving))
	endswith(f.fix, fix)
}

test_fires_with_the_pattern_of_what_is_allowed_there if {
	narrowed(["/livedata/security"], ": location = /livedata/security")
	narrowed(["/finesse/api/User/{id}/**"], ": location ~ ^/finesse/api/User/[A-Za-z0-9._~-]+(/.*)?$")
	narrowed(["/security", "/socket.io/**"], `: location ~ ^(/security|/socket\.io(/.*)?)$`)
	narrowed(["/a", "/b", "/c", "/d", "/e"], "location / { return 421; }")
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
