package policies.rate.request_rate_high_test

import data.policies.lib.fixture
import data.policies.rate.request_rate_high as rule

doc(rate, burst, host) := {
	"site": fixture.site,
	"nginxrules": [object.union(
		fixture.nginx([s], [fixture.socket(8445, [s], true)]),
		{"http": [fixture.setting("limit_req_zone", ["$binary_remote_addr", "zone=finesse:10m", rate], 5)]},
	)],
	"profile": {"parameters": {"gate": {"request_limits": [{"role": "finesse", "per_minute": 5400, "burst": 50, "connections": 12, "streams": 150}], "limit_slack": 3}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [
		fixture.location("prefix", "/desktop/", [fixture.setting("limit_req", ["zone=finesse", burst, "nodelay"], 21)], [fixture.forward(host, 8445)]),
		fixture.location("prefix", "/ws", [fixture.setting("limit_req", ["zone=finesse"], 22)], [fixture.forward(host, 8445)]),
	])
}

node := "fin-a.corp.example"

test_fires_on_a_rate_that_nobody_reaches if {
	some f in rule.findings with input as doc("rate=900r/s", "burst=50", node)
	f.key == "finesse rate"
	f.sources[0].line == 5
	contains(f.message, "location /desktop/, location /ws")
}

test_fires_on_a_great_burst if {
	{f.key | some f in rule.findings} == {"location /desktop/ finesse burst"} with input as doc("rate=90r/s", "burst=5000", node)
}

test_silent_near_the_published_values if {
	count(rule.subjects) == 1 with input as doc("rate=16200r/m", "burst=150", node)
	count(rule.findings) == 0 with input as doc("rate=16200r/m", "burst=150", node)
}

test_silent_about_products_without_published_values if count(rule.subjects) == 0 with input as doc("rate=900r/s", "burst=50", "gadgets.example")

test_unsure_about_a_rate_or_burst_that_cannot_be_read if {
	count(rule.unsure) == 2 with input as doc("rate=90r/h", "nodelay", node)
	count(rule.unsure) == 1 with input as doc("rate=90r/s", "burst=many", node)
	count(rule.unsure) == 0 with input as doc("rate=90r/s", "nodelay", node)
}
