package policies.rate.installer_exempt_address_test

import data.policies.lib.fixture_gate as g
import data.policies.rate.installer_exempt_address as rule

doc(items) := g.doc([g.items("NGX_RATELIMIT_DISABLE_IPS", items)])

test_fires_on_networks_and_strangers if {
	{f.key | some f in rule.findings} == {"core.env 10.0.0.0/8", "core.env 198.51.100.9", "core.env office.example"} with input as doc(["10.0.0.0/8", "198.51.100.9", "office.example", "10.9.0.10"])
}

test_silent_on_the_gates_themselves if {
	rule.subjects == {"edge/rp-a"} with input as doc(["203.0.113.10", "10.9.0.10", "127.0.0.1"])
	count(rule.findings) == 0 with input as doc(["203.0.113.10", "10.9.0.10", "127.0.0.1"])
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as g.doc([g.without_default("NGX_RATELIMIT_DISABLE_IPS")])

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
