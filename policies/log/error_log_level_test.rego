package policies.log.error_log_level_test

import data.policies.lib.fixture
import data.policies.log.error_log_level as rule

doc(main, http, levels) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"main": main, "http": http})],
	"profile": {"parameters": {"http": {"error_log_levels": levels}}},
}

log(args) := fixture.setting("error_log", args, 4)

vendor := ["info", "notice", "warn", "error"]

test_fires_on_debug if {
	some f in rule.findings with input as doc([log(["logs/error.log", "debug"])], [], vendor)
	f.fix == "error_log logs/error.log info;"
}

test_fires_on_silence if count(rule.findings) == 1 with input as doc([], [log(["logs/error.log", "crit"])], vendor)

test_fires_on_the_null_device if count(rule.findings) == 1 with input as doc([log(["/dev/null", "emerg"])], [], vendor)

test_fires_on_the_default_under_a_benchmark if {
	count(rule.findings) == 1 with input as doc([], [], ["info"])
	count(rule.findings) == 1 with input as doc([log(["logs/error.log"])], [], ["info"])
}

test_fires_in_servers_and_locations if {
	s := fixture.server("x", 1, [log(["a.log", "debug"])], [fixture.location("prefix", "/", [log(["b.log", "debug"])], [])])
	d := {"nginxrules": [fixture.nginx([s], [])], "profile": {"parameters": {"http": {"error_log_levels": vendor}}}}
	count(rule.findings) == 2 with input as d
}

test_silent_on_info if {
	count(rule.findings) == 0 with input as doc([log(["logs/error.log", "info"])], [], vendor)
	count(rule.findings) == 0 with input as doc([], [], vendor)
	count(rule.subjects) == 1 with input as doc([], [], vendor)
}

test_silent_on_a_second_log_for_blocked_clients if {
	count(rule.findings) == 0 with input as doc([log(["logs/error.log", "info"]), log(["logs/blocking.log", "emerg"])], [], vendor)
}

test_fires_on_debug_beside_another if {
	count(rule.findings) == 1 with input as doc([log(["logs/error.log", "info"]), log(["logs/debug.log", "debug"])], [], vendor)
}
