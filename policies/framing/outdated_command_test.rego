package policies.framing.outdated_command_test

import data.policies.framing.outdated_command as rule
import data.policies.lib.fixture

doc(record) := {"framing": [record], "profile": {"parameters": {"frame_verb": "frame_access_allowed_list"}}}

test_fires_on_the_old_name if {
	some f in rule.findings with input as doc(fixture.framing("node/fin-a", "frame_access_whitelist", []))
	f.key == "frame_access_whitelist"
}

test_silent_on_the_current_name if {
	count(rule.findings) == 0 with input as doc(fixture.framing("node/fin-a", "frame_access_allowed_list", []))
	count(rule.unsure) == 0 with input as doc(fixture.framing("node/fin-a", "frame_access_allowed_list", []))
}

test_unsure_when_no_list_was_shown if {
	d := doc(object.union(fixture.framing("node/fin-a", "frame_access_allowed_list", []), {"entries": fixture.no_list}))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

test_silent_about_every_node_with_a_record if {
	rule.subjects == {"node/fin-a"} with input as doc(fixture.framing("node/fin-a", "frame_access_allowed_list", []))
}
