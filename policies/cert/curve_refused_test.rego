package policies.cert.curve_refused_test

import data.policies.cert.curve_refused as rule
import data.policies.lib.fixture
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

told(d, kind) := object.union(d, {"vos": [fixture.vos("node/uccx-a", {"tls_certificate_type": fixture.value(kind, 45)})]})

test_fires_on_the_kind_that_is_chosen if {
	d := told(doc("uccx", "tomcat-ECDSA", curve), "ECDSA")
	{split(f.key, " ")[0] | some f in rule.findings} == {"product", "chosen"} with input as d
	some f in rule.findings with input as d
	f.fix == "Run on uccx-a: set tls server cert_type RSA"
}

test_silent_on_a_curve_that_is_not_chosen if {
	count(rule.findings | rule.unsure) == 0 with input as told(doc("uccx", "tomcat-ECDSA", curve), "RSA")
	count(rule.findings) == 0 with input as told(doc("finesse", "tomcat-ECDSA", curve), "ECDSA")
}

mixed := object.union(doc("uccx", "tomcat", {}), {"certchain": [trust.record(
	"node/uccx-a",
	[trust.node_certificate("uccx-a", "aa11", {}), trust.node_certificate("uccx-a", "bb22", object.union({"unit": "tomcat-ECDSA"}, curve))],
	[trust.node_chain("uccx-a", "aa11", {}), trust.node_chain("uccx-a", "bb22", {"unit": "tomcat-ECDSA"})],
	[],
)]})

test_unsure_which_of_two_kinds_a_node_presents if {
	count(rule.unsure) == 1 with input as mixed
	count(rule.findings) == 0 with input as mixed
	count(rule.unsure) == 0 with input as told(mixed, "RSA")
	{split(f.key, " ")[0] | some f in rule.findings} == {"product", "chosen"} with input as told(mixed, "ECDSA")
}
