package policies.http.status_page_exposed_test

import data.policies.http.status_page_exposed as rule
import data.policies.lib.fixture

status := fixture.setting("stub_status", [], 37)

doc(settings) := fixture.single([], [fixture.location("exact", "/reverseproxy_status", array.concat([status], settings), [])])

allow(who) := fixture.setting("allow", [who], 38)

deny(who) := fixture.setting("deny", [who], 39)

test_fires_without_access_rules if {
	some f in rule.findings with input as doc([])
	f.key == "location = /reverseproxy_status"
	f.sources[0].line == 37
}

test_fires_when_everybody_is_allowed_first if count(rule.findings) == 1 with input as doc([allow("all"), deny("all")])

test_fires_when_only_one_address_is_denied if count(rule.findings) == 1 with input as doc([deny("192.0.2.1")])

test_fires_for_a_whole_server if count(rule.findings) == 1 with input as fixture.single([status], [])

test_silent_with_named_readers if {
	count(rule.subjects) == 1 with input as doc([allow("10.9.1.5"), deny("all")])
	count(rule.findings) == 0 with input as doc([allow("10.9.1.5"), deny("all")])
}

test_silent_on_loopback if {
	s := fixture.server("status", 10001, [status], [])
	d := {"nginxrules": [fixture.nginx([s], [object.union(fixture.socket(10001, [s], true), {"loopback": true, "address": "127.0.0.1"})])]}
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

page := fixture.location("exact", "/reverseproxy_status", [status], [])

test_unsure_behind_another_server_of_the_gate if {
	count(rule.unsure) == 1 with input as fixture.relayed([], [], [], [page])
	count(rule.findings) == 0 with input as fixture.relayed([], [], [], [page])
}

test_silent_behind_a_server_for_named_readers if count(rule.unsure) == 0 with input as fixture.relayed([], [allow("10.9.1.5"), deny("all")], [], [page])
