package policies.tls.suite_without_forward_secrecy_test

import data.policies.lib.fixture
import data.policies.tls.suite_without_forward_secrecy as rule

doc(suites) := {"tlsposture": [fixture.desk({"suites": suites})]}

test_fires_on_static_rsa if {
	some f in rule.findings with input as doc([fixture.suite("TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", {"forward_secret": false})])
	f.key == "TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256"
}

test_silent_on_tls13_suites if {
	d := doc([fixture.suite("TLSv1.3", "TLS_AES_128_GCM_SHA256", {"forward_secret": false})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_ecdhe if {
	count(rule.findings) == 0 with input as doc([fixture.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", {})])
}

test_unsure_without_suites if {
	count(rule.unsure) == 1 with input as doc([])
}

test_silent_and_still_judged if count(rule.subjects) == 1 with input as doc([fixture.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", {})])
