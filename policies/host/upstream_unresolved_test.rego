package policies.host.upstream_unresolved_test

import data.policies.host.upstream_unresolved as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

names(list) := [{"address": "10.1.0.11", "names": list, "source": fixture_host.place("hosts", 3)}]

resolver(list) := {"nameservers": [{"address": a, "used": true, "source": fixture_host.place("resolv.conf", 2)} | some a in list], "search": [], "options": [], "databases": []}

server := fixture.server("desk-a.agents.example", 8445, [], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445), fixture.forward("10.1.0.12", 8445)])])

chains(input_policy, output_policy) := [fixture.packet_chain("INPUT", input_policy), fixture.packet_chain("OUTPUT", output_policy), fixture.packet_chain("EXTRA", "-")]

site := object.union(fixture_host.site, {"nodes": [object.union(fixture.node("fin-a", "finesse", "fin-a.corp.example"), {"addresses": ["10.1.0.11"]})]})

doc(hosts, list, sets) := object.union(
	fixture_host.doc({"names": hosts, "resolver": resolver(list)}, {}),
	{"nginxrules": [fixture.nginx([server], [])], "iptables": sets, "site": site},
)

rules(list) := [fixture.ruleset("ipv4", chains("DROP", "DROP"), list)]

ask := fixture.packet_rule("OUTPUT", 1, "ACCEPT", {"protocol": fixture.matched(["udp"]), "dest_ports": fixture.ports([53])})

answer := fixture.packet_rule("INPUT", 1, "ACCEPT", {"states": fixture.matched(["ESTABLISHED"])})

tcp_only := fixture.packet_rule("INPUT", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"]), "states": fixture.matched(["ESTABLISHED"])})

messages(hosts, list, sets) := got if got := {f.message | some f in rule.findings} with input as doc(hosts, list, sets)

test_fires_without_any_name_server if {
	some f in rule.findings with input as doc([], [], rules([]))
	f.key == "fin-a.corp.example"
	f.fix == "10.1.0.11 fin-a.corp.example"
	endswith(f.message, "no name server is configured")
}

test_fires_where_the_packet_rules_stop_it if {
	messages([], ["10.9.0.53"], rules([])) == {"fin-a.corp.example is not in /etc/hosts, and the packet rules let no question to a name server out"}
	messages([], ["10.9.0.53"], rules([ask, tcp_only])) == {"fin-a.corp.example is not in /etc/hosts, and the packet rules drop the answers of name servers"}
}

test_fires_on_a_node_without_an_address if {
	d := object.union(doc([], [], rules([])), {"site": fixture_host.site})
	{f.fix | some f in rule.findings} == {"(address of the node) fin-a.corp.example"} with input as d
	{f.fix | some f in rule.findings} == {"(address of the node) fin-a.corp.example"} with input as object.union(doc([], [], rules([])), {"site": object.union(site, {"nodes": []})})
}

test_silent_on_a_listed_name if {
	d := doc(names(["FIN-A.corp.example", "fin-a"]), [], rules([]))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_where_name_servers_can_be_asked if {
	messages([], ["10.9.0.53"], rules([ask, answer])) == set()
	messages([], ["10.9.0.53"], [fixture.ruleset("ipv4", chains("ACCEPT", "ACCEPT"), [])]) == set()
	by_port := fixture.packet_rule("INPUT", 1, "ACCEPT", {"protocol": fixture.matched(["udp"]), "source_ports": fixture.ports([53])})
	messages([], ["10.9.0.53"], rules([ask, by_port])) == set()
	messages([], ["10.9.0.53"], rules([ask, fixture.packet_rule("INPUT", 1, "ACCEPT", {"protocol": fixture.matched(["udp"])})])) == set()
}

test_unsure_without_packet_rules if {
	count(rule.unsure) == 1 with input as doc([], ["10.9.0.53"], [])
	count(rule.findings) == 0 with input as doc([], ["10.9.0.53"], [])
}

test_unsure_about_what_is_not_followed if {
	jump := [fixture.packet_rule("OUTPUT", 1, "EXTRA", {"protocol": fixture.matched(["tcp"])}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["udp"])})]
	count(rule.unsure) == 1 with input as doc([], ["10.9.0.53"], rules(jump))
}
