package policies.http.unknown_name_answered_test

import data.policies.http.unknown_name_answered as rule
import data.policies.lib.live

doc(name, fields) := live.edge([live.request(name, fields)])

refused := {"status": 0, "outcome": "refused", "refusal": "closed", "denied": true}

test_fires_on_each_foreign_name if {
	every name, _ in rule.foreign {
		found := rule.findings with input as doc(name, {})
		{f.key | some f in found} == {name}
	}
}

test_fires_with_the_line_to_add if {
	some f in rule.findings with input as doc("other_port", {})
	f.fix == `Add to the server of desk-a.agents.example:8445: if ($http_host != "desk-a.agents.example:8445") { return 421; }`
}

test_silent_when_refused if {
	count(rule.findings) == 0 with input as doc("unknown_host", refused)
	count(rule.unsure) == 0 with input as doc("unknown_host", refused)
}

test_unsure_when_not_comparable if {
	count(rule.findings) == 0 with input as doc("unknown_host", {"comparable": false})
	count(rule.unsure) == 1 with input as doc("unknown_host", {"comparable": false})
}

test_unsure_when_somebody_behind_may_have_said_no if count(rule.unsure) == 1 with input as doc("no_host", {"status": 404, "denied_known": false})

test_unsure_on_silence if {
	some u in rule.unsure with input as doc("no_host", {"outcome": "unknown", "denied_known": false, "reason": "timeout"})
	contains(u.reason, "timeout")
}

test_unsure_when_nothing_was_asked if count(rule.unsure) == 1 with input as live.edge([])
