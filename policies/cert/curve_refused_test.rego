package policies.cert.curve_refused_test

import data.policies.cert.curve_refused as rule
import data.policies.lib.trust_fixture as trust

doc(role, unit, fields) := {
	"certchain": [trust.record(
		"node/uccx-a",
		[trust.node_certificate("uccx-a", "aa11", object.union({"unit": unit}, fields))],
		[trust.node_chain("uccx-a", "aa11", {"unit": unit})],
		[],
	)],
	"site": trust.site([trust.declared("uccx-a", role)]),
	"profile": {"parameters": {"trust": {"rsa_only_roles": ["uccx", "livedata"], "one_family_roles": ["uccx", "finesse"]}}},
}

curve := {"key_algorithm": "ECDSA", "issuer_key_algorithm": "ECDSA"}

keys(role, unit, fields) := got if got := {split(f.key, " ")[0] | some f in rule.findings} with input as doc(role, unit, fields)

test_fires_on_a_curve_under_uccx if keys("uccx", "tomcat", curve) == {"product"}

test_fires_on_a_served_curve if {
	d := object.union(doc("uccx", "x", curve), {"certchain": [trust.record("node/uccx-a", [trust.node_certificate("uccx-a", "aa11", curve)], [trust.served("uccx-a", "aa11", 8445)], [])]})
	count(rule.findings) == 1 with input as d
}

test_fires_on_an_rsa_signature_below_a_curve if keys("finesse", "tomcat-ECDSA", {"key_algorithm": "ECDSA"}) == {"issuer"}

test_silent_on_rsa if {
	keys("uccx", "tomcat", {}) == set()
	count(rule.unsure) == 0 with input as doc("uccx", "tomcat", {})
}

test_silent_on_a_curve_that_only_lies_in_its_unit if keys("uccx", "tomcat-ECDSA", curve) == set()

test_silent_on_a_curve_elsewhere if keys("finesse", "tomcat", curve) == set()

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as object.union(doc("uccx", "tomcat", {}), {"certchain": []})
