package policies.net.unmapped_port_open_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.net.unmapped_port_open as rule

doc(rules) := object.union(fixture_host.doc({}, {"map_port": 10000}), {
	"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)]),
	"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP"), fixture.packet_chain("EXTRA", "-")], rules)],
})

tcp(port, fields) := fixture.packet_rule("INPUT", 1, "ACCEPT", object.union({"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([port])}, fields))

test_fires_on_a_port_of_its_own if {
	some f in rule.findings with input as doc([tcp(3389, {"in_interface": fixture.matched(["ens192"])})])
	f.key == "ipv4 tcp 3389"
	f.sources[0].line == 11
	contains(f.fix, "iptables -D INPUT")
	count(rule.findings) == 1 with input as doc([tcp(3389, {"source_net": fixture.matched(["198.0.0.0/8"])})])
}

test_silent_on_mapped_ports_and_on_those_of_other_rules if {
	every rules in [[tcp(8445, {})], [tcp(10000, {})], [tcp(22, {"in_interface": fixture.matched(["ens224"])})], [tcp(22, {"source_net": fixture.matched(["10.9.1.0/24"])})], []] {
		d := doc(rules)
		count(rule.findings) == 0 with input as d
		count(rule.unsure) == 0 with input as d
		count(rule.subjects) == 1 with input as d
	}
}

test_silent_without_a_map if count(rule.subjects) == 0 with input as object.union(doc([tcp(3389, {})]), {"proxymap": []})

test_unsure_about_small_networks_and_other_matches if {
	every fields in [{"source_net": fixture.matched(["192.0.2.7"])}, {"unmodelled": ["-m set --match-set agents src"]}] {
		d := doc([tcp(3389, fields)])
		count(rule.findings) == 0 with input as d
		count(rule.unsure) == 1 with input as d
	}
}

test_unsure_about_what_is_not_followed if {
	jump := [fixture.packet_rule("INPUT", 1, "EXTRA", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})]
	count(rule.unsure) == 1 with input as doc(jump)
}

test_unsure_without_a_declared_interface if {
	edge := object.union(fixture_host.site.edges[0], {"interfaces": {"external": "", "internal": ""}})
	count(rule.unsure) == 1 with input as object.union(doc([]), {"site": {"edges": [edge]}})
}
