package policies.http.version_disclosed_test

import data.policies.http.version_disclosed as rule
import data.policies.lib.fixture

off := fixture.inherited("server_tokens", ["off"], 4)

test_fires_on_the_default if {
	some f in rule.findings with input as fixture.single([fixture.preset("server_tokens", ["on"])], [])
	f.key == "server_tokens"
}

test_fires_in_a_location if {
	some f in rule.findings with input as fixture.single([off], [fixture.location("prefix", "/x", [fixture.setting("server_tokens", ["build"], 31)], [])])
	f.key == "location /x"
	f.sources[0].line == 31
}

test_silent_on_off if {
	d := fixture.single([off], [fixture.location("prefix", "/x", [off], [])])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_absent if count(rule.unsure) == 1 with input as fixture.single([], [])

test_unsure_when_computed if count(rule.unsure) == 1 with input as fixture.single([object.union(fixture.setting("server_tokens", ["$tokens"], 4), {"has_variables": true})], [])
