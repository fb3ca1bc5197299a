package policies.cti.gateway_name_test

import data.policies.cti.gateway_name as rule
import data.policies.lib.trust_fixture as trust

test_fires_on_another_common_name if {
	some f in rule.findings with input as trust.cti_trust({"common_name": "PG-A"}, {})
	contains(f.message, "pg-a.corp.example")
}

test_fires_on_a_short_host if {
	d := object.union(trust.cti_trust({"common_name": "pg-a"}, {}), {"cti": trust.cti({"host": "pg-a"}, {}).cti})
	{f.key | some f in rule.findings} == {"short pg-a"} with input as d
}

test_silent_on_the_full_name if {
	count(rule.findings) == 0 with input as trust.cti_trust({}, {})
	count(rule.findings) == 0 with input as trust.cti_trust({"common_name": "PG-A.corp.example"}, {})
	count(rule.unsure) == 0 with input as trust.cti_trust({}, {})
	rule.subjects == {"cti/CG1-a"} with input as trust.cti_trust({}, {})
}

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as trust.cti({}, {})

test_unsure_without_a_host if {
	d := object.union(trust.cti_trust({}, {}), {"cti": trust.cti({}, {"a": trust.peer("", 42030)}).cti})
	count(rule.unsure) == 1 with input as d
}
