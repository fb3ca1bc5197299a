package policies.cert.trust_list_open_test

import data.policies.cert.trust_list_open as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(fields) := {
	"certchain": [trust.record("node/fin-a", [trust.node_certificate("fin-a", "aa11", {})], [trust.node_chain("fin-a", "aa11", fields)], [])],
	"site": trust.site([trust.declared("fin-a", "finesse")]),
}

test_fires_on_a_missing_root if {
	some f in rule.findings with input as doc({"trust_closed": fixture.known(false), "trust_missing": "CN=Corp Root"})
	contains(f.fix, "CN=Corp Root")
}

test_silent_when_closed if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({})
}

test_unsure_without_a_list if count(rule.unsure) == 1 with input as doc({"trust_closed": fixture.unknown(false)})

test_unsure_without_a_file if count(rule.unsure) == 1 with input as object.union(doc({}), {"certchain": []})
