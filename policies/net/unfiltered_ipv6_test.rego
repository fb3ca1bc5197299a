package policies.net.unfiltered_ipv6_test

import data.policies.lib.fixture
import data.policies.net.unfiltered_ipv6 as rule

v4 := fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP")], [])

v6(policy, rules) := fixture.ruleset("ipv6", [fixture.packet_chain("INPUT", policy)], rules)

doc(sets) := {"iptables": sets, "site": fixture.site}

test_fires_on_an_empty_open_chain if {
	some f in rule.findings with input as doc([v4, v6("ACCEPT", [])])
	count(f.sources) >= 1
}

test_fires_without_a_filter_table if {
	nat := object.union(fixture.ruleset("ipv6", [object.union(fixture.packet_chain("PREROUTING", "ACCEPT"), {"table": "nat"})], []), {})
	count(rule.findings) == 1 with input as doc([v4, nat])
}

test_silent_on_a_filtered_ipv6 if {
	count(rule.findings) == 0 with input as doc([v4, v6("DROP", [])])
	count(rule.findings) == 0 with input as doc([v4, v6("ACCEPT", [fixture.packet_rule("INPUT", 1, "REJECT", {})])])
	count(rule.unsure) == 0 with input as doc([v4, v6("DROP", [])])
}

test_silent_where_ipv4_is_open_too if {
	count(rule.findings) == 0 with input as doc([fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "ACCEPT")], []), v6("ACCEPT", [])])
}

test_unsure_without_ipv6_rules if count(rule.unsure) == 1 with input as doc([v4])
