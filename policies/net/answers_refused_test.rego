package policies.net.answers_refused_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.net.answers_refused as rule

chains := [fixture.packet_chain("INPUT", "DROP"), fixture.packet_chain("OUTPUT", "DROP"), fixture.packet_chain("EXTRA", "-")]

doc(rules) := object.union(fixture_host.doc({}, {}), {"iptables": [fixture.ruleset("ipv4", chains, rules)]})

back(chain) := fixture.packet_rule(chain, 1, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "states": fixture.matched(["RELATED", "ESTABLISHED"])})

desk := fixture.packet_rule("INPUT", 3, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([8445])})

keys(rules) := got if got := {f.key | some f in rule.findings} with input as doc(rules)

test_fires_on_each_chain if {
	keys([back("INPUT"), desk]) == {"ipv4 OUTPUT"}
	keys([back("OUTPUT"), desk]) == {"ipv4 INPUT"}
}

test_silent_on_both if {
	keys([back("INPUT"), back("OUTPUT"), desk]) == set()
	count(rule.subjects) == 1 with input as doc([])
	count(rule.unsure) == 0 with input as doc([desk])
}

test_silent_where_nothing_is_accepted if keys([fixture.packet_rule("INPUT", 1, "ACCEPT", {"in_interface": fixture.matched(["lo"])})]) == set()

test_silent_without_the_benchmark if {
	count(rule.subjects) == 0 with input as object.union(fixture_host.unbenchmarked({}), {"iptables": [fixture.ruleset("ipv4", chains, [desk])]})
}

test_unsure_about_what_is_not_followed if {
	jump := [fixture.packet_rule("OUTPUT", 1, "EXTRA", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})]
	count(rule.unsure) == 1 with input as doc(jump)
}
