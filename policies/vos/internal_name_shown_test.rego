package policies.vos.internal_name_shown_test

import data.policies.lib.fixture
import data.policies.lib.live
import data.policies.vos.internal_name_shown as rule

doc(fields) := object.union(live.edge([live.request("page", fields)]), {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)])})

test_fires_on_a_mapped_name if {
	some f in rule.findings with input as doc({"internal_names": ["Fin-A.corp.example"]})
	f.message == "fin-a.corp.example is told in the answers to /desktop/"
	contains(f.fix, "show-proxy-config-map")
}

test_fires_on_a_name_without_an_entry if {
	some f in rule.findings with input as doc({"internal_names": ["fin-b.corp.example"]})
	startswith(f.fix, "Add an entry for fin-b.corp.example")
}

test_silent_when_none_is_told if {
	count(rule.findings | rule.unsure) == 0 with input as doc({})
	count(rule.subjects) == 1 with input as doc({})
}

test_silent_about_what_was_not_answered if count(rule.subjects) == 0 with input as doc({"outcome": "unknown", "internal_names": ["x"]})

test_unsure_about_the_rest_of_a_page if count(rule.unsure) == 1 with input as doc({"body_whole": false})
