package policies.host.account_open_test

import data.policies.host.account_open as rule
import data.policies.lib.fixture_host

doc(users) := fixture_host.doc({"users": users}, {})

root := fixture_host.user("root", 0, "/bin/bash", "locked", 1)

test_fires_on_an_empty_password if {
	some f in rule.findings with input as doc([root, fixture_host.user("operator", 11, "/bin/bash", "empty", 2)])
	f.fix == "passwd -l operator"
}

test_fires_on_a_second_root if {
	{f.key | some f in rule.findings} == {"number toor"} with input as doc([root, fixture_host.user("toor", 0, "/bin/bash", "locked", 2)])
}

test_silent_on_locked_accounts if {
	count(rule.findings) == 0 with input as doc([root, fixture_host.user("bin", 1, "/sbin/nologin", "locked", 2)])
	count(rule.subjects) == 1 with input as doc([root])
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture_host.unbenchmarked({"users": [root]})
