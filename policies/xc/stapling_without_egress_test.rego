package policies.xc.stapling_without_egress_test

import data.policies.lib.fixture
import data.policies.xc.stapling_without_egress as rule

doc(settings, rules) := {"nginxrules": [fixture.nginx([server], [fixture.socket(8445, [server], true)])], "iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("OUTPUT", "DROP"), fixture.packet_chain("EXTRA", "-")], rules)], "site": fixture.site} if {
	server := fixture.server("desk-a.agents.example", 8445, settings, [])
}

on := fixture.setting("ssl_stapling", ["on"], 15)

web(fields) := fixture.packet_rule("OUTPUT", 1, "ACCEPT", object.union({"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([80])}, fields))

test_fires_where_nothing_leaves if {
	some f in rule.findings with input as doc([on], [])
	f.subject == "edge/rp-a/server/desk-a.agents.example:8445"
	count(f.sources) == 2
}

test_fires_where_only_the_sites_own_can_be_asked if {
	count(rule.findings) == 1 with input as doc([on], [web({"dest_net": fixture.matched(["10.9.0.10/32"])})])
}

test_silent_with_a_file_and_without_stapling if {
	count(rule.findings) == 0 with input as doc([on, fixture.setting("ssl_stapling_file", ["ssl/a.ocsp"], 16)], [])
	count(rule.findings) == 0 with input as doc([fixture.preset("ssl_stapling", ["off"])], [])
	count(rule.subjects) == 1 with input as doc([fixture.preset("ssl_stapling", ["off"])], [])
}

test_silent_where_a_responder_can_be_asked if {
	count(rule.findings) == 0 with input as doc([on], [web({})])
	count(rule.findings) == 0 with input as doc([on], [web({"dest_net": fixture.matched(["198.51.100.7/32"])})])
	count(rule.findings) == 0 with input as doc([on], [web({"dest_net": {"set": true, "negated": true, "values": ["10.0.0.0/8"]}})])
	open := object.union(doc([on], []), {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("OUTPUT", "ACCEPT")], [])]})
	count(rule.findings) == 0 with input as open
}

test_unsure_about_what_is_not_followed if {
	jump := [fixture.packet_rule("OUTPUT", 1, "EXTRA", {"protocol": fixture.matched(["udp"])}), fixture.packet_rule("EXTRA", 1, "ACCEPT", {"protocol": fixture.matched(["tcp"])})]
	count(rule.unsure) == 1 with input as doc([on], jump)
	count(rule.findings) == 0 with input as doc([on], jump)
}
