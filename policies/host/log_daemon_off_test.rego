package policies.host.log_daemon_off_test

import data.policies.host.log_daemon_off as rule
import data.policies.lib.fixture_host

doc(units) := fixture_host.doc({"units": units}, {})

test_fires_where_none_is_enabled if {
	count(rule.findings) == 1 with input as doc([])
	count(rule.findings) == 1 with input as doc([fixture_host.unit("rsyslog.service", "disabled", "inactive", 3)])
}

test_silent_on_an_enabled_one if {
	count(rule.findings) == 0 with input as doc([fixture_host.unit("rsyslog.service", "enabled", "inactive", 3)])
	count(rule.findings) == 0 with input as doc([fixture_host.unit("rsyslog.service", "static", "active", 3)])
	count(rule.subjects) == 1 with input as doc([])
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture_host.unbenchmarked({})
