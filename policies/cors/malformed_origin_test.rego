package policies.cors.malformed_origin_test

import data.policies.cors.malformed_origin as rule
import data.policies.lib.fixture

doc(origins) := {"cors": [fixture.cors("node/fin-a", "finesse", "enabled", origins)], "profile": {"parameters": {"origin_list_bytes": 4000}}}

keys(origins) := got if got := {f.key | some f in rule.findings} with input as doc(origins)

test_fires_on_a_slash_at_the_end if keys(["https://desk-a.agents.example:8445/"]) == {"finesse https://desk-a.agents.example:8445/"}

test_fires_on_star_path_blank_and_bare_host if count(keys(["*", "https://a.example/x", "https://a.example, https://b.example", "a.example"])) == 4

test_fires_on_capitals_and_implied_port if count(keys(["https://Desk.example", "https://desk.example:443"])) == 2

test_fires_on_a_list_that_is_too_long if {
	d := object.union(doc(["https://a.example", "https://b.example"]), {"profile": {"parameters": {"origin_list_bytes": 34}}})
	{f.key | some f in rule.findings} == {"finesse length"} with input as d
}

test_fires_once_on_a_repeated_entry if {
	some f in rule.findings with input as doc(["*", "*"])
	count(f.sources) == 2
}

test_silent_on_sound_origins if {
	keys(["https://desk-a.agents.example", "https://desk-a.agents.example:8444", "http://old.example"]) == set()
	count(rule.unsure) == 0 with input as doc([])
}

test_unsure_when_not_known if {
	d := object.union(doc([]), {"cors": [object.union(fixture.cors("node/fin-a", "finesse", "enabled", []), {"allowed_origins": fixture.no_list})]})
	count(rule.unsure) == 1 with input as d
}
