package policies.rate.packet_limit_differs_test

import data.policies.lib.fixture
import data.policies.rate.packet_limit_differs as rule

limits := [
	{"port": 8445, "connections": 10, "rate": 6, "burst": 8}, {"port": 443, "connections": 8, "rate": 4, "burst": 6},
	{"port": 8444, "connections": 6, "rate": 2, "burst": 4}, {"port": 8447, "connections": 6, "rate": 2, "burst": 4},
]

own_ports := [{"role": "cuic", "port": 8444, "shared": true}, {"role": "livedata", "port": 12005, "shared": true}, {"role": "cloudconnect", "port": 443, "shared": false}]

base(entries, sockets, rules) := {
	"nginxrules": [fixture.nginx(sockets, [])], "proxymap": fixture.proxymap(entries), "site": fixture.site,
	"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "DROP"), fixture.packet_chain("EXTRA", "-")], rules)],
	"profile": {"parameters": {"packet_limits": limits, "packet_limit_ports": own_ports}},
}

desk := fixture.server("desk-a.agents.example", 8445, [], [])

doc(rules) := base([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)], [desk], rules)

keys(rules) := got if got := {f.key | some f in rule.findings} with input as doc(rules)

syn(port, fields) := object.union({"protocol": fixture.matched(["tcp"]), "dest_ports": fixture.ports([port]), "tcp_flags": "SYN SYN"}, fields)

conn(index, port, n) := fixture.packet_rule("INPUT", index, "DROP", syn(port, {"conn_limit": {"set": true, "above": true, "count": n, "mask": 32}}))

hash(index, port, rate, burst, name) := fixture.packet_rule("INPUT", index, "ACCEPT", syn(port, {"hash_limit": {"set": true, "above": false, "name": name, "mode": "srcip,dstport", "rate": rate, "per": 1000, "burst": burst}}))

published := [conn(1, 8445, 10), hash(2, 8445, 6, 8, "TCP_8445_DOS"), fixture.packet_rule("INPUT", 3, "DROP", syn(8445, {}))]

test_fires_on_each_number if {
	keys([conn(1, 8445, 100), hash(2, 8445, 60, 80, "a")]) == {"8445 parallel connections", "8445 new connections a second", "8445 burst"}
	keys([conn(1, 8445, 10), hash(2, 8445, 2, 8, "a")]) == {"8445 new connections a second"}
}

test_fires_on_missing_limits if {
	plain := fixture.packet_rule("INPUT", 1, "ACCEPT", syn(8445, {}))
	keys([plain]) == {"8445 no connection limit", "8445 no rate limit"}
	keys([conn(1, 8445, 10), plain]) == {"8445 no rate limit"}
}

test_fires_with_both_artifacts if {
	some f in rule.findings with input as doc([conn(1, 8445, 100), hash(2, 8445, 6, 8, "a")])
	{s.artifact | some s in f.sources} == {"rp-a/iptables.txt", "proxymap.txt"}
}

test_fires_on_an_accept_beside_the_limit if {
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", syn(8445, {}))])) == {"8445 unlimited"}
}

test_fires_on_a_shared_bucket if {
	keys(array.concat(published, [hash(4, 8442, 6, 8, "TCP_8445_DOS")])) == {"ipv4 bucket TCP_8445_DOS"}
}

test_fires_on_counting_networks if {
	wide := fixture.packet_rule("INPUT", 1, "DROP", syn(8445, {"conn_limit": {"set": true, "above": true, "count": 10, "mask": 24}}))
	keys([wide, hash(2, 8445, 6, 8, "a")]) == {"8445 mask"}
}

test_silent_on_the_published_rules if {
	keys(published) == set()
	count(rule.unsure) == 0 with input as doc(published)
	rule.subjects == {"edge/rp-a"} with input as doc(published)
}

test_silent_on_a_rate_by_minute_that_is_equal if {
	minute := fixture.packet_rule("INPUT", 2, "ACCEPT", syn(8445, {"hash_limit": {"set": true, "above": false, "name": "a", "mode": "srcip,dstport", "rate": 360, "per": 60000, "burst": 8}}))
	keys([conn(1, 8445, 10), minute]) == set()
}

test_silent_on_dropping_above_the_rate if {
	above := fixture.packet_rule("INPUT", 2, "DROP", syn(8445, {"hash_limit": {"set": true, "above": true, "name": "a", "mode": "srcip,dstport", "rate": 6, "per": 1000, "burst": 8}}))
	keys([conn(1, 8445, 10), above, fixture.packet_rule("INPUT", 3, "ACCEPT", syn(8445, {}))]) == set()
}

