package policies.map.case_mismatch_test

import data.policies.lib.fixture
import data.policies.map.case_mismatch as rule

doc(internal, external, mode) := object.union(fixture.single([], []), {
	"proxymap": fixture.proxymap([fixture.entry(internal, external, 6)]),
	"profile": {"parameters": {"map_case": mode}},
})

test_fires_on_the_external_side if {
	some f in rule.findings with input as doc("fin-a.corp.example:8445", "Desk-A.agents.example:8445", "external")
	f.key == "external Desk-A.agents.example:8445"
	count(f.sources) == 2
}

test_fires_on_the_internal_side_where_all_is_exact if {
	keys := {f.key | some f in rule.findings} with input as doc("FIN-A.corp.example:8445", "desk-a.agents.example:8445", "exact")
	keys == {"internal desk-a.agents.example:8445"}
}

test_silent_on_the_internal_side_where_it_folds if count(rule.findings) == 0 with input as doc("FIN-A.corp.example:8445", "desk-a.agents.example:8445", "external")

test_silent_on_equal_case if {
	d := doc("fin-a.corp.example:8445", "desk-a.agents.example:8445", "exact")
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_where_case_never_matters if count(rule.subjects) == 0 with input as doc("FIN-A.corp.example:8445", "DESK-A.agents.example:8445", "none")
