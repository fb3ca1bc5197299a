package policies.net.forwarding_open_test

import data.policies.lib.fixture
import data.policies.net.forwarding_open as rule

doc(policy, rules) := {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("FORWARD", policy), fixture.packet_chain("PODS", "-")], rules)], "site": fixture.site}

keys(policy, rules) := got if got := {f.key | some f in rule.findings} with input as doc(policy, rules)

test_fires_on_an_open_policy if keys("ACCEPT", []) == {"ipv4 rest"}

test_fires_on_an_accepting_rule if {
	keys("DROP", [fixture.packet_rule("FORWARD", 1, "ACCEPT", {"in_interface": fixture.matched(["ens192"]), "protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([8445])})]) == {"ipv4 tcp 8445"}
}

test_silent_on_drop_and_on_final_reject if {
	keys("DROP", []) == set()
	keys("ACCEPT", [fixture.packet_rule("FORWARD", 1, "REJECT", {})]) == set()
	count(rule.unsure) == 0 with input as doc("DROP", [])
}

test_silent_on_established_traffic if keys("DROP", [fixture.packet_rule("FORWARD", 1, "ACCEPT", {"states": fixture.matched(["ESTABLISHED"])})]) == set()

test_unsure_on_a_chain_that_may_accept if {
	d := doc("DROP", [fixture.packet_rule("FORWARD", 1, "PODS", {}), fixture.packet_rule("PODS", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_without_the_chain if {
	count(rule.unsure) == 1 with input as {"iptables": [fixture.ruleset("ipv6", [fixture.packet_chain("INPUT", "DROP")], [])], "site": fixture.site}
}

test_fires_on_a_return_to_an_open_policy if {
	keys("ACCEPT", [fixture.packet_rule("FORWARD", 1, "RETURN", {}), fixture.packet_rule("FORWARD", 2, "REJECT", {})]) == {"ipv4 rest"}
	keys("ACCEPT", [fixture.packet_rule("FORWARD", 1, "RETURN", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("FORWARD", 2, "REJECT", {})]) == {"ipv4 tcp any port"}
}

test_fires_on_flags_that_leave_out_other_packets_than_syn if {
	keys("DROP", [fixture.packet_rule("FORWARD", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "tcp_flags": "! RST RST"})]) == {"ipv4 tcp any port"}
}

test_unsure_on_targets_that_are_not_modelled if {
	count(rule.unsure) == 1 with input as doc("DROP", [fixture.packet_rule("FORWARD", 1, "NFQUEUE", {"protocol": fixture.matched(["tcp"])})])
}

test_unsure_on_a_match_that_is_not_modelled if {
	d := doc("DROP", [fixture.packet_rule("FORWARD", 1, "ACCEPT", {"unmodelled": ["-m set --match-set agents src"]})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_on_a_goto_that_skips_the_final_reject if {
	gone := object.union(fixture.packet_rule("FORWARD", 1, "PODS", {}), {"goto": true})
	count(rule.unsure) == 1 with input as doc("ACCEPT", [gone, fixture.packet_rule("PODS", 1, "LOG", {}), fixture.packet_rule("FORWARD", 2, "REJECT", {})])
}

test_fires_on_what_another_table_sent_on if {
	keys("DROP", [fixture.packet_rule("FORWARD", 1, "ACCEPT", {"states": fixture.matched(["DNAT"])})]) == {"ipv4 any protocol any port"}
}
