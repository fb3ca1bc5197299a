package policies.net.inbound_open_test

import data.policies.lib.fixture
import data.policies.net.inbound_open as rule

doc(family, policy, rules) := {"iptables": [fixture.ruleset(family, [fixture.packet_chain("INPUT", policy), fixture.packet_chain("EXTRA", "-")], rules)], "site": fixture.site, "profile": profile}

profile := {"parameters": {"host": {"named_ports": [22, 80, 443], "many_ports": 100}}}

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

tcp(fields) := fixture.packet_rule("INPUT", 1, "ACCEPT", object.union({"protocol": fixture.matched(["tcp"])}, fields))

spans(list) := {"set": true, "negated": false, "ranges": [{"from": s[0], "to": s[1]} | some s in list]}

test_fires_on_wide_and_negated_ports if {
	keys("DROP", [tcp({"dest_ports": spans([[1, 65535]])})]) == {"ipv4 tcp 1:65535"}
	keys("DROP", [tcp({"dest_ports": spans([[0, 32767], [32768, 65535]])})]) == {"ipv4 tcp 0:32767,32768:65535"}
	keys("DROP", [tcp({"dest_ports": spans([[8000, 8100]])})]) == {"ipv4 tcp 8000:8100"}
	keys("DROP", [tcp({"dest_ports": {"set": true, "negated": true, "ranges": [{"from": 22, "to": 22}]}})]) == {"ipv4 tcp any port but 22"}
}

test_fires_on_a_short_range_beyond_the_map if {
	d := object.union(doc("ipv4", "DROP", [tcp({"dest_ports": spans([[8444, 8446]])})]), {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 2)])})
	{f.key | some f in rule.findings} == {"ipv4 tcp 8444:8446"} with input as d
}

test_silent_on_a_range_within_the_map if {
	entries := [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 2), fixture.entry("fin-b.corp.example:8445", "desk-b.agents.example:8446", 3)]
	d := object.union(doc("ipv4", "DROP", [tcp({"dest_ports": spans([[8445, 8446]])})]), {"proxymap": fixture.proxymap(entries)})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_fires_on_the_halves_of_the_internet if {
	every network in ["0.0.0.0/1", "128.0.0.0/1", "0/0", "0.0.0.0/128.0.0.0", "2000::/3"] {
		keys("DROP", [tcp({"source_net": fixture.matched([network])})]) == {"ipv4 tcp any port"}
	}
}

test_fires_on_flags_that_leave_out_other_packets_than_syn if keys("DROP", [tcp({"tcp_flags": "! RST RST"})]) == {"ipv4 tcp any port"}

test_silent_on_packets_that_open_nothing if keys("DROP", [tcp({"tcp_flags": "! FIN,SYN,RST,ACK SYN"})]) == set()

test_fires_on_a_return_to_an_open_policy if {
	keys("ACCEPT", [fixture.packet_rule("INPUT", 1, "RETURN", {}), reject]) == {"ipv4 rest"}
	keys("ACCEPT", [fixture.packet_rule("INPUT", 1, "RETURN", {"protocol": fixture.matched(["tcp"])}), reject]) == {"ipv4 tcp any port"}
}

test_silent_on_a_return_to_a_closed_policy if {
	keys("DROP", [fixture.packet_rule("INPUT", 1, "RETURN", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("INPUT", 2, "RETURN", {})]) == set()
}

test_unsure_on_targets_that_are_not_modelled if {
	every target in ["NFQUEUE", "QUEUE", "TEE"] {
		count(rule.unsure) == 1 with input as doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, target, {"protocol": fixture.matched(["tcp"])}), reject])
	}
	d := doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, "EXTRA", {}), fixture.packet_rule("EXTRA", 1, "NFQUEUE", {}), fixture.packet_rule("EXTRA", 2, "DROP", {})])
	count(rule.unsure) == 1 with input as d
}

