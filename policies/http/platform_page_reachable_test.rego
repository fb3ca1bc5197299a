package policies.http.platform_page_reachable_test

import data.policies.http.platform_page_reachable as rule
import data.policies.lib.exposure

defect := {"class": "closed", "template": "/drf/**", "why": "not for agents", "component": "finesse", "request": "GET /drf HTTP/1.1"}

test_fires_with_the_request_that_gets_through if {
	some f in rule.findings with input as exposure.exposing([defect])
	contains(f.message, "/drf/** is closed (not for agents)")
	contains(f.fix, "location ^~ /drf { return 403; }")
	f.witness.kind == "request"
	f.sources[0].line == 34
}

shut(names) := exposure.exposing([object.union(defect, {"template": sprintf("/%s/**", [n]), "request": sprintf("GET /%s HTTP/1.1", [n])}) | some n in names])

test_fires_once_for_several_paths_of_one_location if {
	{[f.key, f.witness.text] | some f in rule.findings} == {["*:8445 location / /drf/** /manager/**", "GET /drf HTTP/1.1\nHost: desk-a.agents.example"]} with input as shut(["manager", "drf"])
	some f in rule.findings with input as shut(["manager", "drf"])
	endswith(f.message, "Closed and forwarded there as well: /manager/**")
	endswith(f.fix, "location ^~ /drf { return 403; } location ^~ /manager { return 403; }")
}

test_fires_with_a_list_of_what_is_allowed_where_much_gets_through if {
	d := shut(["drf", "manager", "appadmin", "ccmuser", "ccmadmin"])
	some f in rule.findings with input as d
	count(rule.findings) == 1 with input as d
	f.key == "*:8445 location / 5 closed paths"
	endswith(f.message, "/appadmin/**, /ccmadmin/**, /ccmuser/** and 1 more")
	contains(f.fix, "location / { return 421; }")
}

test_fires_with_a_fix_for_a_path_that_was_changed if {
	some f in rule.findings with input as exposure.exposing([object.union(defect, {"request": "GET /desktop/drf HTTP/1.1", "sent": "/drf"})])
	contains(f.fix, "pass paths on as they came")
}

test_fires_with_a_fix_for_what_takes_refused_requests if {
	some f in rule.findings with input as exposure.exposing([object.union(defect, {"block": "location @desk"})])
	contains(f.fix, "takes requests that were refused")
}

test_fires_once_for_one_defect_at_two_places if {
	d := exposure.exposing([defect, object.union(defect, {"location": exposure.at(60)})])
	count(rule.findings) == 1 with input as d
	some f in rule.findings with input as d
	count(f.sources) == 2
}

test_silent_where_nothing_else_gets_through if {
	d := exposure.exposing([object.union({"component": "finesse"}, {"class": "closed", "template": "/cfadmin/**", "component": "finesse"})])
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
