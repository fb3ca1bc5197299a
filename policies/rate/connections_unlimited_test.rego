package policies.rate.connections_unlimited_test

import data.policies.lib.fixture
import data.policies.rate.connections_unlimited as rule

limit(n) := object.union(fixture.setting("limit_conn", ["perclient", sprintf("%d", [n])], 21), {"amount": fixture.known(n)})

doc(key, settings) := {
	"site": fixture.site,
	"nginxrules": [object.union(
		fixture.nginx([s], [fixture.socket(8445, [s], true)]),
		{"http": [fixture.setting("limit_conn_zone", [key, "zone=perclient:10m"], 5)]},
	)],
	"profile": {"parameters": {"gate": {"request_limits": [{"role": "finesse", "per_minute": 5400, "burst": 50, "connections": 12, "streams": 150}], "limit_slack": 3}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])
}

test_fires_without_a_limit if {
	some f in rule.findings with input as doc("$binary_remote_addr", [])
	f.key == "location /desktop/"
}

test_fires_on_a_zone_that_does_not_count_clients if count(rule.findings) == 1 with input as doc("$server_name", [limit(12)])

test_fires_on_a_limit_that_nobody_reaches if {
	{f.key | some f in rule.findings} == {"location /desktop/ perclient"} with input as doc("$binary_remote_addr", [limit(1000)])
}

test_silent_near_the_published_number if {
	count(rule.subjects) == 1 with input as doc("$binary_remote_addr", [limit(12)])
	count(rule.findings) == 0 with input as doc("$binary_remote_addr", [limit(12)])
	count(rule.findings) == 1 with input as doc("$binary_remote_addr", [limit(37)])
}

test_silent_near_the_published_number_of_streams if {
	d := doc("$binary_remote_addr", [limit(450)])
	record := d.nginxrules[0]
	server := record.servers[0]
	switched := object.union(server, {"settings": [fixture.setting("http2", ["on"], 12)]})
	flagged := object.union(server, {"listens": [object.union(server.listens[0], {"http2": true})]})
	every s in [switched, flagged] {
		count(rule.findings) == 0 with input as object.union(d, {"nginxrules": [object.union(record, {"servers": [s]})]})
	}
}

chain(front) := object.union(d, {
	"nginxrules": [object.union(d.nginxrules[0], {"http": [fixture.setting("limit_conn_zone", ["$binary_remote_addr", "zone=each:10m"], 5)]})],
	"profile": {"parameters": {"gate": {"request_limits": [], "limit_slack": 3}}},
}) if {
	d := fixture.relayed(front, [], [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

test_silent_when_the_first_of_two_servers_limits if {
	count(rule.findings) == 0 with input as chain([fixture.setting("limit_conn", ["each", "20"], 21)])
	count(rule.findings) == 1 with input as chain([])
}
