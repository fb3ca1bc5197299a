package policies.client.installer_trusted_wide_test

import data.policies.client.installer_trusted_wide as rule
import data.policies.lib.fixture_gate as g

doc(items) := g.doc([g.assigned("core.env", "", "NGX_LOAD_BALANCER_IPS", concat("|", items), {"kind": "list", "list": items})])

test_fires_on_what_is_no_single_address if {
	{f.key | some f in rule.findings} == {"10.0.0.0/8", "lb.example", "203.0.113.20,203.0.113.21"} with input as doc(["10.0.0.0/8", "lb.example", "203.0.113.20,203.0.113.21"])
}

test_silent_on_addresses if {
	rule.subjects == {"edge/rp-a"} with input as doc(["203.0.113.20", "2001:db8::20"])
	count(rule.findings) == 0 with input as doc(["203.0.113.20", "2001:db8::20"])
	count(rule.findings) == 0 with input as doc([])
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as g.doc([g.without_default("NGX_LOAD_BALANCER_IPS")])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
