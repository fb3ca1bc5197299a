package policies.net.listener_without_rule_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.net.listener_without_rule as rule

doc(sockets, rules) := object.union(fixture_host.doc({"sockets": sockets}, {}), {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP"), fixture.packet_chain("EXTRA", "-")], rules)]})

desk := fixture.packet_rule("INPUT", 3, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([8445])})

listener(port) := fixture_host.listener("nginx", "0.0.0.0", port, 3)

test_fires_on_a_port_without_a_rule if {
	some f in rule.findings with input as doc([listener(8445), listener(12008)], [desk])
	f.key == "tcp 12008"
	count(f.sources) == 2
}

test_fires_with_rules_of_ipv6_alone_and_no_declared_interface if {
	edge := object.union(fixture_host.site.edges[0], {"interfaces": {"external": "", "internal": ""}})
	rules := [fixture.ruleset("ipv6", [fixture.packet_chain("INPUT", "DROP")], [])]
	d := object.union(doc([listener(12008)], []), {"iptables": rules, "site": {"edges": [edge]}})
	some f in rule.findings with input as d
	f.key == "tcp 12008"
	contains(f.fix, "-A INPUT -p tcp --dport 12008 -j DROP")
}

test_silent_on_named_ports if {
	wide := fixture.packet_rule("INPUT", 4, "DROP", {"dest_ports": {"set": true, "negated": false, "ranges": [{"from": 10000, "to": 20000}]}})
	count(rule.findings) == 0 with input as doc([listener(8445), listener(12008), fixture_host.listener("x", "127.0.0.1", 9, 4)], [desk, wide])
	count(rule.subjects) == 1 with input as doc([], [desk])
	count(rule.unsure) == 0 with input as doc([], [desk])
}

test_silent_without_the_benchmark if {
	d := object.union(fixture_host.unbenchmarked({"sockets": [listener(12008)]}), {"iptables": []})
	count(rule.subjects) == 0 with input as d
}

test_unsure_about_what_is_not_followed if {
	jump := [fixture.packet_rule("INPUT", 1, "EXTRA", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})]
	count(rule.unsure) == 1 with input as doc([listener(12008)], jump)
	count(rule.findings) == 0 with input as doc([listener(12008)], jump)
}
