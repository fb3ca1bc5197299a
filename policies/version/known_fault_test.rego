package policies.version.known_fault_test

import data.policies.lib.fixture
import data.policies.version.known_fault as rule

fixes := [
	{"role": "finesse", "version": "12.6.1", "special": 7, "reason": "CVE-2023-20088"},
	{"role": "uccx", "version": "12.5.1.11003", "special": 7, "reason": "CVE-2025-20354"},
	{"role": "uccx", "version": "15.0.1", "special": 1, "reason": "CVE-2025-20354"},
]

doc(role, facts) := {
	"vos": [fixture.vos("node/x", facts)],
	"site": object.union(fixture.site, {"nodes": [object.union(fixture.node("x", role, "x.corp.example"), {"version": ""})]}),
	"profile": {"parameters": {"vos": {"fixes": fixes}}, "es_number": fixture.unknown(0)},
}

test_fires_before_the_special if {
	some f in rule.findings with input as doc("finesse", fixture.release("12.6.1.10000-23", 5))
	f.message == "the node runs 12.6.1.10000-23 ES05, and has CVE-2023-20088, which 12.6.1 ES07 mends"
}

test_fires_on_a_service_update_that_is_too_old if {
	{f.key | some f in rule.findings} == {"12.5.1.11003 ES07: CVE-2025-20354"} with input as doc("uccx", fixture.release("12.5.1.11002-481", 9))
}

test_fires_on_the_first_release_of_a_train if count(rule.findings) == 1 with input as doc("uccx", fixture.release("15.0.1.10000-45", 0))

test_fires_on_a_train_without_a_fix if count(rule.findings) == 2 with input as doc("uccx", fixture.release("12.0.1.10000-45", 0))

test_silent_with_the_special if {
	d := doc("uccx", fixture.release("12.5.1.11003-511", 7))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/x"} with input as d
}

test_silent_on_a_later_release if count(rule.findings | rule.unsure) == 0 with input as doc("finesse", fixture.release("12.6.2.10000-5", 0))

test_silent_about_products_without_a_fault if {
	count(((rule.subjects | rule.findings) | rule.unsure)) == 0 with input as doc("cuic", fixture.release("12.6.1.10000-5", 0))
}

test_unsure_without_the_special if {
	d := doc("finesse", {"version": fixture.value("12.6.1.10000-23", 30), "engineering_special": fixture.no_amount})
	{u.reason | some u in rule.unsure} == {"the engineering special of the node is not known; 12.6.1 ES07 mends CVE-2023-20088"} with input as d
}

test_unsure_without_a_release if count(rule.unsure) == 1 with input as doc("finesse", {})

declared(role, release) := {
	"vos": [], "profile": {"parameters": {"vos": {"fixes": fixes}}, "es_number": fixture.unknown(0)},
	"site": object.union(fixture.site, {"nodes": [object.union(fixture.node("x", role, "x.corp.example"), {"version": release})]}),
}

test_fires_on_what_is_declared_only if {
	some f in rule.findings with input as declared("finesse", "12.6(1) ES05")
	f.message == "the node runs 12.6(1) ES05 by the site file's word, and has CVE-2023-20088, which 12.6.1 ES07 mends"
	f.sources[0].origin.kind == "declared"
}

test_unsure_about_a_service_update_without_its_build if {
	d := declared("uccx", "12.5(1)SU3")
	count(rule.findings) == 0 with input as d
	{u.reason | some u in rule.unsure} == {"the build of the node is not known; 12.5.1.11003 ES07 mends CVE-2025-20354"} with input as d
}
