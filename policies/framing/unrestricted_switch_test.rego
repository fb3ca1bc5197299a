package policies.framing.unrestricted_switch_test

import data.policies.framing.unrestricted_switch as rule
import data.policies.lib.fixture

doc(verb, fields) := {"framing": [object.union(fixture.framing("node/fin-a", verb, []), fields)]}

test_fires_on_enable_all if {
	some f in rule.findings with input as doc("frame_access_allowed_list", {"xframe": fixture.value("enable_all", 95)})
	f.sources[0].line == 95
}

test_silent_when_disabled if {
	count(rule.findings) == 0 with input as doc("xframe", {"xframe": fixture.value("disabled", 95)})
	count(rule.unsure) == 0 with input as doc("xframe", {"xframe": fixture.value("disabled", 95)})
}

test_silent_where_the_release_has_a_list if count(rule.unsure) == 0 with input as doc("frame_access_allowed_list", {})

test_unsure_when_nothing_was_shown if count(rule.unsure) == 1 with input as doc("frame_access_allowed_list", {"entries": fixture.no_list})

test_silent_about_every_node_with_a_record if {
	rule.subjects == {"node/fin-a"} with input as doc("xframe", {"xframe": fixture.value("enabled", 95)})
	count(rule.findings) == 0 with input as doc("xframe", {"xframe": fixture.value("enabled", 95)})
}

test_unsure_about_the_switch_of_an_old_release if count(rule.unsure) == 1 with input as doc("xframe", {})
