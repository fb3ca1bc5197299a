package policies.upstream.host_header_test

import data.policies.lib.fixture
import data.policies.upstream.host_header as rule

header(name, value, line) := fixture.setting("proxy_set_header", [name, value], line)

doc(server_settings, settings) := fixture.single(server_settings, [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])

right := header("Host", "$host:$server_port", 20)

test_fires_on_the_name_without_port if {
	some f in rule.findings with input as doc([], [header("Host", "$host", 33)])
	f.key == "location /desktop/"
	f.sources[0].line == 33
}

test_fires_on_another_fixed_name if count(rule.findings) == 1 with input as doc([], [header("Host", "fin-a.corp.example", 33)])

test_fires_where_own_headers_replace_those_of_the_server if {
	some f in rule.findings with input as doc([right], [header("X-Trace", "on", 34)])
	contains(f.message, "sets no Host header")
	f.sources[0].line == 34
}

test_fires_where_no_header_is_set if {
	some f in rule.findings with input as doc([], [])
	f.sources[0].line == 30
}

test_silent_with_the_header_of_the_server if {
	count(rule.subjects) == 1 with input as doc([right], [])
	count(rule.findings) == 0 with input as doc([right], [])
	count(rule.unsure) == 0 with input as doc([right], [])
}

test_silent_with_a_written_name_and_port if count(rule.findings) == 0 with input as doc([], [header("Host", "desk-a.agents.example:8445", 33)])

test_silent_about_other_upstreams if {
	d := fixture.single([], [fixture.location("prefix", "/", [], [fixture.forward("gadgets.example", 443)])])
	count(rule.subjects) == 0 with input as d
}

test_unsure_about_a_variable if {
	count(rule.findings) == 0 with input as doc([], [header("Host", "$host_to_upstream", 33)])
	count(rule.unsure) == 1 with input as doc([], [header("Host", "$host_to_upstream", 33)])
}

test_unsure_where_lua_may_set_it if {
	d := doc([], [fixture.setting("access_by_lua_file", ["lua/auth.lua"], 35)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_free_where_the_target_is_computed_but_headers_are_right if {
	d := fixture.single([right], [fixture.location("prefix", "/", [], [object.union(fixture.forward("$backend", 0), {"computed": true})])])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_unsure_behind_another_server_of_the_gate if {
	d := fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
	count(rule.findings) == 0 with input as d
	{u.subject | some u in rule.unsure} == {"edge/rp-a/server/inner:8081"} with input as d
}
