package policies.host.monitor_port_open_test

import data.policies.host.monitor_port_open as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

doc(address, rules) := object.union(fixture_host.doc({"sockets": [fixture_host.listener("node_exporter", address, 9100, 5)]}, {"monitor_ports": [9100]}), {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP"), fixture.packet_chain("EXTRA", "-")], rules), fixture.ruleset("ipv6", [fixture.packet_chain("INPUT", "DROP")], [])]})

open := [fixture.packet_rule("INPUT", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([9100])})]

test_fires_on_an_open_agent if {
	some f in rule.findings with input as doc("0.0.0.0", open)
	f.key == "port 9100"
	contains(f.message, "node_exporter")
	count(f.sources) == 2
	count(rule.findings) == 1 with input as doc("203.0.113.10", open)
}

test_silent_behind_packet_rules_and_on_the_inner_address if {
	count(rule.findings) == 0 with input as doc("0.0.0.0", [])
	count(rule.findings) == 0 with input as doc("10.9.0.10", open)
	count(rule.unsure) == 0 with input as doc("0.0.0.0", [])
	count(rule.subjects) == 1 with input as doc("0.0.0.0", [])
}

test_unsure_about_what_is_not_followed if {
	jump := [fixture.packet_rule("INPUT", 1, "EXTRA", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})]
	count(rule.unsure) == 1 with input as doc("0.0.0.0", jump)
}

test_unsure_without_a_declared_interface if {
	edge := object.union(fixture_host.site.edges[0], {"interfaces": {"external": "", "internal": ""}})
	count(rule.unsure) == 1 with input as object.union(doc("0.0.0.0", open), {"site": {"edges": [edge]}})
}
