package policies.tls.negotiated_http2_against_profile_test

import data.policies.lib.fixture
import data.policies.tls.negotiated_http2_against_profile as rule

doc(answer, wish) := {"tlsposture": [fixture.desk({"alpn": [{"protocol": "h2", "answer": answer}, {"protocol": "http/1.1", "answer": "accepted"}]})], "profile": {"parameters": {"http2": wish}}}

test_fires_when_required_and_refused if count(rule.findings) == 1 with input as doc("refused", "required")

test_fires_when_forbidden_and_accepted if count(rule.findings) == 1 with input as doc("accepted", "forbidden")

test_silent_as_the_profile_says if {
	count(rule.findings) == 0 with input as doc("accepted", "required")
	count(rule.findings) == 0 with input as doc("refused", "forbidden")
	count(rule.findings) == 0 with input as doc("refused", "either")
}

test_unsure_without_an_answer if {
	count(rule.unsure) == 1 with input as doc("unknown", "required")
	count(rule.unsure) == 0 with input as doc("unknown", "either")
}