test_silent_on_targets_behind_the_end_of_the_chain if {
	count(rule.unsure) == 0 with input as doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, "DROP", {}), fixture.packet_rule("INPUT", 2, "NFQUEUE", {})])
}

test_unsure_on_a_goto_that_skips_the_final_reject if {
	gone := object.union(fixture.packet_rule("INPUT", 1, "EXTRA", {}), {"goto": true})
	count(rule.unsure) == 1 with input as doc("ipv4", "ACCEPT", [gone, fixture.packet_rule("EXTRA", 1, "LOG", {}), reject])
}

test_fires_without_the_chain if {
	{f.key | some f in rule.findings} == {"ipv4 unfiltered"} with input as {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("OUTPUT", "DROP")], [])], "site": fixture.site}
	count(rule.subjects) == 1 with input as doc("ipv4", "DROP", [])
}

test_silent_on_the_inner_side_by_a_match_that_is_not_modelled if {
	every name in ["lo", "ens224"] {
		d := doc("ipv4", "DROP", [fixture.packet_rule("INPUT", 1, "ACCEPT", {"in_interface": fixture.matched([name]), "unmodelled": ["-m set --match-set nodes src"]})])
		count(rule.unsure) == 0 with input as d
	}
}

# Marks of the connection that new ones carry as well.

stated(states) := keys("DROP", [tcp({"states": fixture.matched(states)})])

test_fires_on_states_that_new_connections_have if {
	every state in ["DNAT", "SNAT", "UNTRACKED", "NEW"] {
		stated(["ESTABLISHED", state]) == {"ipv4 tcp any port"}
	}
	keys("DROP", [tcp({"states": {"set": true, "negated": true, "values": ["INVALID", "NEW"]}})]) == {"ipv4 tcp any port"}
}

test_silent_on_states_of_known_connections if {
	stated(["ESTABLISHED", "RELATED", "INVALID"]) == set()
	keys("DROP", [tcp({"states": {"set": true, "negated": true, "values": ["NEW", "DNAT", "SNAT", "UNTRACKED"]}})]) == set()
}

nat_chain := object.union(fixture.packet_chain("PREROUTING", "ACCEPT"), {"table": "nat"})

redirect := object.union(fixture.packet_rule("PREROUTING", 1, "REDIRECT", {"protocol": fixture.matched(["tcp"])}), {"table": "nat"})

with_nat(rules) := got if {
	got := {f.key | some f in rule.findings} with input as {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP"), nat_chain], array.concat([tcp({"states": fixture.matched(["DNAT"])})], rules))], "site": fixture.site}
}

test_silent_on_a_mark_that_no_rule_of_its_table_gives if {
	with_nat([]) == set()
	with_nat([redirect]) == {"ipv4 tcp any port"}
}

# Sources that the site does not know.

zoned(network) := object.union(doc("ipv4", "DROP", [tcp({"source_net": fixture.matched([network]), "in_interface": fixture.matched(["ens192"])})]), {"site": object.union(fixture.site, {"zones": {"admins": ["198.51.100.0/24"], "resolvers": [], "time": [], "logs": [], "monitors": []}})})

test_fires_on_large_networks_of_strangers if {
	every network in ["198.0.0.0/8", "199.0.0.0/255.0.0.0", "9.20.0.0/16", "2001:db8::/32"] {
		count(rule.findings) == 1 with input as zoned(network)
	}
}

test_silent_on_private_and_declared_networks if {
	every network in ["10.0.0.0/8", "172.20.0.0/16", "198.51.100.64/26", "fd00:1::/32"] {
		count(rule.findings) == 0 with input as zoned(network)
		count(rule.unsure) == 0 with input as zoned(network)
	}
}

test_unsure_about_small_networks_of_strangers if {
	every network in ["203.0.114.0/24", "192.0.2.7", "branch.example"] {
		count(rule.findings) == 0 with input as zoned(network)
		count(rule.unsure) == 1 with input as zoned(network)
	}
}
