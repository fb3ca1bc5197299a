package policies.upstream.forwarded_chain_test

import data.policies.lib.fixture
import data.policies.upstream.forwarded_chain as rule

header(name, value, line) := fixture.setting("proxy_set_header", [name, value], line)

doc(settings) := fixture.single([], [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])

test_fires_on_the_list_of_the_client if {
	some f in rule.findings with input as doc([header("X-Forwarded-For", "$http_x_forwarded_for", 33)])
	f.key == "location /desktop/"
	f.sources[0].line == 33
}

test_fires_on_an_emptied_list if count(rule.findings) == 1 with input as doc([header("X-Forwarded-For", "", 33)])

test_fires_where_it_is_not_set if count(rule.findings) == 1 with input as doc([header("Host", "$host:$server_port", 33)])

test_silent_on_a_continued_list if {
	d := doc([header("X-Forwarded-For", "$proxy_add_x_forwarded_for", 33)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_explicit_lists if {
	count(rule.findings) == 0 with input as doc([header("X-Forwarded-For", "$remote_addr, $server_addr", 33)])
	count(rule.findings) == 0 with input as doc([header("X-Forwarded-For", "$proxy_add_x_forwarded_for, $server_addr", 33)])
}

test_unsure_about_another_variable if count(rule.unsure) == 1 with input as doc([header("X-Forwarded-For", "$chain", 33)])

test_unsure_where_lua_may_set_it if {
	d := doc([fixture.setting("rewrite_by_lua_block", [""], 37)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_behind_another_server_of_the_gate if {
	d := fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
	count(rule.findings) == 0 with input as d
	{u.subject | some u in rule.unsure} == {"edge/rp-a/server/inner:8081"} with input as d
}
