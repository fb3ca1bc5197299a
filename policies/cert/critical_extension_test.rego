package policies.cert.critical_extension_test

import data.policies.cert.critical_extension as rule
import data.policies.lib.fixture

doc(role, fields) := {
	"certchain": [object.union(fixture.certchain([fixture.certificate("aa11", fields)], [])[0], {"target": "node/cm"})],
	"site": {"nodes": [fixture.node("cm", role, "cm.corp.example")]},
}

test_fires_on_a_critical_extended_key_usage if {
	some f in rule.findings with input as doc("ucm", {"critical_extensions": ["2.5.29.15", "2.5.29.37"]})
	f.key == "2.5.29.37"
}

test_silent_on_the_two_that_are_understood if {
	count(rule.findings) == 0 with input as doc("ucm", {"critical_extensions": ["2.5.29.15", "2.5.29.19"]})
	count(rule.subjects) == 1 with input as doc("ucm", {})
}

test_silent_on_other_nodes if count(rule.subjects) == 0 with input as doc("finesse", {"critical_extensions": ["2.5.29.37"]})
