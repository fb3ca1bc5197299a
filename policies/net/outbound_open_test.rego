package policies.net.outbound_open_test

import data.policies.lib.fixture
import data.policies.net.outbound_open as rule

doc(policy, rules) := {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("OUTPUT", policy), fixture.packet_chain("OUT-EXTRA", "-")], rules)], "site": site}

site := object.union(fixture.site, {
	"nodes": [object.union(fixture.node("fin-a", "finesse", "fin-a.corp.example"), {"addresses": ["10.1.0.11"]})],
	"load_balancers": ["lb.agents.example", "10.9.0.80"],
	"zones": {"admins": ["10.9.1.0/24"], "resolvers": ["10.9.0.53"], "time": [], "logs": ["2001:db8:9::/64"], "monitors": ["0.0.0.0/0"]},
})

reasons(policy, rules) := got if got := {u.reason | some u in rule.unsure} with input as doc(policy, rules)

to(index, network) := fixture.packet_rule("OUTPUT", index, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_net": fixture.matched([network])})

shield(index) := fixture.packet_rule("OUTPUT", index, "DROP", {"out_interface": fixture.matched(["ens192"])})

tcp(index, fields) := fixture.packet_rule("OUTPUT", index, "ACCEPT", object.union({"protocol": fixture.matched(["tcp"])}, fields))

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

test_fires_on_an_accept_before_the_shield if {
	keys("ACCEPT", [tcp(1, {}), shield(2)]) == {"ipv4 tcp any port"}
}

test_silent_on_an_accept_behind_the_shield if {
	keys("ACCEPT", [shield(1), tcp(2, {})]) == set()
	count(reasons("ACCEPT", [shield(1), tcp(2, {})])) == 0
}

test_fires_on_a_shield_behind_the_end_of_the_chain if keys("ACCEPT", [fixture.packet_rule("OUTPUT", 1, "ACCEPT", {}), shield(2)]) == {"ipv4 rest"}

test_fires_when_the_shield_leaves_out_the_outer_side_by_a_wildcard if {
	keys("ACCEPT", [fixture.packet_rule("OUTPUT", 1, "DROP", {"out_interface": {"set": true, "negated": true, "values": ["ens+"]}})]) == {"ipv4 rest"}
}

test_fires_on_everything_through_a_wildcard_of_the_outer_side if {
	keys("DROP", [tcp(1, {"out_interface": fixture.matched(["ens+"])})]) == {"ipv4 tcp any port"}
}

test_fires_on_the_halves_of_the_internet if {
	every network in ["0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/7", "0/0", "0.0.0.0/128.0.0.0", "0.0.0.1/0.0.0.1", "2000::/3", "::/0"] {
		keys("DROP", [to(1, network)]) == {"ipv4 tcp any port"}
	}
}

test_unsure_on_networks_that_the_site_does_not_name if {
	every network in ["198.51.100.0/24", "11.0.0.0/8", "10.0.0.0/8", "10.1.0.0/255.255.255.0", "updates.example", "224.0.0.0/4", "fe80::/10", "2001:db8::/32"] {
		keys("DROP", [to(1, network)]) == set()
		count(reasons("DROP", [to(1, network)])) == 1
	}
}

test_silent_on_networks_that_the_site_names if {
	every network in ["10.1.0.11", "10.1.0.11/32", "203.0.113.10/32", "10.9.0.10", "10.9.0.53/255.255.255.255", "127.0.0.0/8", "::1", "2001:db8:9::7/128"] {
		keys("DROP", [to(1, network)]) == set()
		count(reasons("DROP", [to(1, network)])) == 0
	}
}

test_fires_on_flags_that_leave_out_other_packets_than_syn if {
	every flags in ["! RST RST", "! FIN,SYN,RST,ACK ACK", "! ALL SYN", "SYN SYN", "FIN,SYN,RST,ACK SYN", "RST NONE"] {
		keys("DROP", [tcp(1, {"tcp_flags": flags})]) == {"ipv4 tcp any port"}
	}
}

test_silent_on_flags_that_no_syn_has if {
	every flags in ["! FIN,SYN,RST,ACK SYN", "! SYN SYN", "! SYN,ACK SYN", "ACK ACK", "SYN,ACK SYN,ACK", "SYN NONE", "RST RST", "ALL FIN,PSH,URG"] {
		keys("DROP", [tcp(1, {"tcp_flags": flags})]) == set()
	}
}

test_fires_on_a_return_to_an_open_policy if {
	keys("ACCEPT", [fixture.packet_rule("OUTPUT", 1, "RETURN", {}), fixture.packet_rule("OUTPUT", 2, "DROP", {})]) == {"ipv4 rest"}
	keys("ACCEPT", [fixture.packet_rule("OUTPUT", 1, "RETURN", {"protocol": fixture.matched(["udp"])}), fixture.packet_rule("OUTPUT", 2, "DROP", {})]) == {"ipv4 udp any port"}
}

test_silent_on_a_return_to_a_closed_policy if {
	keys("DROP", [fixture.packet_rule("OUTPUT", 1, "RETURN", {"protocol": fixture.matched(["udp"])}), fixture.packet_rule("OUTPUT", 2, "RETURN", {}), tcp(3, {})]) == set()
}

test_unsure_on_targets_that_are_not_modelled if {
	every target in ["NFQUEUE", "QUEUE", "TEE", "MISSING-CHAIN"] {
		count(reasons("DROP", [fixture.packet_rule("OUTPUT", 1, target, {"protocol": fixture.matched(["tcp"])})])) == 1
	}
}

test_unsure_on_those_that_only_open_connections_to_the_edge if {
	every network in ["10.9.0.80/32", "10.9.1.16/28", "10.9.1.0/255.255.255.0"] {
		count(reasons("DROP", [to(1, network)])) == 1
	}
}
