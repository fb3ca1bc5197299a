package policies.framing.malformed_or_broad_entry_test

import data.policies.framing.malformed_or_broad_entry as rule
import data.policies.lib.fixture

doc(entries) := {"framing": [fixture.framing("node/fin-a", "frame_access_allowed_list", entries)], "profile": {"parameters": {"frame_list_bytes": 2000}}}

keys(entries) := got if got := {f.key | some f in rule.findings} with input as doc(entries)

test_fires_on_everything_and_on_a_top_level_domain if keys(["https://*", "*", "*.com", "https://*.com"]) == {"https://*", "*", "*.com", "https://*.com"}

test_fires_on_http_path_and_blank if count(keys(["http://a.example", "https://a.example/x", "https://a.example https://b.example"])) == 3

test_fires_on_a_list_that_is_too_long if {
	d := object.union(doc(["https://a.example"]), {"profile": {"parameters": {"frame_list_bytes": 10}}})
	{f.key | some f in rule.findings} == {"length"} with input as d
}

test_silent_on_sound_entries if {
	keys(["https://portal.example:8445", "https://*.portal.example", "https://crm"]) == set()
	count(rule.unsure) == 0 with input as doc([])
}

test_unsure_when_not_known if {
	d := object.union(doc([]), {"framing": [object.union(fixture.framing("node/fin-a", "frame_access_allowed_list", []), {"entries": fixture.no_list})]})
	count(rule.unsure) == 1 with input as d
}
