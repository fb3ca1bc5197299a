package policies.http.compression_on_test

import data.policies.http.compression_on as rule
import data.policies.lib.fixture

back(settings) := fixture.location("prefix", "/", settings, [fixture.forward("fin-a.corp.example", 8445)])

off := fixture.preset("gzip", ["off"])

test_fires_on_gzip if {
	some f in rule.findings with input as fixture.single([fixture.setting("gzip", ["on"], 9)], [back([])])
	f.fix == "gzip off;"
}

test_fires_in_a_location if {
	some f in rule.findings with input as fixture.single([off], [back([fixture.setting("brotli", ["on"], 9)])])
	f.key == "brotli location /"
}

test_silent_when_off if {
	count(rule.findings) == 0 with input as fixture.single([off], [back([])])
	count(rule.unsure) == 0 with input as fixture.single([off], [back([])])
}

test_unsure_when_unknown if count(rule.unsure) == 1 with input as fixture.single([], [back([])])
