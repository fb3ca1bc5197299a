package policies.client.trusted_wide_test

import data.policies.client.trusted_wide as rule
import data.policies.lib.fixture

doc(items) := fixture.single([fixture.setting("set_real_ip_from", [i], 20) | some i in items], [])

test_fires_on_everybody_a_network_and_a_name if {
	{f.key | some f in rule.findings} == {"0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32", "lb.example"} with input as doc(["0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32", "lb.example"])
}

test_silent_on_addresses if {
	rule.subjects == {"edge/rp-a"} with input as doc(["203.0.113.20"])
	count(rule.findings) == 0 with input as doc(["203.0.113.20", "10.9.0.0/24", "2001:db8::1", "unix:"])
}
