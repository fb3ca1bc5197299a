package policies.cors.gate_origin_refused_test

import data.policies.cors.gate_origin_refused as rule
import data.policies.lib.fixture
import data.policies.lib.live_origin

entries := [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8444", 4)]

doc(answers) := {"corslive": [live_origin.listener(8445, answers)], "proxymap": fixture.proxymap(entries), "site": fixture.site}

report := "https://desk-a.agents.example:8444"

test_fires_when_the_origin_is_refused if {
	some f in rule.findings with input as doc([live_origin.answer("declared", report, {})])
	f.message == "https://desk-a.agents.example:8444 is not let in at /finesse/api/SystemInfo, where its pages call"
}

test_silent_when_it_is_let_in if {
	d := doc([live_origin.admitted("declared", report), live_origin.answer("declared", report, {"request": "simple"})])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_about_origins_that_nobody_needs if {
	count(rule.findings | rule.subjects) == 0 with input as doc([live_origin.answer("declared", "https://crm.example", {})])
}

test_silent_where_it_is_open if {
	count(rule.findings | rule.subjects) == 0 with input as doc([live_origin.answer("declared", report, {"browser_allows": fixture.unknown(false)})])
}
