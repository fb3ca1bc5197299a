package policies.xc.endpoint_served_twice_test

import data.policies.lib.fixture
import data.policies.xc.endpoint_served_twice as rule

server(number) := object.union(fixture.server("desk-a.agents.example", 8445, [], []), {"subject": sprintf("edge/rp-a/server/desk-a.agents.example:8445%s", [number])})

doc(sockets) := {
	"nginxrules": [fixture.nginx([server(""), server("#2")], sockets)], "site": fixture.site,
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
}

test_fires_on_two_servers_of_one_socket if {
	some f in rule.findings with input as doc([fixture.socket(8445, [server(""), server("#2")], true)])
	f.subject == "map/fin-a.corp.example:8445"
	count(f.sources) == 3
	f.fix == "Remove server_name desk-a.agents.example from all but one of the servers on port 8445."
}

test_silent_on_different_addresses if {
	d := doc([fixture.socket(8445, [server("")], true), object.union(fixture.socket(8445, [server("#2")], true), {"address": "10.9.0.10"})])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}
