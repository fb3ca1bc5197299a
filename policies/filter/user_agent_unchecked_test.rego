package policies.filter.user_agent_unchecked_test

import data.policies.filter.user_agent_unchecked as rule
import data.policies.lib.fixture

node := fixture.location("prefix", "/desktop/", [], [fixture.forward("fin-a.corp.example", 8445)])

doc(settings, conditions) := fixture.single(settings, array.concat(conditions, [node]))

test_fires_without_a_condition if count(rule.findings) == 1 with input as doc([], [])

test_silent_with_one if {
	d := doc([], [fixture.guard("$http_user_agent !~ ^Mozilla/5", [fixture.setting("return", ["412"], 16)])])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_unsure_where_lua_may_refuse if count(rule.unsure) == 1 with input as doc([fixture.setting("access_by_lua_file", ["lua/filter.lua"], 15)], [])

test_fires_on_a_list_of_known_bad_clients if {
	count(rule.findings) == 1 with input as doc([], [fixture.guard("$http_user_agent ~* sqlmap", [fixture.setting("return", ["412"], 16)])])
}

test_unsure_where_one_location_refuses if {
	inside := object.union(fixture.guard("$http_user_agent !~ ^Mozilla/5", [fixture.setting("return", ["412"], 16)]), {"path": "/desktop/"})
	count(rule.findings) == 0 with input as doc([], [inside])
	count(rule.unsure) == 1 with input as doc([], [inside])
}

inner := fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])

test_silent_behind_a_server_of_the_gate_that_refuses if {
	record := inner.nginxrules[0]
	guard := fixture.guard("$http_user_agent !~ Mozilla", [fixture.setting("return", ["412"], 16)])
	first := object.union(record.servers[0], {"locations": array.concat(record.servers[0].locations, [guard])})
	d := object.union(inner, {"nginxrules": [object.union(record, {"servers": [first, record.servers[1]]})]})
	count(rule.findings) == 1 with input as inner
	count(rule.findings | rule.unsure) == 0 with input as d
}
