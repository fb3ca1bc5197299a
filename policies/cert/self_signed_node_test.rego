package policies.cert.self_signed_node_test

import data.policies.cert.self_signed_node as rule
import data.policies.lib.trust_fixture as trust

doc(fields) := {
	"certchain": [trust.record("node/fin-a", [trust.node_certificate("fin-a", "aa11", fields)], [trust.node_chain("fin-a", "aa11", {}), trust.served("fin-a", "aa11", 8445)], [])],
	"site": trust.site([trust.declared("fin-a", "finesse")]),
}

test_fires_once_for_file_and_listener if count(rule.findings) == 1 with input as doc({"self_signed": true})

test_silent_when_signed if {
	rule.subjects == {"node/fin-a"} with input as doc({})
	count(rule.findings) == 0 with input as doc({})
	count(rule.unsure) == 0 with input as doc({})
}

test_silent_on_units_that_no_peer_sees if {
	d := object.union(doc({}), {"certchain": [trust.record(
		"node/fin-a",
		[trust.node_certificate("fin-a", "aa11", {"unit": "ipsec", "self_signed": true})],
		[trust.node_chain("fin-a", "aa11", {"unit": "ipsec"})],
		[],
	)]})
	count(rule.findings) == 0 with input as d
}

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as object.union(doc({}), {"certchain": []})
