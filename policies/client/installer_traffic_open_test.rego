package policies.client.installer_traffic_open_test

import data.policies.client.installer_traffic_open as rule
import data.policies.lib.fixture_gate as g

behind(d) := object.union(d, {"site": object.union(g.site, {"load_balancers": ["203.0.113.20"]})})

doc(on) := behind(g.doc([g.boolean("NGX_TRAFFIC_RESTRICTED", on)]))

test_fires_when_off if {
	some f in rule.findings with input as doc(false)
	f.fix == "NGX_TRAFFIC_RESTRICTED=true"
}

test_silent_when_on if {
	rule.subjects == {"edge/rp-a"} with input as doc(true)
	count(rule.findings) == 0 with input as doc(true)
}

test_silent_without_a_load_balancer if count(rule.subjects) == 0 with input as g.doc([g.boolean("NGX_TRAFFIC_RESTRICTED", false)])

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as behind(g.doc([g.without_default("NGX_TRAFFIC_RESTRICTED")]))

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as behind(g.unread)
