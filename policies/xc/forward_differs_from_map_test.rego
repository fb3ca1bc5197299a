package policies.xc.forward_differs_from_map_test

import data.policies.lib.fixture
import data.policies.xc.forward_differs_from_map as rule

doc(forwards) := object.union(fixture.single([], [fixture.location("prefix", "/", [], forwards)]), {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)])})

right := fixture.forward("fin-a.corp.example", 8445)

test_fires_on_another_node if {
	keys := {f.key | some f in rule.findings} with input as doc([fixture.forward("fin-b.corp.example", 8445)])
	keys == {"fin-b.corp.example:8445", "unreached fin-a.corp.example:8445"}
}

test_fires_on_one_stray_location if {
	found := rule.findings with input as doc([right, fixture.forward("fin-a.corp.example", 8443)])
	{f.key | some f in found} == {"fin-a.corp.example:8443"}
	some f in found
	{s.artifact | some s in f.sources} == {"rp-a/nginx.conf", "proxymap.txt"}
}

test_silent_when_equal if {
	count(rule.findings) == 0 with input as doc([right])
	count(rule.unsure) == 0 with input as doc([right])
	count(rule.subjects) == 1 with input as doc([right])
}

test_silent_when_the_address_of_the_node_is_used if {
	nodes := [object.union(fixture.node("fin-a", "finesse", "fin-a.corp.example"), {"addresses": ["10.1.0.11"]})]
	d := object.union(doc([fixture.forward("10.1.0.11", 8445)]), {"site": object.union(fixture.site, {"nodes": nodes})})
	count(rule.findings) == 0 with input as d
}

test_silent_on_the_host_itself if count(rule.findings) == 0 with input as doc([right, fixture.forward("127.0.0.1", 10001)])

test_unsure_when_computed if {
	d := doc([object.union(right, {"computed": true, "host": "$backend"})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_silent_on_the_question_that_admits_a_request if {
	who := object.union(fixture.location("exact", "/who", [], [fixture.forward("fin-b.corp.example", 8445)]), {"internal": true})
	front := fixture.location("prefix", "/", [fixture.setting("auth_request", ["/who"], 31)], [right])
	entries := {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)])}
	count(rule.findings) == 0 with input as object.union(fixture.single([], [front, who]), entries)
	{f.key | some f in rule.findings} == {"fin-b.corp.example:8445"} with input as object.union(fixture.single([], [fixture.location("prefix", "/", [], [right]), who]), entries)
}

chain(host) := object.union(fixture.relayed([], [], [], [fixture.location("prefix", "/", [], [fixture.forward(host, 8445)])]), {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)])})

test_follows_requests_to_another_server_of_the_gate if {
	count(rule.findings) == 0 with input as chain("fin-a.corp.example")
	{[f.subject, f.key] | some f in rule.findings} == {
		["edge/rp-a/server/desk-a.agents.example:8445", "fin-b.corp.example:8445"],
		["edge/rp-a/server/desk-a.agents.example:8445", "unreached fin-a.corp.example:8445"],
	} with input as chain("fin-b.corp.example")
}
