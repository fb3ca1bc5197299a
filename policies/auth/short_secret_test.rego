package policies.auth.short_secret_test

import data.policies.auth.short_secret as rule
import data.policies.lib.fixture

doc(value, used) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"maps": [{
		"kind": "map", "input": "$host", "variable": "$jwt_secret", "source": fixture.at("rp-a/maps.conf", 5, "explicit"),
		"entries": [{"key": "default", "value": value, "source": fixture.at("rp-a/maps.conf", 6, "explicit")}],
	}]})],
	"profile": {"parameters": {"jwt_secret_used": used}},
}

digest := "00000000000000000000000000000000000000000000000000000000000000aa"

test_fires_on_24_characters if {
	some f in rule.findings with input as doc(sprintf("[redacted:random-key:24:%s]", [digest]), true)
	f.key == "$jwt_secret default"
	f.sources[0].line == 6
}

test_fires_on_a_word if count(rule.findings) == 1 with input as doc("[redacted:credential:0]", true)

test_silent_on_a_full_secret if {
	d := doc(sprintf("[redacted:random-key:44:%s]", [digest]), true)
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_where_the_release_has_no_shared_secret if count(rule.subjects) == 0 with input as doc("[redacted:credential:0]", false)

test_unsure_on_an_unmarked_value if count(rule.unsure) == 1 with input as doc("$other", true)

written(settings, locations) := object.union(fixture.single(settings, locations), {"profile": {"parameters": {"jwt_secret_used": true}}})

test_fires_on_a_word_that_set_gives if {
	word := fixture.setting("set", ["$jwt_secret", "[redacted:credential:0]"], 20)
	count(rule.findings) == 1 with input as written([word], [])
	count(rule.findings) == 1 with input as written([], [fixture.location("prefix", "/", [word], [])])
}

test_unsure_on_a_word_that_was_not_recognised if count(rule.unsure) == 1 with input as written([fixture.setting("set", ["$jwt_secret", "agent-desk"], 20)], [])
