package policies.cors.foreign_origin_admitted_test

import data.policies.cors.foreign_origin_admitted as rule
import data.policies.lib.fixture
import data.policies.lib.live_origin

entries := [fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3), fixture.entry("cuic-a.corp.example:8444", "desk-a.agents.example:8446", 4)]

doc(answers) := {"corslive": [live_origin.listener(8445, answers)], "proxymap": fixture.proxymap(entries), "site": fixture.site}

test_fires_on_a_foreign_origin if {
	some f in rule.findings with input as doc([live_origin.admitted("foreign", "https://foreign.example")])
	f.message == "a page of https://foreign.example may call /finesse/api/SystemInfo with the credentials of the agent"
}

test_fires_on_origins_that_look_alike if {
	answers := [live_origin.admitted("suffix", "https://desk-a.agents.example.foreign.example"), live_origin.admitted("null", "null")]
	count(rule.findings) == 2 with input as doc(answers)
}

test_fires_without_a_proven_path if {
	d := object.union(doc([]), {"corslive": [object.union(live_origin.listener(8445, [live_origin.admitted("null", "null")]), {"path_proven": false})]})
	count(rule.findings) == 1 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_when_strangers_are_refused if {
	answers := [
		live_origin.admitted("declared", "https://desk-a.agents.example:8446"), live_origin.answer("foreign", "https://foreign.example", {}),
		live_origin.admitted("other_port", "https://desk-a.agents.example:8446"),
	]
	count(rule.findings | rule.unsure) == 0 with input as doc(answers)
	count(rule.subjects) == 1 with input as doc(answers)
}

test_unsure_without_an_answer if {
	count(rule.unsure) == 1 with input as doc([live_origin.answer("foreign", "https://foreign.example", {"outcome": "unknown", "reason": "timeout", "browser_allows": fixture.unknown(false)})])
}
