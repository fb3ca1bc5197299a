package policies.cert.expired_test

import data.policies.cert.expired as rule
import data.policies.lib.fixture

doc(fields) := object.union(fixture.leaf(fields), {"header": {"at": "2026-06-01T00:00:00Z"}})

test_fires_one_second_after_the_end if {
	some f in rule.findings with input as doc({"not_after": "2026-05-31T23:59:59Z"})
	f.key == "expired"
}

test_fires_before_the_start if {
	some f in rule.findings with input as doc({"not_before": "2026-06-02T00:00:00Z"})
	f.key == "early"
}

test_fires_on_an_expired_intermediate if {
	d := {"certchain": fixture.certchain([fixture.certificate("aa11", {}), fixture.certificate("bb22", {"not_after": "2026-01-01T00:00:00Z"})], [fixture.chain(["aa11", "bb22"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}}
	some f in rule.findings with input as d
	f.subject == "cert/bb22"
}

test_silent_while_valid if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({})
}

test_silent_at_the_last_instant_in_another_zone if count(rule.findings) == 0 with input as doc({"not_after": "2026-06-01T02:00:00+02:00"})

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc({"not_after": "soon"})

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}
