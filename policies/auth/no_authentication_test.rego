package policies.auth.no_authentication_test

import data.policies.auth.no_authentication as rule
import data.policies.lib.exposure
import data.policies.lib.fixture

node := fixture.forward("fin-a.corp.example", 8445)

doc(server_settings, settings) := fixture.single(server_settings, [fixture.location("prefix", "/finesse/", settings, [node]), fixture.location("prefix", "/desktop/", [], [node])])

test_fires_when_nobody_asks if {
	some f in rule.findings with input as doc([], [])
	f.subject == "edge/rp-a/server/desk-a.agents.example:8445"
	count(f.sources) == 2
}

test_fires_when_it_is_switched_off if count(rule.findings) == 1 with input as doc([fixture.setting("auth_request", ["off"], 20)], [])

test_silent_with_an_authentication_request if {
	d := doc([], [fixture.setting("auth_request", ["/authenticate"], 31)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

scripted(name, requires) := object.union(d, {
	"nginxrules": [object.union(d.nginxrules[0], {"lua": [{"phase": "access", "requires": requires, "source": fixture.at(fixture.conf, 20, "explicit")}]})],
	"profile": {"parameters": {"gate": {"authentication_modules": ["users_list_manager"]}}},
}) if {
	d := doc([fixture.setting(name, ["lua/auth.lua"], 20)], [])
}

test_silent_with_a_script_that_asks if {
	count(rule.findings) == 0 with input as scripted("access_by_lua_file", ["users_list_manager"])
	count(rule.unsure) == 0 with input as scripted("access_by_lua_file", ["users_list_manager"])
}

test_unsure_with_a_script_that_may_do_anything if {
	every d in [scripted("access_by_lua_file", ["block"]), scripted("rewrite_by_lua_file", ["users_list_manager"])] {
		count(rule.findings) == 0 with input as d
		count(rule.unsure) == 1 with input as d
	}
}

satisfied(networks) := doc(array.concat([fixture.setting("satisfy", ["any"], 20), fixture.setting("auth_request", ["/authenticate"], 21), fixture.setting("deny", ["all"], 22)], [fixture.setting("allow", [n], 23) | some n in networks]), [])

test_fires_when_an_open_list_satisfies if {
	count(rule.findings) == 1 with input as satisfied(["0.0.0.0/1", "128.0.0.0/1"])
	count(rule.findings) == 1 with input as satisfied(["all"])
	count(rule.findings) == 1 with input as satisfied([sprintf("%d.0.0.0/8", [n]) | some n in [1, 5, 11, 30]])
	count(rule.findings) == 1 with input as satisfied(["2000::/3"])
	count(rule.findings) == 1 with input as satisfied([sprintf("2%d0::/16", [n]) | some n in numbers.range(10, 99)])
}

test_silent_when_a_closed_list_satisfies if {
	count(rule.findings) == 0 with input as satisfied(["192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32", "2001:db8:1::1", "unix:"])
	count(rule.findings) == 0 with input as satisfied([])
}

test_fires_when_a_location_lets_everybody_in_again if {
	d := fixture.single(
		[fixture.setting("deny", ["all"], 20), fixture.setting("auth_request", ["/authenticate"], 21), fixture.setting("satisfy", ["any"], 22)],
		[fixture.location("prefix", "/finesse/", [fixture.setting("allow", ["all"], 31)], [node])],
	)
	count(rule.findings) == 1 with input as d
}

test_silent_about_other_products if {
	d := fixture.single([], [fixture.location("prefix", "/cuic/", [], [fixture.forward("cuic-a.corp.example", 8444)])])
	count(rule.subjects) == 0 with input as d
}

ccx(port) := object.union(
	fixture.single([], [fixture.location("prefix", "/", [], [fixture.forward("ccx.corp.example", port)])]),
	{
		"site": object.union(fixture.site, {"nodes": [fixture.node("ccx", "uccx", "ccx.corp.example")]}),
		"profile": {"parameters": {"vos": {"component_ports": [{"component": "finesse", "ports": [8445]}, {"component": "cuic", "ports": [8444]}]}, "trust": {"sso": {"service_ports": [8553]}}}},
	},
)

test_fires_on_the_desktop_of_a_server_that_runs_everything if {
	count(rule.findings) == 1 with input as ccx(8445)
	count(rule.findings) == 1 with input as ccx(9999)
}

test_silent_about_its_other_components if {
	count(rule.subjects) == 0 with input as ccx(8444)
	count(rule.subjects) == 0 with input as ccx(8553)
}

ask := fixture.setting("auth_request", ["/authenticate"], 20)

inner := fixture.location("prefix", "/", [], [node])

test_fires_behind_another_server_of_the_gate if {
	{f.subject | some f in rule.findings} == {"edge/rp-a/server/inner:8081"} with input as fixture.relayed([], [], [], [inner])
}

test_silent_when_the_first_or_the_second_server_asks if {
	every d in [fixture.relayed([ask], [], [], [inner]), fixture.relayed([], [ask], [], [inner]), fixture.relayed([], [], [ask], [inner])] {
		count(rule.subjects) == 1 with input as d
		count(rule.findings | rule.unsure) == 0 with input as d
	}
}

test_unsure_when_only_a_script_of_the_first_server_could_ask if {
	d := fixture.relayed([fixture.setting("access_by_lua_block", [""], 20)], [], [], [inner])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_fires_when_one_of_two_ways_is_open if {
	d := fixture.relayed([], [], [], [inner])
	door := object.union(fixture.forward("[::1]", 8081), {"scheme": "http"})
	side := fixture.server("side-a.agents.example", 8445, [], [fixture.location("prefix", "/", [ask], [door])])
	record := d.nginxrules[0]
	two := object.union(d, {"nginxrules": [object.union(record, {
		"servers": array.concat(record.servers, [side]),
		"sockets": array.concat(record.sockets, [fixture.socket(8445, [side], false)]),
	})]})
	count(rule.findings) == 1 with input as two
}

test_fires_behind_a_unix_socket if {
	door := object.union(fixture.forward("unix:/run/inner.sock:/desktop/", 0), {"scheme": "http"})
	first := fixture.server("desk-a.agents.example", 8445, [], [fixture.location("prefix", "/", [], [door])])
	second := fixture.server("inner", 0, [], [inner])
	d := {"site": fixture.site, "nginxrules": [fixture.nginx([first, second], [
		fixture.socket(8445, [first], true),
		object.union(fixture.socket(0, [second], false), {"address": "unix:/run/inner.sock"}),
	])]}
	count(rule.findings) == 1 with input as d
}

test_silent_on_a_server_of_the_host_that_nobody_is_passed_to if {
	d := fixture.relayed([], [], [], [inner])
	alone := object.union(d, {"nginxrules": [object.union(d.nginxrules[0], {"servers": array.slice(d.nginxrules[0].servers, 1, 2)})]})
	count(rule.subjects) == 0 with input as alone
}

wanting := {"credentials": true, "template": "/ws", "component": "finesse"}

# proved is what stands in the configuration and what a proof says of it.
proved(settings, ways) := object.union(doc(settings, []), exposure.exposing(ways))

test_fires_with_the_request_of_a_proof if {
	d := proved([], [wanting, object.union(wanting, {"block": "location /finesse/", "location": exposure.at(60), "request": "GET /finesse/a HTTP/1.1"})])
	count(rule.findings) == 1 with input as d
	some f in rule.findings with input as d
	f.witness.text == "GET / HTTP/1.1\nHost: desk-a.agents.example"
	[s.line | some s in f.sources] == [34, 60]
}

test_fires_where_only_the_proof_knows_the_component if {
	count(rule.findings) == 1 with input as exposure.exposing([wanting])
}

test_silent_where_a_proof_found_that_somebody_is_asked if {
	d := proved([], [wanting, object.union(wanting, {"authenticated": true, "template": "/rpc"})])
	count(rule.subjects) == 1 with input as d
	count(rule.findings | rule.unsure) == 0 with input as d
}

test_silent_where_a_proof_found_nothing_that_wants_credentials if {
	count(rule.findings) == 0 with input as proved([], [{"component": "finesse", "template": "/desktop/**"}])
}

test_fires_by_what_is_written_where_a_proof_is_open if {
	d := object.union(doc([], []), exposure.open([], "edge/rp-a/server/desk-a.agents.example:8445"))
	{f.message | some f in rule.findings} == {"no location of the server asks for credentials before it forwards to Finesse"} with input as d
}

test_silent_about_a_server_that_asks_finesse_for_itself_only if {
	d := exposure.exposing([object.union(wanting, {"component": "livedata"}), {"component": "finesse", "class": "closed", "template": "/finesse/api/UserAuth/**"}])
	count(rule.findings | rule.subjects) == 0 with input as d
}
