package policies.upstream.underscored_header_trusted_test

import data.policies.lib.fixture
import data.policies.upstream.underscored_header_trusted as rule

on := fixture.inherited("underscores_in_headers", ["on"], 5)

off := fixture.preset("underscores_in_headers", ["off"])

relay(name) := [fixture.setting("set_real_ip_from", ["192.0.2.8"], 20), fixture.setting("real_ip_header", [name], 21)]

header(value) := fixture.setting("proxy_set_header", ["X-Client-IP", value], 33)

doc(settings, own, more) := object.union(d, {"nginxrules": [object.union(d.nginxrules[0], more)]}) if {
	d := fixture.single(settings, [fixture.location("prefix", "/desktop/", own, [fixture.forward("fin-a.corp.example", 8445)])])
}

test_fires_on_a_relay_with_underscores if {
	some f in rule.findings with input as doc(array.concat([on], relay("X_Client_Address")), [], {})
	f.key == "real_ip_header X_Client_Address"
	f.fix == "real_ip_header X-Client-Address;"
	f.sources[0].line == 21
}

test_silent_on_a_relay_with_hyphens if {
	d := doc(array.concat([on, header("$remote_addr")], relay("X-Client-Address")), [header("$remote_addr")], {})
	count(rule.subjects) == 2 with input as d
	count(rule.findings | rule.unsure) == 0 with input as d
}

test_silent_where_such_headers_are_dropped if {
	count(rule.findings | rule.unsure) == 0 with input as doc(array.concat([off], relay("X_Client_Address")), [header("$http_x_client_ip")], {})
}

test_fires_on_a_header_that_is_passed_on if {
	{f.key | some f in rule.findings} == {"proxy_set_header http_x_client_ip"} with input as doc([on], [header("$http_x_client_ip")], {})
	{f.key | some f in rule.findings} == {"proxy_set_header http_x_real_ip"} with input as doc([on, header("${http_x_real_ip}")], [], {})
	count(rule.findings) == 0 with input as doc([on], [header("$http_x_client_ip_checked")], {})
}

test_fires_on_the_header_of_the_relay_in_a_zone if {
	zone := fixture.setting("limit_req_zone", ["$http_x_client_address", "zone=finesse:10m"], 6)
	some f in rule.findings with input as doc(array.concat([on], relay("X-Client-Address")), [], {"http": [zone]})
	f.key == "limit_req_zone http_x_client_address"
	f.sources[0].line == 6
}

test_fires_on_a_map_by_the_header if {
	map := {"kind": "geo", "input": "$http_x_forwarded_for", "variable": "$exempt", "entries": [], "source": fixture.at(fixture.conf, 3, "explicit")}
	{f.key | some f in rule.findings} == {"geo http_x_forwarded_for"} with input as doc([on], [], {"maps": [map]})
}

test_fires_where_the_default_server_of_the_socket_takes_them if {
	first := fixture.server("default", 8445, [on], [])
	second := fixture.server("desk-a.agents.example", 8445, array.concat([off], relay("X_Client_Address")), [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
	d := {"site": fixture.site, "nginxrules": [fixture.nginx([first, second], [fixture.socket(8445, [first, second], true)])]}
	{f.subject | some f in rule.findings} == {"edge/rp-a/server/desk-a.agents.example:8445"} with input as d
}

test_unsure_when_the_switch_is_not_known if {
	count(rule.unsure) == 1 with input as doc(relay("X_Client_Address"), [], {})
	count(rule.findings) == 0 with input as doc(relay("X_Client_Address"), [], {})
}
