package policies.net.loopback_unguarded_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.net.loopback_unguarded as rule

doc(rules) := object.union(fixture_host.doc({}, {}), {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP")], rules)]})

lo := fixture.packet_rule("INPUT", 1, "ACCEPT", {"in_interface": fixture.matched(["lo"])})

forged := fixture.packet_rule("INPUT", 2, "DROP", {"source_net": fixture.matched(["127.0.0.0/8"]), "in_interface": {"set": true, "negated": true, "values": ["lo"]}})

desk := fixture.packet_rule("INPUT", 3, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([8445])})

keys(rules) := got if got := {f.key | some f in rule.findings} with input as doc(rules)

test_fires_without_either_rule if {
	keys([forged, desk]) == {"ipv4 lo"}
	keys([lo, desk]) == {"ipv4 forged"}
	some f in rule.findings with input as doc([lo, desk])
	f.fix == "iptables -I INPUT 1 -s 127.0.0.0/8 ! -i lo -j DROP, and save the rules"
}

test_silent_on_both if {
	keys([lo, forged, desk]) == set()
	keys([lo]) == set()
	count(rule.subjects) == 1 with input as doc([lo])
}

test_silent_without_the_benchmark if {
	d := object.union(fixture_host.unbenchmarked({}), {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP")], [desk])]})
	count(rule.subjects) == 0 with input as d
	count(rule.findings) == 0 with input as d
}
