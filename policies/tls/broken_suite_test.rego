package policies.tls.broken_suite_test

import data.policies.lib.fixture
import data.policies.tls.broken_suite as rule

good := fixture.suite("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", {})

doc(suites) := {"tlsposture": [fixture.desk({"suites": suites, "versions": [fixture.version("TLSv1.2", "accepted")]})]}

test_fires_on_rc4 if {
	some f in rule.findings with input as doc([good, fixture.suite("TLSv1.2", "TLS_RSA_WITH_RC4_128_SHA", {"broken": true, "why": "RC4"})])
	f.key == "TLSv1.2 TLS_RSA_WITH_RC4_128_SHA"
	f.witness.kind == "handshake"
}

test_fires_on_nodes_too if {
	d := {"tlsposture": [fixture.posture("node/fin-a", "fin-a.corp.example", 8445, {"suites": [fixture.suite("TLSv1.0", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", {"broken": true})]})]}
	count(rule.findings) == 1 with input as d
}

test_silent_on_sound_suites if {
	d := doc([good])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_no_suite_was_found if {
	some u in rule.unsure with input as doc([])
	contains(u.reason, "no suite")
}

test_unsure_when_nothing_answered if {
	count(rule.unsure) == 1 with input as {"tlsposture": [fixture.desk({"versions": [fixture.version("TLSv1.2", "unknown")]})]}
}
