package policies.upstream.forwarded_port_test

import data.policies.lib.fixture
import data.policies.upstream.forwarded_port as rule

header(name, value, line) := fixture.setting("proxy_set_header", [name, value], line)

doc(settings) := fixture.single([], [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])

port(value) := doc([header("X-Forwarded-Port", value, 33)])

test_fires_on_the_header_of_the_client if {
	some f in rule.findings with input as port("$http_x_forwarded_port")
	f.sources[0].line == 33
}

test_fires_on_another_port if count(rule.findings) == 1 with input as port("443")

test_fires_where_it_is_not_set if count(rule.findings) == 1 with input as doc([])

test_silent_on_the_port_of_the_server if {
	count(rule.subjects) == 1 with input as port("$server_port")
	count(rule.findings) == 0 with input as port("$server_port")
	count(rule.unsure) == 0 with input as port("$server_port")
	count(rule.findings) == 0 with input as port("8445")
}

test_unsure_about_another_variable if count(rule.unsure) == 1 with input as port("$outer_port")

test_unsure_where_lua_may_set_it if {
	d := doc([fixture.setting("access_by_lua_block", [""], 37)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_behind_another_server_of_the_gate if {
	d := fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
	count(rule.findings) == 0 with input as d
	{u.subject | some u in rule.unsure} == {"edge/rp-a/server/inner:8081"} with input as d
}
