package policies.ssh.logins_unlogged_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.logins_unlogged as rule

doc(settings) := fixture.doc({"sshd": fixture.sshd(settings)}, {"ssh": {"log_levels": ["INFO", "VERBOSE"]}})

test_fires_on_other_levels if {
	every level in ["QUIET", "ERROR", "DEBUG3"] {
		count(rule.findings) == 1 with input as doc([fixture.ssh("loglevel", level, 3)])
	}
}

test_silent_on_levels_of_the_benchmark if {
	count(rule.findings) == 0 with input as doc([fixture.ssh("loglevel", "verbose", 3)])
	count(rule.subjects) == 1 with input as doc([fixture.ssh("loglevel", "INFO", 3)])
	count(rule.unsure) == 0 with input as doc([fixture.ssh("loglevel", "INFO", 3)])
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture.unbenchmarked({"sshd": fixture.sshd([])})

test_unsure_about_what_is_not_written if count(rule.unsure) == 1 with input as doc([])
