package policies.cert.key_in_wrong_unit_test

import data.policies.cert.key_in_wrong_unit as rule
import data.policies.lib.trust_fixture as trust

doc(unit, algorithm) := {
	"certchain": [trust.record(
		"node/fin-a",
		[trust.node_certificate("fin-a", "aa11", {"unit": unit, "key_algorithm": algorithm})],
		[trust.node_chain("fin-a", "aa11", {"unit": unit})],
		[],
	)],
	"site": trust.site([trust.declared("fin-a", "finesse")]),
}

test_fires_on_a_curve_under_tomcat if {
	some f in rule.findings with input as doc("tomcat", "ECDSA")
	f.key == "tomcat"
}

test_fires_on_rsa_under_tomcat_ecdsa if count(rule.findings) == 1 with input as doc("tomcat-ECDSA", "RSA")

test_silent_on_the_right_units if {
	rule.subjects == {"node/fin-a"} with input as doc("tomcat", "RSA")
	count(rule.findings) == 0 with input as doc("tomcat", "RSA")
	count(rule.findings) == 0 with input as doc("tomcat-ECDSA", "ECDSA")
	count(rule.unsure) == 0 with input as doc("tomcat", "RSA")
}

test_unsure_without_a_file if count(rule.unsure) == 1 with input as object.union(doc("tomcat", "RSA"), {"certchain": []})
