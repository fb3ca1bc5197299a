package policies.cert.too_long_lived_test

import data.policies.cert.too_long_lived as rule
import data.policies.lib.fixture

doc(not_after) := object.union(fixture.leaf({"not_before": "2026-01-01T00:00:00Z", "not_after": not_after}), {"profile": {"parameters": {"certificate_days_max": 398}}})

test_fires_on_three_years if {
	some f in rule.findings with input as doc("2029-01-01T00:00:00Z")
	contains(f.message, "1096 days")
}

test_silent_on_398_days if {
	rule.subjects == {"cert/aa11"} with input as doc("2027-02-03T23:59:59Z")
	count(rule.findings) == 0 with input as doc("2027-02-03T23:59:59Z")
	count(rule.unsure) == 0 with input as doc("2027-02-03T23:59:59Z")
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc("x")

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
