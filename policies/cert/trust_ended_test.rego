package policies.cert.trust_ended_test

import data.policies.cert.trust_ended as rule
import data.policies.lib.trust_fixture as trust

doc(fields) := {
	"header": {"at": "2026-06-01T00:00:00Z"},
	"certchain": [trust.record("node/fin-a", [object.union(trust.root("node/fin-a", "r00t", "Corp Root"), fields)], [], [trust.trust_list("fin-a", ["r00t"])])],
}

test_fires_on_an_ended_root if {
	some f in rule.findings with input as doc({"not_after": "2026-05-31T00:00:00Z"})
	f.subject == "node/fin-a/trust/tomcat-trust"
	contains(f.message, "CN=Corp Root")
}

test_fires_before_the_start if count(rule.findings) == 1 with input as doc({"not_before": "2026-06-02T00:00:00Z"})

test_silent_while_valid if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({})
	count(rule.subjects) == 1 with input as doc({})
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc({"not_after": "soon"})
