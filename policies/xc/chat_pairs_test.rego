package policies.xc.chat_pairs_test

import data.policies.lib.fixture
import data.policies.lib.fixture_gate as g
import data.policies.xc.chat_pairs as rule

nodes := [fixture.node("imp-a", "imp", "imp-a.corp.example"), fixture.node("imp-b", "imp", "imp-b.corp.example")]

entries := [fixture.entry("imp-a.corp.example:5280", "desk-a.agents.example:5280", 3), fixture.entry("imp-b.corp.example:5280", "desk-b.agents.example:5280", 4)]

pair(n, host, name) := [g.host("chat.env", "chat", sprintf("NGX_CHAT_HOST%d", [n]), host), g.host("chat.env", "chat", sprintf("NGX_CHAT_HOST%d_PROXY", [n]), name)]

doc(properties) := object.union(g.doc(properties), {"site": object.union(g.site, {"nodes": nodes}), "proxymap": fixture.proxymap(entries)})

keys(properties) := got if got := {f.key | some f in rule.findings} with input as doc(properties)

first := pair(1, "imp-a.corp.example", "desk-a.agents.example:5280")

second := pair(2, "imp-b.corp.example:5280", "Desk-B.agents.example")

both := array.concat(first, second)

test_fires_on_a_swapped_name if {
	keys(array.concat(pair(1, "imp-a.corp.example", "desk-b.agents.example:5280"), second)) == {"chat.env NGX_CHAT_HOST1_PROXY"}
}

test_fires_on_a_host_that_is_not_mapped if {
	keys(array.concat(both, pair(3, "imp-c.corp.example", "desk-a.agents.example:15280"))) == {"chat.env NGX_CHAT_HOST3"}
}

test_fires_on_half_a_pair_and_on_a_node_without_one if {
	keys([first[0]]) == {"chat.env NGX_CHAT_HOST1 half", "unpaired imp-b.corp.example desk-b.agents.example:5280"}
	keys(array.concat(both, [pair(3, "x", "desk-b.agents.example:5280")[1]])) == {"chat.env NGX_CHAT_HOST3 half"}
}

test_silent_when_pairs_equal_the_map if {
	keys(both) == set()
	rule.subjects == {"edge/rp-a"} with input as doc(both)
}

test_fires_on_a_chat_file_without_pairs if {
	d := object.union(doc([]), {"env": [g.record([g.core, g.file("chat.env", "component", "chat", "chat")], [])]})
	count(rule.findings) == 2 with input as d
}

test_silent_without_chat if count(rule.findings) == 0 with input as doc([])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as object.union(g.unread, {"proxymap": []})
