package policies.tls.cbc_suite_test

import data.policies.lib.fixture
import data.policies.tls.cbc_suite as rule

doc(suites) := {"tlsposture": [fixture.desk({"suites": suites})]}

test_fires_on_cbc if {
	some f in rule.findings with input as doc([fixture.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", {"cbc": true, "aead": false})])
	f.key == "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"
}

test_silent_on_gcm if {
	d := doc([fixture.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", {})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_broken_cbc_that_another_rule_reports if {
	count(rule.findings) == 0 with input as doc([fixture.suite("TLSv1.2", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", {"cbc": true, "broken": true})])
}

test_unsure_without_suites if {
	count(rule.unsure) == 1 with input as doc([])
}

test_silent_and_still_judged if count(rule.subjects) == 1 with input as doc([fixture.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", {})])
