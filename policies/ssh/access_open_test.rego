package policies.ssh.access_open_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.access_open as rule

doc(settings) := fixture.doc({"sshd": fixture.sshd(settings)}, {})

test_fires_where_nobody_is_named if {
	some f in rule.findings with input as doc([fixture.ssh("usepam", "yes", 3)])
	f.key == "AllowGroups"
	count(f.sources) == 1
}

test_fires_on_everybody if {
	some f in rule.findings with input as doc([fixture.ssh("allowusers", "*", 3)])
	f.key == "everybody"
}

test_silent_on_a_group if {
	count(rule.findings) == 0 with input as doc([fixture.ssh("allowgroups", "gateops", 3)])
	count(rule.subjects) == 1 with input as doc([fixture.ssh("allowgroups", "gateops", 3)])
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture.unbenchmarked({"sshd": fixture.sshd([])})
