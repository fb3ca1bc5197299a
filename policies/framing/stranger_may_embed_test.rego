package policies.framing.stranger_may_embed_test

import data.policies.framing.stranger_may_embed as rule
import data.policies.lib.live_origin

doc(fields) := {"framinglive": [live_origin.framed([live_origin.page(fields)])]}

foreign(may) := live_origin.embedder("foreign", "https://foreign.example", may)

clear(may) := live_origin.embedder("clear_text", "http://desk-a.agents.example:8445", may)

test_fires_on_any_site if {
	some f in rule.findings with input as doc({"embedders": [foreign(true), clear(false)]})
	f.message == "any site may embed /desktop/"
}

test_fires_on_clear_text if {
	{f.key | some f in rule.findings} == {"clear_text /desktop/"} with input as doc({"embedders": [foreign(false), clear(true)]})
}

test_fires_once_when_two_strangers_may if {
	found := rule.findings with input as doc({"embedders": [foreign(true), live_origin.embedder("foreign", "https://other.example", true)]})
	count(found) == 1
}

test_silent_when_both_are_refused if {
	count(rule.findings | rule.unsure) == 0 with input as doc({"embedders": [foreign(false), clear(false)]})
	count(rule.subjects) == 1 with input as doc({"embedders": [foreign(false)]})
}

test_silent_about_what_no_frame_shows if count(rule.subjects | rule.findings) == 0 with input as doc({"html": false, "embedders": [foreign(true)]})

test_unsure_about_an_odd_head if count(rule.unsure) == 1 with input as doc({"odd_head": true, "embedders": []})
