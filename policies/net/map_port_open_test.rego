package policies.net.map_port_open_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.net.map_port_open as rule

set_of(policy, rules) := fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", policy), fixture.packet_chain("EXTRA", "-")], rules)

doc(policy, rules) := object.union(fixture_host.doc({}, {"map_port": 10000}), {"iptables": [set_of(policy, rules)]})

tcp(index, verdict, fields) := fixture.packet_rule("INPUT", index, verdict, object.union({"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([10000])}, fields))

keys(policy, rules) := got if got := {f.key | some f in rule.findings} with input as doc(policy, rules)

test_fires_on_a_port_that_is_accepted_everywhere if {
	some f in rule.findings with input as doc("DROP", [tcp(1, "ACCEPT", {})])
	f.key == "ipv4 10000"
	f.fix == "iptables -I INPUT 1 -i ens192 -p tcp --dport 10000 -j DROP, and save the rules"
	f.sources[0].line == 11
	keys("DROP", [tcp(1, "ACCEPT", {"in_interface": fixture.matched(["ens192"])})]) == {"ipv4 10000"}
	keys("DROP", [tcp(1, "ACCEPT", {"dest_ports": {"set": true, "negated": false, "ranges": [{"from": 9000, "to": 11000}]}})]) == {"ipv4 10000"}
	keys("DROP", [tcp(1, "ACCEPT", {"dest_ports": {"set": true, "negated": true, "ranges": [{"from": 22, "to": 22}]}})]) == {"ipv4 10000"}
	keys("DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {"protocol": {"set": true, "negated": true, "values": ["udp"]}})]) == {"ipv4 10000"}
}

test_fires_on_an_open_policy if {
	keys("ACCEPT", []) == {"ipv4 10000"}
	keys("ACCEPT", [tcp(1, "DROP", {"source_net": fixture.matched(["198.51.100.0/24"])})]) == {"ipv4 10000"}
}

test_silent_on_the_inner_interface if {
	keys("DROP", [tcp(1, "ACCEPT", {"in_interface": fixture.matched(["ens224"])})]) == set()
	count(rule.subjects) == 1 with input as doc("DROP", [])
	count(rule.unsure) == 0 with input as doc("DROP", [])
}

test_silent_where_the_outer_side_is_dropped_first if {
	keys("DROP", [tcp(1, "DROP", {"in_interface": fixture.matched(["ens192"])}), tcp(2, "ACCEPT", {})]) == set()
	keys("DROP", [fixture.packet_rule("INPUT", 1, "DROP", {"in_interface": fixture.matched(["ens192"])}), tcp(2, "ACCEPT", {})]) == set()
}

test_silent_on_named_sources_and_other_ports if {
	keys("DROP", [tcp(1, "ACCEPT", {"source_net": fixture.matched(["10.1.0.0/16"])})]) == set()
	keys("DROP", [tcp(1, "ACCEPT", {"dest_ports": fixture.ports([8445])})]) == set()
	keys("DROP", [tcp(1, "ACCEPT", {"dest_ports": {"set": true, "negated": true, "ranges": [{"from": 10000, "to": 10000}]}})]) == set()
	keys("DROP", [tcp(1, "ACCEPT", {"protocol": fixture.matched(["udp"])})]) == set()
}

test_unsure_about_what_is_not_followed if {
	d := doc("DROP", [fixture.packet_rule("INPUT", 1, "EXTRA", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})])
	count(rule.unsure) == 1 with input as d
	count(rule.unsure) == 1 with input as doc("DROP", [fixture.packet_rule("INPUT", 1, "NFQUEUE", {"protocol": fixture.matched(["tcp"])})])
	gone := object.union(fixture.packet_rule("INPUT", 1, "EXTRA", {}), {"goto": true, "unconditional": false})
	count(rule.unsure) == 1 with input as doc("ACCEPT", [gone, fixture.packet_rule("EXTRA", 1, "LOG", {})])
}

test_unsure_without_a_declared_interface if {
	edge := object.union(fixture_host.site.edges[0], {"interfaces": {"external": "", "internal": ""}})
	count(rule.unsure) == 1 with input as object.union(doc("DROP", []), {"site": {"edges": [edge]}})
}

test_fires_on_a_mark_and_on_a_large_network_of_strangers if {
	keys("DROP", [tcp(1, "ACCEPT", {"states": fixture.matched(["DNAT"])})]) == {"ipv4 10000"}
	keys("DROP", [tcp(1, "ACCEPT", {"source_net": fixture.matched(["199.0.0.0/8"])})]) == {"ipv4 10000"}
}

test_unsure_about_a_small_network_of_strangers if {
	count(rule.unsure) == 1 with input as doc("DROP", [tcp(1, "ACCEPT", {"source_net": fixture.matched(["192.0.2.0/24"])})])
}
