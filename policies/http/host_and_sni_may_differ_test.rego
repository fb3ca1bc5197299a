package policies.http.host_and_sni_may_differ_test

import data.policies.http.host_and_sni_may_differ as rule
import data.policies.lib.fixture

back := fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])

refusal := fixture.guard("$ssl_server_name != $host", [fixture.setting("return", ["421"], 13)])

pair(settings, locations) := {"nginxrules": [fixture.nginx([a, b], [fixture.socket(443, [a, b], true)])]} if {
	a := fixture.server("desk-a.agents.example", 443, settings, array.concat([back], locations))
	b := fixture.server("cuic-a.agents.example", 443, settings, array.concat([back], locations))
}

test_fires_on_both_servers if {
	found := {f.subject | some f in rule.findings} with input as pair([], [])
	count(found) == 2
}

test_fires_when_the_guard_does_not_refuse if {
	count(rule.findings) == 2 with input as pair([], [fixture.guard("$ssl_server_name != $host", [fixture.setting("set", ["$x", "1"], 13)])])
}

test_silent_with_a_guard if {
	d := pair([], [refusal])
	count(rule.subjects) == 2 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_with_client_certificates if count(rule.findings) == 0 with input as pair([fixture.setting("ssl_verify_client", ["on"], 13)], [])

test_silent_when_the_socket_has_one_server if count(rule.subjects) == 0 with input as fixture.single([], [back])

test_unsure_when_a_script_may_compare if {
	d := pair([fixture.setting("rewrite_by_lua_file", ["lua/x.lua"], 13)], [])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 2 with input as d
}
