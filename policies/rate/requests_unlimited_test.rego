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

block(kind, from, variable, line, entries) := {
	"kind": kind, "input": from, "variable": variable, "source": fixture.at(fixture.conf, line, "explicit"),
	"entries": [{"key": e[0], "value": e[1], "source": fixture.at(fixture.conf, line + i, "explicit")} | some i, e in entries],
}

test_silent_with_a_map_that_exempts_some if {
	inside := block("geo", "$remote_addr", "$exempt", 3, [["default", "0"], ["203.0.113.10", "1"]])
	key := block("map", "$exempt", "$limit_key", 13, [["0", "$binary_remote_addr"], ["1", ""]])
	count(rule.findings) == 0 with input as doc([zone("$limit_key")], [inside, key], [limit])
}

test_silent_with_a_map_by_address if {
	key := block("map", "$remote_addr", "$limit_key", 13, [["default", "$binary_remote_addr"], ["203.0.113.10", ""]])
	count(rule.findings) == 0 with input as doc([zone("$limit_key")], [key], [limit])
}

test_fires_where_a_header_switches_the_limit_on_or_off if {
	on := block("map", "$http_x_office", "$limit_key", 3, [["default", ""], ["branch", "$binary_remote_addr"]])
	count(rule.findings) == 1 with input as doc([zone("$limit_key")], [on], [limit])
	off := block("map", "$http_x_office", "$limit_key", 3, [["default", "$binary_remote_addr"], ["branch", ""]])
	count(rule.findings) == 1 with input as doc([zone("$limit_key")], [off], [limit])
	office := block("map", "$arg_office", "$office", 3, [["default", "0"], ["x", "1"]])
	key := block("map", "$office", "$limit_key", 13, [["0", "$binary_remote_addr"], ["1", ""]])
	count(rule.findings) == 1 with input as doc([zone("$limit_key")], [office, key], [limit])
}

test_fires_where_the_geo_block_exempts_by_default if {
	inside := block("geo", "$remote_addr", "$inside", 3, [["default", "1"], ["10.0.0.0/8", "0"]])
	key := block("map", "$inside", "$limit_key", 13, [["1", ""], ["0", "$binary_remote_addr"]])
	count(rule.findings) == 1 with input as doc([zone("$limit_key")], [inside, key], [limit])
}

chain(front, inner) := object.union(d, {
	"nginxrules": [object.union(d.nginxrules[0], {"http": [zone("$binary_remote_addr")]})],
	"profile": {"parameters": {"gate": {"request_limits": [], "limit_slack": 3}}},
}) if {
	d := fixture.relayed(front, [], inner, [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

test_silent_when_the_first_of_two_servers_limits if count(rule.findings) == 0 with input as chain([limit], [])

test_fires_when_only_the_second_server_limits_since_it_sees_no_client if {
	{f.subject | some f in rule.findings} == {"edge/rp-a/server/inner:8081"} with input as chain([], [limit])
}

# deep: four servers, each of which passes all requests to the next one.
deep(settings) := object.union(chain([], []), {"nginxrules": [object.union(
	fixture.nginx(servers, array.concat([fixture.socket(8445, [servers[0]], true)], [s | some i in [1, 2, 3, 4]; s := object.union(fixture.socket(8080 + i, [servers[i]], false), {"address": "127.0.0.1", "loopback": true})])),
	{"http": [zone("$binary_remote_addr")]},
)]}) if {
	last := object.union(
		fixture.server("last", 8084, [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])]),
		{"listens": [fixture.listen("127.0.0.1", 8084, false)]},
	)
	first := fixture.server("desk-a.agents.example", 8445, settings, [fixture.location("prefix", "/", [], [fixture.forward("127.0.0.1", 8081)])])
	servers := array.flatten([first, [passing(i) | some i in [1, 2, 3]], last])
}

passing(i) := object.union(
	fixture.server(sprintf("hop-%d", [i]), 8080 + i, [], [fixture.location("prefix", "/", [], [fixture.forward("127.0.0.1", 8081 + i)])]),
	{"listens": [fixture.listen("127.0.0.1", 8080 + i, false)]},
)

test_follows_requests_however_many_servers_they_pass if {
	{f.subject | some f in rule.findings} == {"edge/rp-a/server/last:8084"} with input as deep([])
	count(rule.findings) == 0 with input as deep([limit])
}

# An address of the edge leads to its own servers as loopback does.
test_follows_requests_to_an_address_of_the_edge if {
	by_address := json.patch(chain([limit], []), [{"op": "replace", "path": "nginxrules/0/servers/0/locations/0/forwards/0/host", "value": "10.9.0.10"}])
	count(rule.findings) == 0 with input as by_address
	open := json.patch(chain([], []), [{"op": "replace", "path": "nginxrules/0/servers/0/locations/0/forwards/0/host", "value": "10.9.0.10"}])
	{f.subject | some f in rule.findings} == {"edge/rp-a/server/inner:8081"} with input as open
}

test_silent_when_the_second_server_limits_by_the_relayed_address if {
	count(rule.findings) == 0 with input as chain([], [limit, fixture.setting("set_real_ip_from", ["127.0.0.1"], 22)])
}
