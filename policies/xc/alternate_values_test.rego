package policies.xc.alternate_values_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g
import data.policies.xc.alternate_values as rule

entries := [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("fin-b.corp.example:8445", "desk-b.agents.example:8445", 4)]

host(name, value) := g.host("finesse.env", "finesse", name, value)

port(name, n) := g.assigned("finesse.env", "finesse", name, sprintf("%d", [n]), {"number": fixture.known(n)})

own(name) := [host("NGX_PRXY_FIN_HOSTNAME", name), port("NGX_PRXY_FIN_PORT", 8445)]

other(inner, name, n) := [host("NGX_ALT_FIN_HOSTNAME", inner), host("NGX_PRXY_ALT_FIN_HOSTNAME", name), port("NGX_PRXY_ALT_FIN_PORT", n)]

doc(properties, peer) := object.union(g.doc([]), {
	"env": [g.record([g.core], properties), object.union(g.record([g.core], peer), {"target": "edge/rp-b"})],
	"site": object.union(g.site, {"edges": [g.edge({}), object.union(fixture.edge("rp-b", [], []), {"side": "b", "env": "rp-b/envs"})]}),
	"proxymap": fixture.proxymap(entries),
})

keys(properties, peer) := got if got := {f.key | some f in rule.findings} with input as doc(properties, peer)

right := array.concat(own("desk-a.agents.example"), other("fin-b.corp.example", "desk-b.agents.example", 8445))

test_fires_on_another_port_than_the_map_says if {
	wrong := array.concat(own("desk-a.agents.example"), other("fin-b.corp.example", "desk-b.agents.example", 443))
	keys(wrong, []) == {"finesse.env FIN map"}
	some f in rule.findings with input as doc(wrong, [])
	{s.artifact | some s in f.sources} == {"rp-a/envs/finesse.env", "proxymap.txt"}
}

test_fires_on_a_host_that_is_not_mapped if {
	some f in rule.findings with input as doc(array.concat(own("desk-a.agents.example"), other("fin-c.corp.example", "desk-b.agents.example", 8445)), [])
	contains(f.message, "nothing about it")
}

test_fires_on_the_own_side if {
	keys(array.concat(own("desk-a.agents.example"), other("fin-a.corp.example", "desk-a.agents.example", 8445)), []) == {"finesse.env FIN own"}
}

test_fires_when_the_other_gate_has_another_name if keys(right, own("desk-z.agents.example")) == {"finesse.env FIN edge/rp-b"}

test_silent_when_both_mirror_each_other if {
	keys(right, own("desk-b.agents.example")) == set()
	rule.subjects == {"edge/rp-a"} with input as doc(right, own("desk-b.agents.example"))
}

test_silent_without_another_side if count(rule.subjects) == 0 with input as doc(own("desk-a.agents.example"), [])
