package policies.upstream.hop_headers_test

import data.policies.lib.fixture
import data.policies.upstream.hop_headers as rule

header(name, value, line) := fixture.setting("proxy_set_header", [name, value], line)

doc(settings) := fixture.single([], [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])

cleared := [header("Connection", "", 33), header("Accept-Encoding", "", 34)]

test_fires_on_a_passed_connection_header if {
	some f in rule.findings with input as doc([header("Connection", "$http_connection", 33), cleared[1]])
	f.key == "location /desktop/ Connection"
	f.sources[0].line == 33
}

test_fires_on_passed_encodings if {
	{f.key | some f in rule.findings} == {"location /desktop/ Accept-Encoding"} with input as doc([header("Accept-Encoding", "gzip", 34)])
	count(rule.findings) == 1 with input as doc([])
}

test_silent_when_both_are_cleared if {
	count(rule.subjects) == 1 with input as doc(cleared)
	count(rule.findings) == 0 with input as doc(cleared)
	count(rule.unsure) == 0 with input as doc(cleared)
}

test_silent_on_an_upgrade if count(rule.findings) == 0 with input as doc([header("Connection", "$connection_upgrade", 33), cleared[1]])

test_unsure_where_lua_may_clear_it if count(rule.unsure) == 1 with input as doc([fixture.setting("access_by_lua_block", [""], 37)])

test_unsure_behind_another_server_of_the_gate if {
	d := fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
	count(rule.findings) == 0 with input as d
	{u.subject | some u in rule.unsure} == {"edge/rp-a/server/inner:8081"} with input as d
}
