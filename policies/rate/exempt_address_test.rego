package policies.rate.exempt_address_test

import data.policies.lib.fixture
import data.policies.rate.exempt_address as rule

block(kind, from, variable, entries) := {
	"kind": kind, "input": from, "variable": variable, "source": fixture.at(sprintf("rp-a/%s.conf", [variable]), 3, "explicit"),
	"entries": [{"key": e[0], "value": e[1], "source": fixture.at(fixture.conf, 4 + i, "explicit")} | some i, e in entries],
}

doc(geo) := {
	"site": object.union(fixture.site, {"load_balancers": ["203.0.113.20"]}),
	"nginxrules": [object.union(fixture.nginx([], []), {
		"http": [fixture.setting("limit_req_zone", ["$limit_key", "zone=finesse:10m", "rate=90r/s"], 8)],
		"maps": [geo, block("map", "$unlimited", "$limit_key", [["0", "$binary_remote_addr"], ["1", ""]])],
	})],
}

geo(entries) := doc(block("geo", "$remote_addr", "$unlimited", array.concat([["default", "0"]], entries)))

test_fires_on_a_network_and_on_a_stranger if {
	found := rule.findings with input as geo([["203.0.113.10", "1"], ["10.0.0.0/8", "1"], ["198.51.100.9", "1"]])
	{f.key | some f in found} == {"10.0.0.0/8", "198.51.100.9"}
	some f in found
	f.key == "10.0.0.0/8"
	f.sources[0].line == 6
}

test_silent_about_clients_without_an_address if count(rule.findings) == 0 with input as geo([["", "1"]])

test_fires_on_a_map_by_address if {
	by_address := doc(block("map", "$remote_addr", "$limit_key", [["default", "$binary_remote_addr"], ["198.51.100.9", ""]]))
	{f.key | some f in rule.findings} == {"198.51.100.9"} with input as by_address
}

test_silent_on_gates_and_load_balancers if {
	d := geo([["203.0.113.10", "1"], ["10.9.0.10", "1"], ["127.0.0.1", "1"], ["203.0.113.20/32", "1"], ["10.0.0.0/8", "0"]])
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_about_other_blocks if count(rule.findings) == 0 with input as doc(block("geo", "$remote_addr", "$office", [["default", "0"], ["198.51.100.0/24", "1"]]))

test_silent_about_those_who_are_limited_where_all_others_are_not if {
	d := object.union(geo([]), {"nginxrules": [object.union(geo([]).nginxrules[0], {"maps": [
		block("geo", "$remote_addr", "$unlimited", [["default", "1"], ["10.0.0.0/8", "0"]]),
		block("map", "$unlimited", "$limit_key", [["1", ""], ["0", "$binary_remote_addr"]]),
	]})]})
	count(rule.findings) == 0 with input as d
}
