package policies.client.own_addresses_missing_test

import data.policies.client.own_addresses_missing as rule
import data.policies.lib.fixture_gate as g

doc(items) := g.doc([g.items("NGX_LOCALHOST_IPS", items)])

test_fires_on_a_missing_and_on_a_strange_address if {
	found := rule.findings with input as doc(["203.0.113.10", "192.168.1.69"])
	{f.key | some f in found} == {"core.env 10.9.0.10", "core.env 192.168.1.69"}
	some f in found
	f.fix == `NGX_LOCALHOST_IPS="10.9.0.10|203.0.113.10"`
}

test_silent_when_complete if {
	rule.subjects == {"edge/rp-a"} with input as doc(["203.0.113.10", "10.9.0.10", "127.0.0.1"])
	count(rule.findings) == 0 with input as doc(["203.0.113.10", "10.9.0.10", "127.0.0.1"])
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as g.doc([g.without_default("NGX_LOCALHOST_IPS")])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
