package policies.filter.referer_unchecked_test

import data.policies.filter.referer_unchecked as rule
import data.policies.lib.fixture

node := fixture.location("prefix", "/desktop/", [], [fixture.forward("fin-a.corp.example", 8445)])

refusal := [fixture.setting("return", ["417"], 16)]

doc(settings, conditions, maps) := {"site": fixture.site, "nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"maps": maps})]} if {
	s := fixture.server("desk-a.agents.example", 8445, settings, array.concat(conditions, [node]))
}

by_map(unknown) := [{
	"kind": "map", "input": "$http_referer", "variable": "$foreign_page", "source": fixture.at(fixture.conf, 3, "explicit"),
	"entries": [{"key": "default", "value": unknown, "source": fixture.at(fixture.conf, 4, "explicit")}],
}]

foreign_page := by_map("1")

test_fires_without_a_condition if {
	some f in rule.findings with input as doc([], [], foreign_page)
	f.sources[0].line == 10
}

test_fires_when_the_condition_refuses_nothing if {
	count(rule.findings) == 1 with input as doc([], [fixture.guard("$foreign_page", [fixture.setting("set", ["$odd", "1"], 16)])], foreign_page)
}

test_fires_when_another_variable_decides if {
	count(rule.findings) == 1 with input as doc([], [fixture.guard("$foreign_page_seen", refusal)], foreign_page)
}

test_silent_with_a_map if {
	d := doc([], [fixture.guard("$foreign_page", refusal)], foreign_page)
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_with_the_module if {
	d := doc([fixture.setting("valid_referers", ["none", "server_names"], 15)], [fixture.guard("$invalid_referer", refusal)], [])
	count(rule.findings) == 0 with input as d
}

test_silent_with_the_header_itself if {
	count(rule.findings) == 0 with input as doc([], [fixture.guard("$http_referer !~ ^https://desk", [fixture.setting("deny", ["all"], 16)])], [])
}

test_fires_on_a_list_of_known_bad_pages if {
	count(rule.findings) == 1 with input as doc([], [fixture.guard("$foreign_page", refusal)], by_map("0"))
	count(rule.findings) == 1 with input as doc([], [fixture.guard("$http_referer ~ evil", refusal)], [])
	count(rule.findings) == 1 with input as doc([], [fixture.guard("$foreign_page = 2", refusal)], foreign_page)
}

test_silent_with_a_list_of_allowed_pages if {
	count(rule.findings | rule.unsure) == 0 with input as doc([], [fixture.guard("$foreign_page = 0", refusal)], by_map("0"))
	count(rule.findings | rule.unsure) == 0 with input as doc([], [fixture.guard("$foreign_page != 1", refusal)], by_map("0"))
}

test_unsure_where_one_location_refuses if {
	inside := object.union(fixture.guard("$foreign_page", refusal), {"path": "/desktop/"})
	count(rule.findings) == 0 with input as doc([], [inside], foreign_page)
	count(rule.unsure) == 1 with input as doc([], [inside], foreign_page)
}

test_unsure_about_a_pattern_on_what_the_map_gives if {
	count(rule.findings) == 0 with input as doc([], [fixture.guard("$foreign_page ~ ^1", refusal)], foreign_page)
	count(rule.unsure) == 1 with input as doc([], [fixture.guard("$foreign_page ~ ^1", refusal)], foreign_page)
}

test_unsure_where_lua_may_refuse if {
	d := doc([fixture.setting("access_by_lua_file", ["lua/filter.lua"], 15)], [], [])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

inner := fixture.relayed([], [], [], [node])

test_fires_behind_a_server_of_the_gate_that_does_not_refuse_either if {
	{f.subject | some f in rule.findings} == {"edge/rp-a/server/inner:8081"} with input as inner
}

test_silent_behind_a_server_of_the_gate_that_refuses if {
	record := inner.nginxrules[0]
	guard := fixture.guard("$http_referer !~ ^https://desk", [fixture.setting("deny", ["all"], 16)])
	first := object.union(record.servers[0], {"locations": array.concat(record.servers[0].locations, [guard])})
	d := object.union(inner, {"nginxrules": [object.union(record, {"servers": [first, record.servers[1]]})]})
	count(rule.subjects) == 1 with input as d
	count(rule.findings | rule.unsure) == 0 with input as d
}
