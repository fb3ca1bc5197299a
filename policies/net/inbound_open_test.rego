package policies.net.inbound_open_test

import data.policies.lib.fixture
import data.policies.net.inbound_open as rule

doc(family, policy, rules) := {"iptables": [fixture.ruleset(family, [fixture.packet_chain("INPUT", policy), fixture.packet_chain("EXTRA", "-")], rules)], "site": fixture.site}

keys(policy, rules) := got if got := {f.key | some f in rule.findings} with input as doc("ipv4", policy, rules)

loopback := fixture.packet_rule("INPUT", 1, "ACCEPT", {"in_interface": fixture.matched(["lo"])})

established := fixture.packet_rule("INPUT", 2, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "states": fixture.matched(["ESTABLISHED"])})

desk := fixture.packet_rule("INPUT", 3, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([8445]), "tcp_flags": "SYN SYN"})

reject := fixture.packet_rule("INPUT", 4, "REJECT", {})

test_fires_on_an_open_policy if keys("ACCEPT", [loopback, established, desk]) == {"ipv4 rest"}

test_fires_on_an_open_policy_of_ipv6_at_the_chain if {
	some f in rule.findings with input as doc("ipv6", "ACCEPT", [])
	f.key == "ipv6 rest"
	f.sources[0].line == 2
}

test_fires_on_all_tcp_from_outside if {
	keys("DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "in_interface": fixture.matched(["ens192"])})]) == {"ipv4 tcp any port"}
}

test_fires_when_only_loopback_is_left_out if {
	keys("DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {"in_interface": {"set": true, "negated": true, "values": ["lo"]}})]) == {"ipv4 any protocol any port"}
}

test_fires_on_an_unconditional_accept_before_the_drop if keys("DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {}), reject]) == {"ipv4 rest"}

test_silent_on_the_final_reject_of_the_published_sample if {
	keys("ACCEPT", [loopback, established, desk, reject]) == set()
	count(rule.unsure) == 0 with input as doc("ipv4", "ACCEPT", [loopback, established, desk, reject])
}

test_silent_on_a_dropping_policy if keys("DROP", [loopback, established, desk]) == set()

test_silent_on_named_sources_and_ping if {
	keys("DROP", [
		fixture.packet_rule("INPUT", 1, "ACCEPT", {"source_net": fixture.matched(["10.9.1.0/24"])}),
		fixture.packet_rule("INPUT", 2, "ACCEPT", {"protocol": fixture.matched(["icmp"]), "icmp_type": "8"}),
	]) == set()
}

test_silent_on_the_inner_interface if keys("DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {"in_interface": fixture.matched(["ens224"])})]) == set()

test_unsure_on_a_match_that_is_not_modelled if {
	d := doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {"unmodelled": ["-m set --match-set agents src"]})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_on_an_interface_that_nobody_declared if {
	d := doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {"in_interface": fixture.matched(["eth7"])})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_on_a_chain_that_may_accept if {
	d := doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, "EXTRA", {}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})])
	count(rule.unsure) == 1 with input as d
}

test_silent_on_a_chain_that_only_logs if {
	d := doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, "EXTRA", {}), fixture.packet_rule("EXTRA", 1, "LOG", {})])
	count(rule.unsure) == 0 with input as d
}
