package policies.tls.legacy_protocol_test

import data.policies.tls.legacy_protocol as rule

listener(versions) := {
	"tlsposture": [{
		"subject": "edge/rp-a/listener/desk-a.example:8445",
		"host": "desk-a.example", "port": 8445,
		"versions": versions,
	}],
	"profile": {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"]}},
}

version(name, answer) := {"version": name, "answer": answer, "reason": "timeout", "source": {"host": "desk-a.example", "port": 8445}}

test_fires_on_accepted_tls10 if {
	some f in rule.findings with input as listener([version("TLSv1.0", "accepted"), version("TLSv1.2", "accepted")])
	f.key == "TLSv1.0"
}

test_silent_when_only_allowed_versions_are_accepted if {
	doc := listener([version("TLSv1.0", "refused"), version("TLSv1.2", "accepted")])
	count(rule.findings) == 0 with input as doc
	count(rule.unsure) == 0 with input as doc
}

test_unsure_when_an_old_version_did_not_answer if {
	some u in rule.unsure with input as listener([version("TLSv1.0", "unknown")])
	u.reason == "TLSv1.0: timeout"
}

test_unsure_when_nothing_was_tried if {
	count(rule.unsure) == 1 with input as listener([])
}

test_silent_on_the_listener_of_a_cti_server if {
	doc := {
		"tlsposture": [{"subject": "cti/CG1-a/listener/pg-a.corp.example:42030", "host": "pg-a.corp.example", "port": 42030, "versions": [version("TLSv1.0", "accepted")]}],
		"profile": {"parameters": {"tls_versions": ["TLSv1.2"]}},
	}
	count(rule.subjects) == 0 with input as doc
	count(rule.findings) == 0 with input as doc
}
