package policies.cert.shared_between_nodes_test

import data.policies.cert.shared_between_nodes as rule
import data.policies.lib.trust_fixture as trust

doc(one, other) := {
	"certchain": [
		trust.record("node/uccx-a", [trust.node_certificate("uccx-a", "aa11", one)], [trust.node_chain("uccx-a", "aa11", {})], []),
		trust.record("node/uccx-b", [trust.node_certificate("uccx-b", "bb22", other)], [trust.node_chain("uccx-b", "bb22", {})], []),
	],
	"site": trust.site([trust.declared("uccx-a", "uccx"), trust.declared("uccx-b", "uccx"), trust.declared("fin-a", "finesse")]),
	"profile": {"parameters": {"trust": {"own_certificate_roles": ["uccx"]}}},
}

both := {"dns_names": ["uccx-a.corp.example", "uccx-b.corp.example"]}

test_fires_on_names_of_two_nodes if {
	{f.subject | some f in rule.findings} == {"node/uccx-a"} with input as doc(both, {})
	some f in rule.findings with input as doc(both, {})
	contains(f.message, "node/uccx-b")
}

test_fires_on_one_key_for_two if {
	{f.key | some f in rule.findings} == {"key aa11", "key bb22"} with input as doc({"key_sha256": "k"}, {"key_sha256": "k"})
}

test_silent_with_a_certificate_each if {
	count(rule.findings) == 0 with input as doc({}, {})
	count(rule.unsure) == 0 with input as doc({}, {})
	rule.subjects == {"node/uccx-a", "node/uccx-b"} with input as doc({}, {})
}

test_unsure_without_a_certificate if count(rule.unsure) == 2 with input as object.union(doc({}, {}), {"certchain": []})
