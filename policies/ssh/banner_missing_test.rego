package policies.ssh.banner_missing_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.banner_missing as rule

doc(settings) := fixture.doc({"sshd": fixture.sshd(settings)}, {})

test_fires_on_none if {
	count(rule.findings) == 1 with input as doc([fixture.ssh("banner", "none", 3)])
	count(rule.findings) == 1 with input as doc([])
}

test_silent_on_a_file if {
	count(rule.findings) == 0 with input as doc([fixture.ssh("banner", "/etc/issue.net", 3)])
	count(rule.subjects) == 1 with input as doc([fixture.ssh("banner", "/etc/issue.net", 3)])
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture.unbenchmarked({"sshd": fixture.sshd([])})
