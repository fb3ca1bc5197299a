package policies.tls.weak_key_group_test

import data.policies.lib.fixture
import data.policies.tls.weak_key_group as rule

doc(name) := {
	"tlsposture": [fixture.desk({"groups": [{"version": "TLSv1.2", "id": 1, "name": name}], "suites": [fixture.suite("TLSv1.2", "TLS_X", {})]})],
	"profile": {"parameters": {"http": {"key_groups": ["x25519", "X25519MLKEM768"]}}},
}

test_fires_on_an_old_curve if {
	some f in rule.findings with input as doc("secp192k1")
	f.key == "secp192k1"
}

test_fires_once_for_both_versions if {
	both := [{"version": v, "id": 1, "name": "secp192k1"} | some v in ["TLSv1.2", "TLSv1.3"]]
	d := object.union(doc("x"), {"tlsposture": [fixture.desk({"groups": both})]})
	count(rule.findings) == 1 with input as d
}

test_silent_on_current_groups if {
	count(rule.findings) == 0 with input as doc("x25519")
	count(rule.findings) == 0 with input as doc("x25519mlkem768")
	count(rule.unsure) == 0 with input as doc("x25519")
}

test_unsure_without_a_suite if count(rule.unsure) == 1 with input as {"tlsposture": [fixture.desk({})], "profile": {"parameters": {"http": {"key_groups": []}}}}

test_silent_subjects_are_all_listeners if count(rule.subjects) == 1 with input as doc("x25519")
