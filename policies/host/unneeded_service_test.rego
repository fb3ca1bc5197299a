package policies.host.unneeded_service_test

import data.policies.host.unneeded_service as rule
import data.policies.lib.fixture_host

doc(units) := fixture_host.doc({"units": units}, {"unneeded_units": ["rpcbind.service", "cups.service"]})

test_fires_on_an_enabled_service if {
	some f in rule.findings with input as doc([fixture_host.unit("rpcbind.service", "enabled", "inactive", 3)])
	f.fix == "systemctl disable --now rpcbind.service"
}

test_fires_on_a_running_service if count(rule.findings) == 1 with input as doc([fixture_host.unit("cups.service", "disabled", "active", 3)])

test_silent_on_services_that_are_off if {
	d := doc([fixture_host.unit("rpcbind.service", "disabled", "inactive", 3), fixture_host.unit("sshd.service", "enabled", "active", 4)])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_where_the_units_are_not_known if count(rule.subjects) == 0 with input as {"host": [fixture_host.unread("units", {})]}
