package policies.host.security_update_pending_test

import data.policies.host.security_update_pending as rule
import data.policies.lib.fixture_host

update(name, advisory, security) := {"package": fixture_host.package_of(name), "advisory": advisory, "security": security, "severity": "important", "source": fixture_host.place("updates.txt", 3)}

doc(updates) := fixture_host.doc({"updates": updates}, {})

test_fires_on_an_advisory if {
	some f in rule.findings with input as doc([update("openssl-libs", "RHSA-2026:0001", true), update("openssl-libs", "RHSA-2026:0002", true)])
	f.key == "openssl-libs"
	f.message == "openssl-libs has a security update that is not installed (RHSA-2026:0001, RHSA-2026:0002)"
	f.fix == "dnf update --security openssl-libs"
}

test_fires_on_an_archive_without_advisories if {
	{f.message | some f in rule.findings} == {"openssl has a security update that is not installed"} with input as doc([update("openssl", "", true)])
}

test_silent_on_other_updates if {
	count(rule.findings) == 0 with input as doc([update("vim", "RHBA-2026:0001", false)])
	count(rule.subjects) == 1 with input as doc([])
}

test_silent_where_the_list_was_not_read if count(rule.subjects) == 0 with input as {"host": [fixture_host.unread("updates", {})]}
