package policies.net.outbound_open_test

import data.policies.lib.fixture
import data.policies.net.outbound_open as rule

doc(policy, rules) := {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("OUTPUT", policy), fixture.packet_chain("OUT-EXTRA", "-")], rules)], "site": fixture.site}

keys(policy, rules) := got if got := {f.key | some f in rule.findings} with input as doc(policy, rules)

established := fixture.packet_rule("OUTPUT", 1, "ACCEPT", {"states": fixture.matched(["RELATED", "ESTABLISHED"])})

loopback := fixture.packet_rule("OUTPUT", 2, "ACCEPT", {"out_interface": fixture.matched(["lo"])})

upstream := fixture.packet_rule("OUTPUT", 3, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_net": fixture.matched(["10.1.0.11/32"]), "dest_ports": fixture.ports([8445])})

test_fires_on_the_policy_of_the_published_sample if keys("ACCEPT", [established]) == {"ipv4 rest"}

test_fires_on_new_connections_to_anywhere if {
	keys("DROP", [fixture.packet_rule("OUTPUT", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "states": fixture.matched(["NEW", "RELATED", "ESTABLISHED"])})]) == {"ipv4 tcp any port"}
}

test_fires_on_one_port_to_anywhere if {
	some f in rule.findings with input as doc("DROP", [fixture.packet_rule("OUTPUT", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([443]), "out_interface": fixture.matched(["ens192"])})])
	f.key == "ipv4 tcp 443"
	f.sources[0].line == 11
	f.witness.kind == "packet"
}

test_fires_on_everything_but_a_network if {
	keys("DROP", [fixture.packet_rule("OUTPUT", 1, "ACCEPT", {"dest_net": {"set": true, "negated": true, "values": ["10.0.0.0/8"]}})]) == {"ipv4 any protocol any port"}
}

test_fires_without_the_chain if {
	{f.key | some f in rule.findings} == {"ipv6 unfiltered"} with input as {"iptables": [fixture.ruleset("ipv6", [fixture.packet_chain("INPUT", "DROP")], [])], "site": fixture.site}
}

test_silent_on_a_closed_chain if {
	keys("DROP", [established, loopback, upstream]) == set()
	count(rule.unsure) == 0 with input as doc("DROP", [established, loopback, upstream])
}

test_silent_on_a_final_drop_with_an_open_policy if {
	keys("ACCEPT", [established, upstream, fixture.packet_rule("OUTPUT", 4, "DROP", {})]) == set()
}

test_silent_on_a_final_drop_in_a_chain_of_its_own if {
	keys("ACCEPT", [established, fixture.packet_rule("OUTPUT", 2, "OUT-EXTRA", {}), fixture.packet_rule("OUT-EXTRA", 1, "LOG", {}), fixture.packet_rule("OUT-EXTRA", 2, "DROP", {})]) == set()
}

test_silent_when_new_connections_are_refused_on_the_outer_side if {
	keys("ACCEPT", [fixture.packet_rule("OUTPUT", 1, "DROP", {"out_interface": fixture.matched(["ens192"]), "states": fixture.matched(["NEW"])})]) == set()
}

test_silent_on_rules_behind_the_final_drop if {
	keys("DROP", [fixture.packet_rule("OUTPUT", 1, "DROP", {}), fixture.packet_rule("OUTPUT", 2, "ACCEPT", {"protocol": fixture.matched(["tcp"])})]) == set()
}

test_unsure_on_a_match_that_is_not_modelled if {
	d := doc("DROP", [fixture.packet_rule("OUTPUT", 1, "ACCEPT", {"unmodelled": ["-m owner --uid-owner 0"]})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_on_a_chain_that_may_accept if {
	d := doc("DROP", [fixture.packet_rule("OUTPUT", 1, "OUT-EXTRA", {}), fixture.packet_rule("OUT-EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
