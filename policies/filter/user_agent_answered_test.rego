package policies.filter.user_agent_answered_test

import data.policies.filter.user_agent_answered as rule
import data.policies.lib.live

answer(fields) := live.edge([live.request("user_agent", fields), live.request("page", {})])

test_fires_when_it_is_let_through if {
	some f in rule.findings with input as answer({"status": 200})
	f.subject == "edge/rp-a/listener/desk-a.agents.example:8445"
	contains(f.message, "status 200")
}

test_silent_when_it_is_refused if {
	count(rule.subjects) == 1 with input as answer({"status": 421, "denied": true})
	count(rule.findings) == 0 with input as answer({"status": 421, "denied": true})
	count(rule.unsure) == 0 with input as answer({"status": 421, "denied": true})
}

test_silent_about_nodes if count(rule.subjects) == 0 with input as {"http": [live.listener("node/fin-a", [live.request("user_agent", {})])]}

test_unsure_without_an_answer_that_says_so if {
	d := answer({"status": 0, "outcome": "unknown", "denied_known": false})
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
