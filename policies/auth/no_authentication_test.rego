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
