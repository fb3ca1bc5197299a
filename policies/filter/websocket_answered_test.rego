package policies.filter.websocket_answered_test

import data.policies.filter.websocket_answered as rule
import data.policies.lib.live

answer(fields) := live.edge([live.request("websocket", object.union({"path": "/ws"}, fields))])

test_fires_when_it_is_opened if {
	some f in rule.findings with input as answer({"status": 101})
	f.key == "/ws of its own origin"
}

test_fires_for_a_foreign_origin if {
	{f.key | some f in rule.findings} == {"/ws of a foreign origin"} with input as live.edge([live.request("websocket_foreign_origin", {"path": "/ws", "status": 101})])
}

test_silent_when_credentials_are_asked_for if {
	count(rule.subjects) == 1 with input as answer({"status": 401})
	count(rule.findings) == 0 with input as answer({"status": 401})
	count(rule.unsure) == 0 with input as answer({"status": 401})
}

test_silent_when_the_connection_is_ended if count(rule.unsure) == 0 with input as answer({"status": 0, "outcome": "refused"})

test_unsure_without_a_telling_answer if {
	count(rule.unsure) == 1 with input as answer({"status": 0, "outcome": "unknown"})
	count(rule.unsure) == 1 with input as answer({"status": 502})
}
