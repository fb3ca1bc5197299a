package policies.ssh.root_login_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.root_login as rule

doc(settings) := fixture.doc({"sshd": fixture.sshd(settings)}, {})

good := [fixture.ssh("permitrootlogin", "no", 3)]

test_fires_on_permitrootlogin if {
	some f in rule.findings with input as doc([fixture.ssh("permitrootlogin", "without-password", 3)])
	f.key == "PermitRootLogin"
	f.fix == "PermitRootLogin no"
	contains(f.message, "without-password")
}

test_silent_on_the_values_of_the_benchmark if {
	count(rule.findings) == 0 with input as doc(good)
	count(rule.unsure) == 0 with input as doc(good)
	count(rule.subjects) == 1 with input as doc(good)
}

test_silent_without_the_benchmark if {
	count(rule.subjects) == 0 with input as fixture.unbenchmarked({"sshd": fixture.sshd([])})
}

test_unsure_about_what_is_not_written if count(rule.unsure) == 1 with input as doc([])
