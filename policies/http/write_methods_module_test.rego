package policies.http.write_methods_module_test

import data.policies.http.write_methods_module as rule
import data.policies.lib.fixture

off := fixture.preset("dav_methods", ["off"])

test_fires_on_put if {
	some f in rule.findings with input as fixture.single([fixture.setting("dav_methods", ["PUT", "DELETE"], 27)], [])
	contains(f.message, "PUT DELETE")
}

test_fires_in_a_location if {
	some f in rule.findings with input as fixture.single([off], [fixture.location("prefix", "/up", [fixture.setting("dav_methods", ["PUT"], 36)], [])])
	f.key == "location /up"
}

test_silent_on_off if {
	count(rule.findings) == 0 with input as fixture.single([off], [])
	count(rule.unsure) == 0 with input as fixture.single([off], [])
}

test_unsure_when_absent if count(rule.unsure) == 1 with input as fixture.single([], [])