# Finesse and both CUIC ports behind 443: at least 10, at most 30 connections.
shared(n, rate, burst) := got if {
	one := fixture.server("desk-a.agents.example", 443, [], [])
	two := fixture.server("cuic-a.agents.example", 443, [], [])
	entries := [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:443", 3), fixture.entry("cuic-a.corp.example:8444", "cuic-a.agents.example:443", 4)]
	got := {f.key | some f in rule.findings} with input as base(entries, [one, two], [conn(1, 443, n), hash(2, 443, rate, burst, "a")])
}

test_silent_on_a_shared_port_within_its_span if {
	shared(10, 6, 8) == set()
	shared(16, 8, 12) == set()
	shared(30, 18, 24) == set()
}

test_fires_on_a_shared_port_outside_of_its_span if {
	shared(6, 6, 8) == {"443 parallel connections"}
	shared(31, 6, 8) == {"443 parallel connections"}
}

test_silent_on_finesse_moved_to_443 if {
	moved := base([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:443", 3)], [fixture.server("desk-a.agents.example", 443, [], [])], [conn(1, 443, 10), hash(2, 443, 6, 8, "a")])
	count(rule.findings) == 0 with input as moved
}

test_silent_on_the_limits_of_cloud_connect if {
	cloud := object.union(
		base([fixture.entry("cc.corp.example:8445", "cc.agents.example:443", 3)], [fixture.server("cc.agents.example", 443, [], [])], [conn(1, 443, 8), hash(2, 443, 4, 6, "a")]),
		{"site": object.union(fixture.site, {"nodes": [fixture.node("cc", "cloudconnect", "cc.corp.example")]})},
	)
	count(rule.findings) == 0 with input as cloud
}

test_unsure_when_a_chain_is_not_followed if {
	d := doc([fixture.packet_rule("INPUT", 1, "EXTRA", {}), fixture.packet_rule("EXTRA", 1, "ACCEPT", syn(8445, {}))])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) > 0 with input as d
}

test_unsure_when_the_port_is_not_accepted if {
	d := doc([])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_unsure_when_the_profile_has_no_number if {
	d := base([fixture.entry("x.corp.example:9999", "x.agents.example:9998", 3)], [fixture.server("x.agents.example", 9998, [], [])], [])
	count(rule.unsure) == 1 with input as d
}

inner(name) := {"in_interface": fixture.matched([name])}

test_silent_about_what_comes_from_inside if {
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", object.union(syn(8445, {}), inner("ens224")))])) == set()
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", object.union(syn(8445, {}), inner("lo")))])) == set()
}

tcp(ranges, negated) := {"protocol": fixture.matched(["tcp"]), "dest_ports": {"set": true, "negated": negated, "ranges": ranges}}

test_fires_on_an_accept_of_all_ports if {
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", {"protocol": fixture.matched(["tcp"])})])) == {"8445 unlimited"}
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", tcp([{"from": 1024, "to": 65535}], false))])) == {"8445 unlimited"}
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", tcp([{"from": 22, "to": 22}], true))])) == {"8445 unlimited"}
}

test_silent_on_an_accept_of_all_other_ports if {
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", tcp([{"from": 1, "to": 1024}], false))])) == set()
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", tcp([{"from": 8445, "to": 8445}], true))])) == set()
}

test_silent_about_other_protocols if {
	keys(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", {"protocol": fixture.matched(["udp"]), "dest_ports": fixture.ports([8445])})])) == set()
}

test_silent_on_rejecting_above_the_rate if {
	above := {"hash_limit": {"set": true, "above": true, "name": "a", "mode": "srcip,dstport", "rate": 6, "per": 1000, "burst": 8}, "protocol": {"set": false, "negated": false, "values": []}}
	rejecting := fixture.packet_rule("INPUT", 2, "REJECT", syn(8445, above))
	keys([conn(1, 8445, 10), rejecting, fixture.packet_rule("INPUT", 3, "ACCEPT", syn(8445, {}))]) == set()
}

test_fires_where_the_policy_accepts_all if {
	open := object.union(doc([]), {"iptables": [fixture.ruleset("ipv4", [fixture.packet_chain("INPUT", "ACCEPT")], [])]})
	{f.key | some f in rule.findings} == {"8445 no connection limit", "8445 no rate limit"} with input as open
}

test_silent_on_an_unpublished_internal_port_behind_a_published_one if {
	moved := base([fixture.entry("fin-a.corp.example:9001", "desk-a.agents.example:8445", 3)], [desk], published)
	count(rule.findings) == 0 with input as moved
	count(rule.unsure) == 0 with input as moved
}

test_unsure_about_a_match_that_is_not_understood if {
	d := doc(array.concat(published, [fixture.packet_rule("INPUT", 4, "ACCEPT", syn(8445, {"unmodelled": ["-m bpf"]}))]))
	count(rule.unsure) == 1 with input as d
}

test_unsure_about_a_target_that_is_not_understood if {
	d := doc(array.concat(published, [fixture.packet_rule("INPUT", 4, "SYNPROXY", syn(8445, {}))]))
	count(rule.unsure) == 1 with input as d
}

behind_443(role, port) := object.union(
	base([fixture.entry("x.corp.example:443", sprintf("desk-a.agents.example:%d", [port]), 3)], [fixture.server("desk-a.agents.example", port, [], [])], [conn(1, port, 6), hash(2, port, 2, 4, "a")]),
	{"site": object.union(fixture.site, {"nodes": [fixture.node("x", role, "x.corp.example")]}), "profile": {"parameters": {"packet_limits": limits, "packet_limit_ports": own_ports, "vos": {"shared_port": 443}}}},
)

test_silent_on_the_limits_that_reports_had_before_they_shared_a_port if {
	count(rule.findings) == 0 with input as behind_443("cuic", 8446)
	count(rule.findings) == 0 with input as behind_443("socialminer", 8444)
}

test_fires_on_the_limits_of_another_product if {
	{f.key | some f in rule.findings} == {"443 parallel connections", "443 new connections a second", "443 burst"} with input as behind_443("gadget", 443)
}
