package policies.env.packet_rules_off_test

import data.policies.env.packet_rules_off as rule
import data.policies.lib.fixture_gate as g

test_fires_on_the_wrong_value if {
	found := rule.findings with input as g.doc([g.boolean("NGX_IPTABLES_HARDENING", false)])
	{f.key | some f in found} == {"core.env NGX_IPTABLES_HARDENING"}
	some f in found
	f.sources[0].artifact == "rp-a/envs/core.env"
}

test_silent_on_the_right_value if {
	d := g.doc([g.boolean("NGX_IPTABLES_HARDENING", true)])
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_without_an_installer if count(rule.subjects) == 0 with input as g.undeclared

test_unsure_when_nothing_assigns_it if {
	count(rule.findings) == 0 with input as g.doc([g.without_default("NGX_IPTABLES_HARDENING")])
	count(rule.unsure) == 1 with input as g.doc([g.without_default("NGX_IPTABLES_HARDENING")])
}

test_unsure_when_it_is_empty if count(rule.unsure) == 1 with input as g.doc([g.assigned("core.env", "", "NGX_IPTABLES_HARDENING", "", {"kind": "boolean"})])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
