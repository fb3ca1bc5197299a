package policies.rate.requests_unlimited_test

import data.policies.lib.fixture
import data.policies.rate.requests_unlimited as rule

zone(key) := fixture.setting("limit_req_zone", [key, "zone=finesse:10m", "rate=90r/s"], 5)

limit := fixture.setting("limit_req", ["zone=finesse", "burst=50", "nodelay"], 21)

doc(http, maps, settings) := {
	"site": fixture.site, "nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"http": http, "maps": maps})],
	"profile": {"parameters": {"gate": {"request_limits": [], "limit_slack": 3}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])
}

test_fires_without_a_limit if {
	count(rule.findings) == 1 with input as doc([zone("$binary_remote_addr")], [], [])
	some f in rule.findings with input as doc([zone("$binary_remote_addr")], [], [])
	f.key == "location /desktop/"
	f.sources[0].line == 30
}

test_fires_on_a_zone_that_does_not_count_clients if {
	some f in rule.findings with input as doc([zone("$server_name")], [], [limit])
	contains(f.message, "zone finesse")
	f.sources[0].line == 21
}

test_fires_on_a_zone_that_does_not_exist if count(rule.findings) == 1 with input as doc([], [], [limit])

test_silent_when_clients_are_counted if {
	d := doc([zone("$binary_remote_addr")], [], [limit])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_with_a_map_that_exempts_some if {
	exempt := {
		"kind": "map", "input": "$exempt", "variable": "$limit_key", "source": fixture.at(fixture.conf, 3, "explicit"),
		"entries": [{"key": "0", "value": "$binary_remote_addr", "source": fixture.at(fixture.conf, 4, "explicit")}],
	}
	count(rule.findings) == 0 with input as doc([zone("$limit_key")], [exempt], [limit])
}
