package policies.cors.unusable_answer_test

import data.policies.cors.unusable_answer as rule
import data.policies.lib.live_origin

own := "https://desk-a.agents.example:8445"

doc(values, fields) := {"corslive": [live_origin.listener(8445, [object.union(live_origin.answer("declared", own, {"allow_origin": values}), fields)])]}

test_fires_on_two_headers if {
	some f in rule.findings with input as doc([own, "*"], {})
	f.message == "Access-Control-Allow-Origin comes 2 times, so browsers let nobody in"
}

test_fires_on_a_list if {
	some f in rule.findings with input as doc(["https://a.example, https://b.example"], {})
	contains(f.message, "which is no origin")
}

test_silent_about_one_origin if {
	count(rule.findings | rule.unsure) == 0 with input as doc([own], {})
	count(rule.findings) == 0 with input as doc(["*"], {})
	count(rule.subjects) == 1 with input as doc([own], {})
}

test_silent_without_the_header if count(rule.subjects | rule.findings) == 0 with input as doc([], {})

test_unsure_about_an_odd_head if count(rule.unsure) == 1 with input as doc([own], {"odd_head": true})
