package policies.cert.expiring_test

import data.policies.cert.expiring as rule
import data.policies.lib.fixture

doc(not_after) := object.union(fixture.leaf({"not_after": not_after}), {"header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"certificate_days_left": 30}}})

test_fires_with_29_days_left if {
	some f in rule.findings with input as doc("2026-06-30T12:00:00Z")
	contains(f.message, "29 days")
}

test_fires_on_the_last_day if count(rule.findings) == 1 with input as doc("2026-06-01T05:00:00Z")

test_silent_with_30_days_left if {
	rule.subjects == {"cert/aa11"} with input as doc("2026-07-01T00:00:00Z")
	count(rule.findings) == 0 with input as doc("2026-07-01T00:00:00Z")
	count(rule.unsure) == 0 with input as doc("2026-07-01T00:00:00Z")
}

test_silent_when_already_expired if count(rule.findings) == 0 with input as doc("2026-05-01T00:00:00Z")

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc("")

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
