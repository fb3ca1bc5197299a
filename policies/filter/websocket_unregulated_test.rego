package policies.filter.websocket_unregulated_test

import data.policies.filter.websocket_unregulated as rule
import data.policies.lib.fixture

upgrade := fixture.setting("proxy_set_header", ["Upgrade", "$http_upgrade"], 31)

limit := fixture.setting("limit_conn", ["perclient", "4"], 32)

doc(settings, host) := {
	"site": fixture.site,
	"nginxrules": [object.union(
		fixture.nginx([s], [fixture.socket(8445, [s], true)]),
		{"http": [fixture.setting("limit_conn_zone", ["$binary_remote_addr", "zone=perclient:10m"], 5)]},
	)],
	"profile": {"parameters": {"gate": {"request_limits": [], "limit_slack": 3}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [fixture.location("exact", "/ws", settings, [fixture.forward(host, 8445)])])
}

finesse := "fin-a.corp.example"

test_fires_without_credentials_and_number if {
	{f.key | some f in rule.findings} == {"location = /ws credentials", "location = /ws connections"} with input as doc([upgrade], finesse)
}

test_silent_when_regulated if {
	d := doc([upgrade, limit, fixture.setting("auth_request", ["/authenticate"], 33)], finesse)
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_about_the_events_of_live_data_that_are_counted if count(rule.findings) == 0 with input as doc([upgrade, limit], "ld-a.corp.example")

test_silent_without_websockets if count(rule.subjects) == 0 with input as doc([], finesse)

test_unsure_where_only_lua_could_ask if {
	d := doc([upgrade, limit, fixture.setting("access_by_lua_file", ["lua/refuse.lua"], 33)], finesse)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
