package policies.host.updates_stale_test

import data.policies.host.updates_stale as rule
import data.policies.lib.fixture_host

doc(known, day) := fixture_host.doc({"last_install": {"known": known, "day": day, "package": "openssl-libs", "source": fixture_host.place("rpm-qa.txt", 3)}}, {"update_days": 60})

test_fires_on_an_old_host if {
	some f in rule.findings with input as doc(true, "2026-01-01")
	contains(f.message, "151 days ago")
}

test_silent_on_a_recent_update if {
	count(rule.findings) == 0 with input as doc(true, "2026-05-20")
	count(rule.unsure) == 0 with input as doc(true, "2026-05-20")
	count(rule.subjects) == 1 with input as doc(true, "2026-05-20")
}

test_unsure_without_a_date if {
	count(rule.unsure) == 1 with input as doc(false, "")
	count(rule.unsure) == 1 with input as doc(true, "soon")
}
