package policies.tls.clear_text_answered_test

import data.policies.lib.fixture
import data.policies.tls.clear_text_answered as rule

doc(status) := {"tlsposture": [fixture.desk({"plain_http": status})]}

test_fires_on_a_redirect if {
	some f in rule.findings with input as doc(fixture.known(301))
	f.witness.kind == "request"
}

test_fires_on_content if count(rule.findings) == 1 with input as doc(fixture.known(200))

test_silent_on_close_and_refusal if {
	count(rule.findings) == 0 with input as doc(fixture.known(0))
	count(rule.findings) == 0 with input as doc(fixture.known(400))
	count(rule.unsure) == 0 with input as doc(fixture.known(400))
}

test_unsure_on_silence if count(rule.unsure) == 1 with input as doc(fixture.unknown(0))
