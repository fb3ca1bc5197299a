package policies.tls.small_dh_parameters_test

import data.policies.lib.fixture
import data.policies.tls.small_dh_parameters as rule

dhe := fixture.suite("TLSv1.2", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", {})

ecdhe := fixture.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", {})

doc(fields) := {"tlsposture": [fixture.desk(fields)], "profile": {"parameters": {"dh_bits": 2048}}}

test_fires_on_1024 if {
	some f in rule.findings with input as doc({"suites": [dhe], "dh_bits": fixture.known(1024)})
	f.key == "dh"
}

test_silent_on_2048 if {
	d := doc({"suites": [dhe], "dh_bits": fixture.known(2048)})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_without_dhe_suites if {
	d := doc({"suites": [ecdhe]})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_the_size_was_not_seen if {
	count(rule.unsure) == 1 with input as doc({"suites": [dhe]})
}

test_unsure_without_suites if {
	count(rule.unsure) == 1 with input as doc({})
}
