package policies.version.below_floor_test

import data.policies.lib.fixture
import data.policies.version.below_floor as rule

floors := [
	{"role": "finesse", "version": "12.6.1", "special": 2, "reason": "the gate is known from there on"},
	{"role": "livedata", "version": "12.5.1", "special": 9, "reason": "a server of its own needs it"},
	{"role": "livedata", "version": "12.6.1", "special": 0, "reason": "every level does"},
]

doc(nodes) := {
	"vos": nodes, "site": object.union(fixture.site, {"nodes": [object.union(n, {"version": ""}) | some n in fixture.site.nodes]}),
	"profile": {"parameters": {"vos": {"floors": floors}}, "es_number": fixture.unknown(0)},
}

node(version_text, special) := fixture.vos("node/fin-a", fixture.release(version_text, special))

live_data(version_text, special) := fixture.vos("node/ld-a", fixture.release(version_text, special))

test_fires_below_the_release if {
	some f in rule.findings with input as doc([node("12.5.1.10000-30", 9)])
	f.message == "the node runs 12.5.1.10000-30 ES09, and needs at least 12.6.1 ES02: the gate is known from there on"
	f.fix == "Install 12.6.1 ES02 on the node."
	count(f.sources) == 2
}

test_fires_below_the_special if count(rule.findings) == 1 with input as doc([node("12.6.1.10000-23", 1)])

test_fires_on_the_floor_of_the_own_train_only if {
	{f.key | some f in rule.findings} == {"12.5.1 ES09: a server of its own needs it"} with input as doc([live_data("12.5.1.18900-40", 8)])
}

test_fires_on_a_train_without_a_floor if {
	count({f.key | some f in rule.findings}) == 2 with input as doc([live_data("12.0.1.10000-1", 0)])
}

test_fires_on_what_the_site_file_declares if {
	d := object.union(doc([]), {"site": object.union(fixture.site, {"nodes": [object.union(fixture.node("fin-a", "finesse", "f"), {"version": "12.6.1.ES01"})]})})
	some f in rule.findings with input as d
	startswith(f.message, "the node runs 12.6.1.ES01 by the site file's word, and needs")
}

test_silent_at_the_floor if {
	d := doc([node("12.6.1.10000-23", 2), live_data("12.6.1.10000-23", 0)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"node/fin-a", "node/ld-a"} with input as d
}

test_silent_above_the_release if count(rule.findings | rule.unsure) == 0 with input as doc([node("12.6.2.10000-5", 0), live_data("15.0.1.10000-5", 0)])

test_silent_about_a_special_that_the_profile_names if {
	d := doc([fixture.vos("node/fin-a", {"version": fixture.value("12.6.1.10000-23", 30), "engineering_special": fixture.no_amount}), live_data("12.6.1.1-1", 0)])
	count(rule.unsure) == 1 with input as d
	count(rule.unsure) == 0 with input as object.union(d, {"profile": {"es_number": fixture.known(7)}})
}

test_unsure_without_a_release if {
	{u.reason | some u in rule.unsure} == {"neither the command line nor the site file tells the release"} with input as doc([])
}

test_unsure_without_the_special if {
	d := doc([fixture.vos("node/fin-a", {"version": fixture.value("12.6.1.10000-23", 30), "engineering_special": fixture.no_amount}), live_data("12.6.1.1-1", 0)])
	{u.reason | some u in rule.unsure} == {"the engineering special of the node is not known; 12.6.1 ES02 is needed"} with input as d
}

test_fires_on_a_special_that_is_only_declared if {
	d := doc([fixture.vos("node/fin-a", {"version": fixture.value("12.6.1.10000-23", 30), "engineering_special": fixture.no_amount})])
	some f in rule.findings with input as object.union(d, {"profile": {"es_number": fixture.known(1)}})
	startswith(f.message, "the node runs 12.6.1.10000-23 ES01, and has the engineering special by the site file's word only, and needs")
}

test_unsure_about_a_service_update_without_its_build if {
	d := {
		"vos": [], "profile": {"parameters": {"vos": {"floors": [{"role": "uccx", "version": "12.5.1.11002", "special": 0, "reason": "the gate is known from there on"}]}}, "es_number": fixture.unknown(0)},
		"site": object.union(fixture.site, {"nodes": [object.union(fixture.node("x", "uccx", "x.corp.example"), {"version": "12.5(1)SU3"})]}),
	}
	count(rule.findings) == 0 with input as d
	{u.reason | some u in rule.unsure} == {"the build of the node is not known; 12.5.1.11002 is needed"} with input as d
}
