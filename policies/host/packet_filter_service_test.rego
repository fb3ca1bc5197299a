package policies.host.packet_filter_service_test

import data.policies.host.packet_filter_service as rule
import data.policies.lib.fixture_host

doc(units) := fixture_host.doc({"units": units}, {})

masked := fixture_host.unit("firewalld.service", "masked", "inactive", 2)

v4 := fixture_host.unit("iptables.service", "enabled", "active", 3)

v6 := fixture_host.unit("ip6tables.service", "enabled", "active", 4)

keys(units) := got if got := {f.key | some f in rule.findings} with input as doc(units)

test_fires_on_firewalld if {
	keys([fixture_host.unit("firewalld.service", "enabled", "active", 2), v4, v6]) == {"firewalld"}
	keys([fixture_host.unit("firewalld.service", "disabled", "inactive", 2), v4, v6]) == {"firewalld"}
}

test_fires_on_rules_that_nobody_loads if {
	keys([masked]) == {"boot ipv4", "boot ipv6"}
	keys([masked, v4]) == {"boot ipv6"}
}

test_fires_on_two_services if {
	keys([masked, v4, v6, fixture_host.unit("nftables.service", "enabled", "active", 5)]) == {"two"}
}

test_silent_on_one_service_for_each_family if {
	keys([masked, v4, v6]) == set()
	keys([fixture_host.unit("nftables.service", "enabled", "active", 5)]) == set()
	count(rule.subjects) == 1 with input as doc([v4])
}

test_silent_where_the_units_are_not_known if count(rule.subjects) == 0 with input as {"host": [fixture_host.unread("units", {})]}
