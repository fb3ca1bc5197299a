package policies.cert.domain_changed_test

import data.policies.cert.domain_changed as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(fields, domain) := {
	"certchain": [trust.record("node/fin-a", [trust.node_certificate("fin-a", "aa11", fields)], [trust.node_chain("fin-a", "aa11", {})], [])],
	"vos": [fixture.vos("node/fin-a", {"domain": domain})],
	"site": trust.site([trust.declared("fin-a", "finesse")]),
}

old := {"dns_names": ["fin-a.old.example"], "common_name": "fin-a.old.example"}

test_fires_on_the_old_domain if {
	some f in rule.findings with input as doc(old, fixture.value("corp.example", 20))
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "fin-a/certs/tomcat.pem"}
}

test_silent_in_the_new_domain if {
	count(rule.findings) == 0 with input as doc({}, fixture.value("Corp.Example", 20))
	count(rule.unsure) == 0 with input as doc({}, fixture.value("corp.example", 20))
	count(rule.findings) == 0 with input as doc({"dns_names": []}, fixture.value("corp.example", 20))
}

test_unsure_without_the_domain if {
	count(rule.unsure) == 1 with input as doc(old, fixture.no_value)
	count(rule.findings) == 0 with input as doc(old, fixture.no_value)
}

test_unsure_without_a_certificate if {
	d := object.union(doc({}, fixture.value("corp.example", 20)), {"certchain": []})
	count(rule.unsure) == 1 with input as d
}
