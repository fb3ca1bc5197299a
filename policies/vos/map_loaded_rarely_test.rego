package policies.vos.map_loaded_rarely_test

import data.policies.lib.fixture
import data.policies.vos.map_loaded_rarely as rule

doc(minutes) := {"vos": [fixture.vos("node/fin-a", {"update_minutes": minutes})], "site": fixture.site, "profile": {"parameters": {"vos": {"map_minutes": 5}}}}

test_fires_without_a_source if {
	some f in rule.findings with input as doc(fixture.value("none", 20))
	f.key == "none"
}

test_fires_on_a_long_interval if {
	some f in rule.findings with input as doc(fixture.value("60", 20))
	f.message == "the node loads the map every 60 minutes; 5 is the longest interval of the guides"
	f.fix == "Run utils system reverse-proxy set-config-update-frequency 5 on the node."
}

test_silent_every_minute if {
	count(rule.findings | rule.unsure) == 0 with input as doc(fixture.value("1", 20))
	rule.subjects == {"node/fin-a"} with input as doc(fixture.value("1", 20))
}

test_unsure_when_it_is_not_known if count(rule.unsure) == 1 with input as doc(fixture.no_value)
