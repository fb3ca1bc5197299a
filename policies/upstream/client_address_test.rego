package policies.upstream.client_address_test

import data.policies.lib.fixture
import data.policies.upstream.client_address as rule

header(name, value, line) := fixture.setting("proxy_set_header", [name, value], line)

doc(settings) := fixture.single([header("X-Client-IP", "$remote_addr", 20)], [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])

cloud(settings) := object.union(
	fixture.single([], [fixture.location("prefix", "/drapi/", settings, [fixture.forward("cc.corp.example", 8445)])]),
	{"site": object.union(fixture.site, {"nodes": [fixture.node("cc", "cloudconnect", "cc.corp.example")]})},
)

test_fires_on_the_header_of_the_client if {
	some f in rule.findings with input as doc([header("X-Client-IP", "$http_x_client_ip", 33)])
	f.key == "location /desktop/ X-Client-IP"
	f.fix == "proxy_set_header X-Client-IP $remote_addr;"
	f.sources[0].line == 33
}

test_fires_on_the_whole_chain if count(rule.findings) == 1 with input as doc([header("X-Client-IP", "$proxy_add_x_forwarded_for", 33)])

test_fires_on_the_address_of_the_balancer if count(rule.findings) == 1 with input as doc([header("X-Client-IP", "$realip_remote_addr", 33)])

test_fires_on_a_fixed_address if count(rule.findings) == 1 with input as doc([header("X-Client-IP", "192.0.2.1", 33)])

test_fires_where_other_headers_of_the_location_drop_it if {
	some f in rule.findings with input as doc([header("Upgrade", "$http_upgrade", 36)])
	f.sources[0].line == 36
}

test_fires_on_a_missing_header_of_cloud_connect if {
	{f.key | some f in rule.findings} == {"location /drapi/ X-Real-IP"} with input as cloud([header("X-Client-IP", "$remote_addr", 33)])
}

test_silent_with_the_header_of_the_server if {
	count(rule.subjects) == 1 with input as doc([])
	count(rule.findings) == 0 with input as doc([])
	count(rule.unsure) == 0 with input as doc([])
}

test_silent_with_both_headers_of_cloud_connect if count(rule.findings) == 0 with input as cloud([header("X-Client-IP", "$remote_addr", 33), header("X-Real-IP", "${remote_addr}", 34)])

test_unsure_about_another_variable if count(rule.unsure) == 1 with input as doc([header("X-Client-IP", "$client", 33)])

test_unsure_where_lua_may_set_it if {
	d := doc([header("Upgrade", "$http_upgrade", 36), fixture.setting("access_by_lua_block", [""], 37)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_behind_another_server_of_the_gate if {
	d := fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
	count(rule.findings) == 0 with input as d
	{u.subject | some u in rule.unsure} == {"edge/rp-a/server/inner:8081"} with input as d
}
