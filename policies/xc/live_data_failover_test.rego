package policies.xc.live_data_failover_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g
import data.policies.xc.live_data_failover as rule

nodes := [fixture.node("ld-a", "livedata", "ld-a.corp.example"), fixture.node("ld-b", "livedata", "ld-b.corp.example")]

entries := [fixture.entry("ld-a.corp.example:12005", "desk-a.agents.example:12005", 3), fixture.entry("ld-b.corp.example:12005", "desk-b.agents.example:12005", 4)]

inner(text) := g.host("livedata.env", "livedata", "NGX_LD_BACKEND_FAILOVER", text)

outer(text) := g.host("livedata.env", "livedata", "NGX_LD_BACKEND_PROXY_FAILOVER", text)

doc(properties) := object.union(
	g.doc(array.concat(properties, [g.host("livedata.env", "livedata", "NGX_LD_HOSTNAME", "ld-a.corp.example")])),
	{"site": object.union(g.site, {"nodes": nodes}), "proxymap": fixture.proxymap(entries)},
)

keys(properties) := got if got := {f.key | some f in rule.findings} with input as doc(properties)

right := [inner("ld-b.corp.example:12005"), outer("Desk-B.agents.example:12005")]

test_fires_on_what_the_map_does_not_name if keys([inner("ld-c.corp.example:12005"), right[1]]) == {"livedata.env backend"}

test_fires_on_the_own_side if keys([inner("ld-a.corp.example:12005"), outer("desk-a.agents.example:12005")]) == {"livedata.env own side"}

test_fires_on_another_external_name if {
	keys([right[0], outer("desk-a.agents.example:12005")]) == {"livedata.env proxy"}
	some f in rule.findings with input as doc([right[0], outer("desk-a.agents.example:12005")])
	f.fix == "NGX_LD_BACKEND_PROXY_FAILOVER=desk-b.agents.example:12005"
	{s.artifact | some s in f.sources} == {"rp-a/envs/livedata.env", "proxymap.txt"}
}

test_fires_on_one_of_both if keys([right[0]]) == {"livedata.env half"}

test_silent_on_the_other_side if {
	keys(right) == set()
	rule.subjects == {"edge/rp-a"} with input as doc(right)
}

test_silent_without_failover if count(rule.findings) == 0 with input as doc([])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as object.union(g.unread, {"proxymap": []})
