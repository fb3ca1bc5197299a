package policies.ssh.forwarding_allowed_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.forwarding_allowed as rule

doc(settings) := fixture.doc({"sshd": fixture.sshd(settings)}, {})

good := [fixture.ssh("x11forwarding", "no", 3), fixture.ssh("allowtcpforwarding", "no", 4), fixture.ssh("allowagentforwarding", "no", 5), fixture.ssh("permittunnel", "no", 6)]

test_fires_on_allowtcpforwarding if {
	some f in rule.findings with input as doc([fixture.ssh("x11forwarding", "no", 3), fixture.ssh("allowtcpforwarding", "yes", 4), fixture.ssh("allowagentforwarding", "no", 5), fixture.ssh("permittunnel", "no", 6)])
	f.key == "AllowTcpForwarding"
	f.fix == "AllowTcpForwarding no"
	contains(f.message, "yes")
}

test_silent_on_the_values_of_the_benchmark if {
	count(rule.findings) == 0 with input as doc(good)
	count(rule.unsure) == 0 with input as doc(good)
	count(rule.subjects) == 1 with input as doc(good)
}

test_silent_without_the_benchmark if {
	count(rule.subjects) == 0 with input as fixture.unbenchmarked({"sshd": fixture.sshd([])})
}

test_unsure_about_what_is_not_written if count(rule.unsure) == 4 with input as doc([])

test_silent_where_all_forwarding_is_off if {
	d := doc([fixture.ssh("disableforwarding", "yes", 2), fixture.ssh("allowtcpforwarding", "yes", 3)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}
