package policies.tls.protocol_beyond_vendor_baseline_test

import data.policies.lib.fixture
import data.policies.tls.protocol_beyond_vendor_baseline as rule

doc(versions) := {"tlsposture": [fixture.desk({"versions": versions})], "profile": {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"], "http": {"strict_tls_versions": ["TLSv1.2"]}}}}

test_fires_on_tls13 if {
	some f in rule.findings with input as doc([fixture.version("TLSv1.2", "accepted"), fixture.version("TLSv1.3", "accepted")])
	f.key == "TLSv1.3"
}

test_silent_on_tls12_only if {
	d := doc([fixture.version("TLSv1.2", "accepted"), fixture.version("TLSv1.3", "refused")])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_an_old_version_that_another_rule_reports if {
	count(rule.findings) == 0 with input as doc([fixture.version("TLSv1.0", "accepted")])
}

test_silent_on_nodes if {
	d := {"tlsposture": [fixture.posture("node/fin-a", "fin-a.corp.example", 8445, {"versions": [fixture.version("TLSv1.3", "accepted")]})], "profile": {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"], "http": {"strict_tls_versions": ["TLSv1.2"]}}}}
	count(rule.subjects) == 0 with input as d
}

test_unsure_when_tls13_gave_no_answer if {
	count(rule.unsure) == 1 with input as doc([fixture.version("TLSv1.3", "unknown")])
}
