package policies.tls.required_protocol_missing_test

import data.policies.lib.fixture
import data.policies.tls.required_protocol_missing as rule

doc(versions) := {"tlsposture": [fixture.desk({"versions": versions})], "profile": {"parameters": {"tls_required": ["TLSv1.2"]}}}

test_fires_when_tls12_is_refused if {
	some f in rule.findings with input as doc([fixture.version("TLSv1.2", "refused"), fixture.version("TLSv1.3", "accepted")])
	f.key == "TLSv1.2"
}

test_silent_when_tls12_is_accepted_and_tls13_refused if {
	d := doc([fixture.version("TLSv1.2", "accepted"), fixture.version("TLSv1.3", "refused")])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_tls12_gave_no_answer if {
	d := doc([fixture.version("TLSv1.2", "unknown")])
	count(rule.findings) == 0 with input as d
	some u in rule.unsure with input as d
	u.reason == "TLSv1.2: timeout"
}

test_unsure_when_tls12_was_not_tried if {
	some u in rule.unsure with input as doc([fixture.version("TLSv1.0", "refused")])
	u.reason == "TLSv1.2 was not tried"
}
