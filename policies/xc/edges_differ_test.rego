package policies.xc.edges_differ_test

import data.policies.lib.fixture
import data.policies.xc.edges_differ as rule

back(settings) := fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])

closing(status) := fixture.location("prefix", "/", [fixture.setting("return", [status], 40)], [])

record(name, settings, locations, zones) := object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"target": sprintf("edge/%s", [name]), "http": zones, "source": fixture.at(sprintf("%s/nginx.conf", [name]), 1, "explicit")}) if {
	s := object.union(fixture.server("desk.agents.example", 8445, settings, locations), {"subject": sprintf("edge/%s/server/desk.agents.example:8445", [name])})
}

site := {"edges": [object.union(fixture.edge("rp-a", [], []), {"side": "a"}), object.union(fixture.edge("rp-b", [], []), {"side": "b"})]}

burst(text) := fixture.setting("limit_req", ["zone=finesse", text], 20)

zone(rate) := fixture.setting("limit_req_zone", ["$binary_remote_addr", "zone=finesse:10m", rate], 5)

left := record("rp-a", [burst("burst=50")], [back([]), closing("421")], [zone("rate=90r/s")])

doc(right) := {"nginxrules": [left, right], "site": site}

keys(right) := got if got := {f.key | some f in rule.findings} with input as doc(right)

test_fires_on_another_limit if {
	some f in rule.findings with input as doc(record("rp-b", [burst("burst=500")], [back([]), closing("421")], [zone("rate=90r/s")]))
	f.subject == "edge/rp-b"
	f.key == "rp-a: limit_req on port 8445"
	count(f.sources) == 2
}

test_fires_on_another_zone if {
	keys(record("rp-b", [burst("burst=50")], [back([]), closing("421")], [zone("rate=9r/s")])) == {"rp-a: limit_req_zone finesse on the whole edge"}
}

test_fires_on_a_missing_location if {
	extra := fixture.location("prefix", "/cfadmin", [], [fixture.forward("fin-a.corp.example", 8445)])
	some f in rule.findings with input as doc(record("rp-b", [burst("burst=50")], [back([]), closing("421"), extra], [zone("rate=90r/s")]))
	f.key == "rp-a: location /cfadmin on port 8445"
	contains(f.message, "missing at rp-a")
}

test_fires_on_another_answer if {
	keys(record("rp-b", [burst("burst=50")], [back([]), closing("200")], [zone("rate=90r/s")])) == {"rp-a: location / on port 8445"}
}

test_fires_on_a_limit_of_one_location if {
	own := fixture.setting("limit_conn", ["perclient", "400"], 33)
	keys(record("rp-b", [burst("burst=50")], [back([own]), closing("421")], [zone("rate=90r/s")])) == {"rp-a: limit_conn in location /desktop/ on port 8445"}
}

test_silent_when_equal if {
	same := record("rp-b", [burst("burst=50")], [back([]), closing("421")], [zone("rate=90r/s")])
	keys(same) == set()
	count(rule.subjects) == 1 with input as doc(same)
	count(rule.unsure) == 0 with input as doc(same)
}

test_silent_with_one_side if count(rule.subjects) == 0 with input as {"nginxrules": [left], "site": {"edges": [site.edges[0]]}}

test_unsure_when_one_side_was_not_read if count(rule.unsure) == 1 with input as {"nginxrules": [left], "site": site}
