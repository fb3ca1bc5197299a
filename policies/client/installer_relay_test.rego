package policies.client.installer_relay_test

import data.policies.client.installer_relay as rule
import data.policies.lib.fixture_gate as g

doc(items, header, load_balancers) := object.union(
	g.doc([g.items("NGX_LOAD_BALANCER_IPS", items), g.text("NGX_LOAD_BALANCER_REAL_IP_HEADER", header)]),
	{"site": object.union(g.site, {"load_balancers": load_balancers})},
)

keys(items, header, load_balancers) := got if got := {f.key | some f in rule.findings} with input as doc(items, header, load_balancers)

test_fires_on_what_does_not_fit if {
	keys(["203.0.113.20"], "X-Client-Address", []) == {"core.env not declared"}
	keys([], "", ["lb.example"]) == {"core.env hidden"}
	keys(["203.0.113.20"], "", ["lb.example"]) == {"core.env no header core.env"}
	keys([], "X-Client-Address", []) == {"core.env no load balancer core.env"}
}

test_silent_on_both_or_none if {
	keys(["203.0.113.20"], "X-Client-Address", ["203.0.113.20"]) == set()
	keys([], "", []) == set()
	rule.subjects == {"edge/rp-a"} with input as doc([], "", [])
	count(rule.unsure) == 0 with input as doc([], "", [])
}

test_unsure_when_nothing_assigns_them if count(rule.unsure) == 1 with input as g.doc([g.without_default("NGX_LOAD_BALANCER_IPS")])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread

test_unsure_about_a_chain_that_grows if count(rule.unsure) == 1 with input as doc(["203.0.113.20"], "X-Forwarded-For", ["203.0.113.20"])
