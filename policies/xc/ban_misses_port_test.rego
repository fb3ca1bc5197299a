package policies.xc.ban_misses_port_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.xc.ban_misses_port as rule

entries := fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 2), fixture.entry("ids-a.corp.example:8553", "desk-a.agents.example:8553", 3), fixture.entry("im.corp.example:5280", "desk-b.agents.example:15280", 4)])

sockets := [
	{"address": "*", "port": 8445, "tls": true, "loopback": false, "servers": [], "default": "", "explicit_default": true, "source": fixture_host.place("nginx.conf", 1)},
	{"address": "*", "port": 8553, "tls": true, "loopback": false, "servers": [], "default": "", "explicit_default": true, "source": fixture_host.place("nginx.conf", 1)},
]

doc(fields) := object.union(fixture_host.doc({"jails": [fixture_host.jail(fields)]}, {}), {"proxymap": entries, "nginxrules": [fixture.nginx([], sockets)]})

ranges(list) := {"ports": [{"from": r[0], "to": r[1]} | some r in list]}

test_fires_on_a_mapped_port if {
	some f in rule.findings with input as doc(ranges([[80, 80], [8445, 8445]]))
	f.key == "8553"
	f.fix == "port = http,https,8445,8553"
	count(f.sources) == 2
}

test_fires_on_every_port_of_an_edge_that_is_not_known if {
	d := object.union(fixture_host.doc({"jails": [fixture_host.jail(ranges([[8445, 8445]]))]}, {}), {"proxymap": entries, "nginxrules": []})
	{f.key | some f in rule.findings} == {"8553", "15280"} with input as d
}

test_silent_on_all_ports_of_the_edge if {
	count(rule.findings) == 0 with input as doc(ranges([[8445, 8445], [8553, 8553]]))
	count(rule.findings) == 0 with input as doc(ranges([[0, 65535]]))
	count(rule.unsure) == 0 with input as doc(ranges([[0, 65535]]))
	count(rule.subjects) == 1 with input as doc(ranges([[0, 65535]]))
}

test_unsure_about_a_service_without_a_number if {
	d := doc(object.union(ranges([[8445, 8445]]), {"unknown_ports": ["gate-ids"]}))
	count(rule.unsure) == 1 with input as d
	count(rule.findings) == 0 with input as d
}
