package policies.version.declared_differs_test

import data.policies.lib.fixture
import data.policies.version.declared_differs as rule

doc(declared, facts) := {
	"vos": [fixture.vos("node/fin-a", facts)],
	"site": object.union(fixture.site, {"nodes": [object.union(fixture.node("fin-a", "finesse", "fin-a.corp.example"), {"version": declared})]}),
}

test_fires_on_another_release if {
	some f in rule.findings with input as doc("12.6.2", fixture.release("12.6.1.10000-23", 0))
	f.message == "the site file declares 12.6.2, the node runs 12.6.1.10000-23"
	{s.artifact | some s in f.sources} == {"fin-a/cli.txt", "site.yaml"}
}

test_fires_on_another_special if {
	some f in rule.findings with input as doc("12.6.1.ES07", fixture.release("12.6.1.10000-23", 5))
	f.message == "the site file declares ES07, the node has ES05"
}

test_silent_when_they_agree if {
	d := doc("12.6.1-ES07", fixture.release("12.6.1.10000-23", 7))
	count(rule.findings | rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a"} with input as d
}

test_silent_without_a_declared_version if count(rule.subjects) == 0 with input as doc("", fixture.release("12.6.1.10000-23", 7))

test_unsure_without_the_special if {
	d := doc("12.6.1.ES07", {"version": fixture.value("12.6.1.10000-23", 30), "engineering_special": fixture.no_amount})
	count(rule.unsure) == 1 with input as d
	count(rule.findings) == 0 with input as d
}
