package policies.host.bans_missing_test

import data.policies.host.bans_missing as rule
import data.policies.lib.fixture_host

service := fixture_host.unit("fail2ban.service", "enabled", "active", 3)

doc(jails, units) := fixture_host.doc({"jails": jails, "units": units}, {})

keys(jails, units) := got if got := {f.key | some f in rule.findings} with input as doc(jails, units)

test_fires_without_a_jail if {
	keys([], [service]) == {"jail"}
	keys([fixture_host.jail({"log_paths": ["/var/log/secure"], "fail_regexes": []})], [service]) == {"jail"}
}

test_fires_without_the_service if {
	keys([fixture_host.jail({})], []) == {"service"}
	some f in rule.findings with input as doc([fixture_host.jail({})], [fixture_host.unit("fail2ban.service", "enabled", "failed", 3)])
	f.message == "fail2ban.service is not running"
}

test_silent_on_a_jail_in_service if {
	keys([fixture_host.jail({})], [service]) == set()
	count(rule.subjects) == 1 with input as doc([], [])
}

test_silent_where_nothing_was_read if {
	count(rule.findings) == 0 with input as {"host": [object.union(fixture_host.record({}), {"parts": []})]}
}
