package policies.http.directory_listing_test

import data.policies.http.directory_listing as rule
import data.policies.lib.fixture

off := fixture.preset("autoindex", ["off"])

test_fires_for_the_server if count(rule.findings) == 1 with input as fixture.single([fixture.setting("autoindex", ["on"], 26)], [])

test_fires_in_a_location_and_names_it if {
	some f in rule.findings with input as fixture.single([off], [fixture.location("prefix", "/files/", [fixture.setting("autoindex", ["on"], 35)], [])])
	f.key == "location /files/"
}

test_fires_once_for_twin_locations if {
	twin := fixture.location("regex", "\\.txt$", [fixture.setting("autoindex", ["on"], 35)], [])
	other := fixture.location("regex", "\\.txt$", [fixture.setting("autoindex", ["on"], 39)], [])
	some f in rule.findings with input as fixture.single([off], [twin, other])
	count(f.sources) == 2
}

test_silent_on_off if {
	count(rule.findings) == 0 with input as fixture.single([off], [])
	count(rule.unsure) == 0 with input as fixture.single([off], [])
}

test_unsure_when_absent if count(rule.unsure) == 1 with input as fixture.single([], [])

test_fires_behind_another_server_of_the_gate if {
	some f in rule.findings with input as fixture.relayed([fixture.setting("autoindex", ["off"], 20)], [], [fixture.setting("autoindex", ["on"], 20)], [])
	f.subject == "edge/rp-a/server/inner:8081"
}
