package policies.ssh.weak_authentication_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.weak_authentication as rule

doc(settings) := fixture.doc({"sshd": fixture.sshd(settings)}, {})

good := [fixture.ssh("permitemptypasswords", "no", 3), fixture.ssh("hostbasedauthentication", "no", 4), fixture.ssh("ignorerhosts", "yes", 5), fixture.ssh("permituserenvironment", "no", 6), fixture.ssh("usepam", "yes", 7)]

test_fires_on_permitemptypasswords if {
	some f in rule.findings with input as doc([fixture.ssh("permitemptypasswords", "yes", 3), fixture.ssh("hostbasedauthentication", "no", 4), fixture.ssh("ignorerhosts", "yes", 5), fixture.ssh("permituserenvironment", "no", 6), fixture.ssh("usepam", "yes", 7)])
	f.key == "PermitEmptyPasswords"
	f.fix == "PermitEmptyPasswords no"
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

test_unsure_about_what_is_not_written if count(rule.unsure) == 5 with input as doc([])
