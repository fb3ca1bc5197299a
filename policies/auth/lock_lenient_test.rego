package policies.auth.lock_lenient_test

import data.policies.auth.lock_lenient as rule
import data.policies.lib.fixture

set_to(name, value, line) := fixture.setting("set", [name, value], line)

doc(server_settings, settings, maps) := {
	"site": fixture.site, "nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"maps": maps})],
	"profile": {"parameters": {"gate": {"lock_failures": 10, "lock_window_seconds": 30, "lock_block_seconds": 300}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, server_settings, [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])])
}

published := [set_to("$auth_failure_threshold_for_lock", "5", 20), set_to("$auth_failure_counting_window_secs", "30", 21), set_to("$ip_blocking_duration", "1800", 22)]

test_fires_on_a_high_threshold if {
	some f in rule.findings with input as doc(published, [set_to("$auth_failure_threshold_for_lock", "50", 40)], [])
	f.key == "auth_failure_threshold_for_lock 50"
	f.sources[0].line == 40
}

test_fires_on_a_short_block_in_a_map if {
	maps := [{
		"kind": "map", "input": "$host", "variable": "$ip_blocking_duration", "source": fixture.at("rp-a/maps.conf", 3, "explicit"),
		"entries": [{"key": "default", "value": "60", "source": fixture.at("rp-a/maps.conf", 4, "explicit")}],
	}]
	{f.key | some f in rule.findings} == {"ip_blocking_duration 60"} with input as doc(published, [], maps)
}

test_silent_on_the_published_values if {
	rule.subjects == {"edge/rp-a"} with input as doc(published, [], [])
	count(rule.findings) == 0 with input as doc(published, [], [])
	count(rule.unsure) == 0 with input as doc(published, [], [])
}

test_unsure_when_nothing_sets_them if count(rule.unsure) == 3 with input as doc([], [], [])

test_unsure_about_a_variable if count(rule.unsure) == 1 with input as doc(published, [set_to("$ip_blocking_duration", "$block", 40)], [])
