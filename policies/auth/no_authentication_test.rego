package policies.auth.no_authentication_test

import data.policies.auth.no_authentication as rule
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

test_silent_with_a_lua_handler_of_the_server if count(rule.findings) == 0 with input as doc([fixture.setting("access_by_lua_file", ["lua/auth.lua"], 20)], [])

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
