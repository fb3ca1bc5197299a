package policies.rate.installer_packets_test

import data.policies.lib.fixture_gate as g
import data.policies.rate.installer_packets as rule

bounds := {"env_bounds": [{"name": "IPTABLES_CONNECTION_LIMIT_ABOVE", "template": "", "topic": "packets", "least": 10, "most": 30}]}

doc(n) := g.with_gate(g.doc([g.number("IPTABLES_CONNECTION_LIMIT_ABOVE", n)]), bounds)

test_fires_beyond_the_bound if {
	some f in rule.findings with input as doc(31)
	f.key == "core.env IPTABLES_CONNECTION_LIMIT_ABOVE"
	f.sources[0].line == 5
}

test_fires_for_each_product_whose_bound_a_common_value_exceeds if {
	files := [g.core, g.file("finesse.env", "component", "finesse", "finesse"), g.file("chat.env", "component", "chat", "chat")]
	d := object.union(g.doc([]), {"env": [g.record(files, [g.number("IPTABLES_CONNECTION_LIMIT_ABOVE", 31)])]})
	each := [object.union(bounds.env_bounds[0], {"template": product, "most": n}) | some product, n in {"finesse": 30, "chat": 20}]
	found := rule.findings with input as g.with_gate(d, {"env_bounds": each})
	{f.key | some f in found} == {sprintf("core.env IPTABLES_CONNECTION_LIMIT_ABOVE for %s", [product]) | some product in {"finesse", "chat"}}
}

test_silent_within_the_bounds if {
	d := doc(30)
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_about_another_component if {
	d := g.with_gate(g.doc([g.number("IPTABLES_CONNECTION_LIMIT_ABOVE", 31)]), {"env_bounds": [object.union(bounds.env_bounds[0], {"template": "chat"})]})
	count(rule.findings) == 0 with input as d
}

test_unsure_when_it_is_not_known if count(rule.unsure) == 1 with input as g.with_gate(g.doc([g.without_default("IPTABLES_CONNECTION_LIMIT_ABOVE")]), bounds)

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.with_gate(g.unread, bounds)
