package policies.http.method_reachable_test

import data.policies.http.method_reachable as rule
import data.policies.lib.exposure

defect := {"class": "method", "template": "/desktop/**", "methods": ["GET", "HEAD"], "request": "POST /desktop HTTP/1.1"}

test_fires_with_the_request_that_gets_through if {
	some f in rule.findings with input as exposure.exposing([defect])
	contains(f.message, "/desktop/** is for GET, HEAD only")
	contains(f.fix, `!~ ^(GET|HEAD)$`)
	f.witness.kind == "request"
	f.sources[0].line == 34
}

allowed(template, methods) := {"template": template, "methods": methods, "component": "finesse"}

test_fires_with_a_fix_that_spares_what_wants_more_methods if {
	login := allowed("/desktop/container/j_security_check", ["POST"])
	{f.fix | some f in rule.findings} == {concat("", [
		"Forward /desktop/container/j_security_check in locations of their own, ",
		"and in location / (rp-a/nginx/conf.d/finesse.conf:34): if ($request_method !~ ^(GET|HEAD)$) { return 405; }",
	])} with input as exposure.exposing([defect, login])
	many := [allowed(sprintf("/desktop/%d", [n]), ["POST"]) | some n in numbers.range(1, 5)]
	some g in rule.findings with input as exposure.exposing(array.concat([defect], many))
	contains(g.fix, "each path of the surface in a location of its own")
}

test_fires_with_a_fix_that_spares_what_lies_below if {
	user := {"class": "method", "template": "/finesse/api/User/{id}/**", "methods": ["GET", "PUT"], "request": "POST /finesse/api/User/a HTTP/1.1"}
	some f in rule.findings with input as exposure.exposing([object.union(user, {"block": "location ^~ /finesse/api/User/"})])
	contains(f.fix, `location ~ ^/finesse/api/User/[A-Za-z0-9._~-]+$ { if ($request_method !~ ^(GET|PUT)$) { return 405; } ... }`)
	endswith(f.fix, "take ^~ away here")
	some g in rule.findings with input as exposure.exposing([user])
	endswith(g.fix, "... }")
}

test_fires_on_head_and_says_where_it_comes_from if {
	some f in rule.findings with input as exposure.exposing([object.union(defect, {"template": "/ws", "methods": ["GET"], "request": "HEAD /ws HTTP/1.1"})])
	contains(f.message, "limit_except GET means HEAD too")
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
