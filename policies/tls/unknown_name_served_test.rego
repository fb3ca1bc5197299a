package policies.tls.unknown_name_served_test

import data.policies.lib.fixture
import data.policies.tls.unknown_name_served as rule

doc(answer, certificate) := {"tlsposture": [fixture.desk({"unknown_name": {"answer": answer, "certificate": certificate, "reason": "timeout"}})]}

test_fires_when_a_certificate_comes if count(rule.findings) == 1 with input as doc("accepted", "aa11")

test_silent_when_refused if {
	count(rule.findings) == 0 with input as doc("refused", "")
	count(rule.unsure) == 0 with input as doc("refused", "")
}

test_silent_on_nodes if count(rule.subjects) == 0 with input as {"tlsposture": [fixture.posture("node/fin-a", "fin-a.corp.example", 8445, {})]}

test_unsure_on_silence if count(rule.unsure) == 1 with input as doc("unknown", "")

test_unsure_when_no_certificate_was_seen if count(rule.unsure) == 1 with input as doc("accepted", "")
