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
	f.key == "rp-a: limit_req of desk.agents.example:8445"
	f.message == "limit_req of desk.agents.example:8445: only rp-a has zone=finesse burst=50, and only rp-b has zone=finesse burst=500"
	f.fix == "Write one limit_req at both edges: zone=finesse burst=50 as rp-a has it, or zone=finesse burst=500 as rp-b."
	count(f.sources) == 2
}

test_fires_on_another_zone if {
	keys(record("rp-b", [burst("burst=50")], [back([]), closing("421")], [zone("rate=9r/s")])) == {"rp-a: limit_req_zone finesse of the whole edge"}
}

test_fires_on_a_missing_location if {
	extra := fixture.location("prefix", "/cfadmin", [], [fixture.forward("fin-a.corp.example", 8445)])
	some f in rule.findings with input as doc(record("rp-b", [burst("burst=50")], [back([]), closing("421"), extra], [zone("rate=90r/s")]))
	f.key == "rp-a: location /cfadmin of desk.agents.example:8445"
	endswith(f.message, "rp-b has a location that forwards, which rp-a lacks")
	f.fix == "Write location /cfadmin at rp-a as well (a location that forwards), or remove it at rp-b."
}

test_fires_on_a_limit_that_the_other_side_lacks if {
	some f in rule.findings with input as doc(record("rp-b", [], [back([]), closing("421")], [zone("rate=90r/s")]))
	f.fix == "Write limit_req at rp-b as well (zone=finesse burst=50), or remove it at rp-a."
}

# one_port: two servers on one port, whose names differ from side to side.
one_port(name, bursts) := object.union(fixture.nginx(servers, [fixture.socket(443, servers, true)]), {"target": edge, "source": fixture.at(sprintf("%s/nginx.conf", [name]), 1, "explicit")}) if {
	edge := sprintf("edge/%s", [name])
	servers := [server |
		some product, burst_of in bursts
		settings := [burst(s) | some s in burst_of]
		server := object.union(
			fixture.server(sprintf("%s-%s.agents.example", [product, name]), 443, settings, [fixture.location("prefix", "/", [], [fixture.forward(sprintf("%s-a.corp.example", [product]), 8445)])]),
			{"subject": sprintf("%s/server/%s-%s.agents.example:443", [edge, product, name])},
		)
	]
}

sharing(a, b) := {"nginxrules": [one_port("rp-a", a), one_port("rp-b", b)], "site": object.union(fixture.site, site)}

test_compares_servers_that_stand_for_the_same_product if {
	d := sharing({"fin": ["burst=50"], "cuic": ["burst=9"]}, {"fin": ["burst=9"], "cuic": ["burst=50"]})
	{f.key | some f in rule.findings} == {"rp-a: limit_req on port 443 to finesse", "rp-a: limit_req on port 443 to cuic"} with input as d
	same := sharing({"fin": ["burst=50"], "cuic": ["burst=9"]}, {"fin": ["burst=50"], "cuic": ["burst=9"]})
	count(rule.findings) == 0 with input as same
}

test_knows_the_products_by_what_clients_may_ask_for if {
	d := sharing({"cuic": ["burst=50"]}, {"cuic": ["burst=9"]})
	asks := object.union(fixture.location("exact", "/authenticate", [], [fixture.forward("fin-a.corp.example", 8445)]), {"internal": true})
	asking := json.patch(d, [{"op": "add", "path": "nginxrules/0/servers/0/locations/-", "value": asks}])
	some f in rule.findings with input as asking
	f.key == "rp-a: limit_req on port 443 to cuic"
}

test_compares_what_leads_to_hosts_that_nobody_declares if {
	d := sharing({"shop": ["burst=50"]}, {"shop": []})
	{f.key | some f in rule.findings} == {"rp-a: limit_req on port 443 to other hosts"} with input as d
}

test_fires_on_another_answer if {
	keys(record("rp-b", [burst("burst=50")], [back([]), closing("200")], [zone("rate=90r/s")])) == {"rp-a: location / of desk.agents.example:8445"}
}

test_fires_on_a_limit_of_one_location if {
	own := fixture.setting("limit_conn", ["perclient", "400"], 33)
	keys(record("rp-b", [burst("burst=50")], [back([own]), closing("421")], [zone("rate=90r/s")])) == {"rp-a: limit_conn in location /desktop/ of desk.agents.example:8445"}
}

test_silent_when_equal if {
	same := record("rp-b", [burst("burst=50")], [back([]), closing("421")], [zone("rate=90r/s")])
	keys(same) == set()
	count(rule.subjects) == 1 with input as doc(same)
	count(rule.unsure) == 0 with input as doc(same)
}

test_silent_with_one_side if count(rule.subjects) == 0 with input as {"nginxrules": [left], "site": {"edges": [site.edges[0]]}}

test_unsure_when_one_side_was_not_read if count(rule.unsure) == 1 with input as {"nginxrules": [left], "site": site}

test_tells_once_what_differs_for_several_servers if {
	d := sharing({"fin": ["burst=50"], "cuic": ["burst=50"]}, {"fin": ["burst=9"], "cuic": ["burst=9"]})
	count(rule.findings) == 1 with input as d
	some f in rule.findings with input as d
	f.message == "limit_req on port 443 to cuic, on port 443 to finesse: only rp-a has zone=finesse burst=50, and only rp-b has zone=finesse burst=9"
}
