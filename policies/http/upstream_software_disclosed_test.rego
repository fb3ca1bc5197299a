package policies.http.upstream_software_disclosed_test

import data.policies.http.upstream_software_disclosed as rule
import data.policies.lib.fixture

doc(settings) := fixture.single([], [fixture.location("prefix", "/finesse/", settings, [fixture.forward("fin-a.corp.example", 8445)])])

hide := fixture.inherited("proxy_hide_header", ["X-Powered-By"], 6)

test_fires_when_nothing_is_hidden if {
	some f in rule.findings with input as doc([])
	f.key == "X-Powered-By"
	f.sources[0].line == 30
}

test_fires_when_server_is_passed_on if {
	keys := {f.key | some f in rule.findings} with input as doc([hide, fixture.setting("proxy_pass_header", ["Server"], 32)])
	keys == {"Server"}
}

test_fires_when_a_location_hides_only_something_else if {
	count(rule.findings) == 1 with input as doc([fixture.setting("proxy_hide_header", ["X-AspNet-Version"], 32)])
}

test_silent_when_hidden if {
	count(rule.findings) == 0 with input as doc([hide])
	count(rule.subjects) == 1 with input as doc([hide])
	count(rule.findings) == 0 with input as doc([fixture.setting("more_clear_headers", ["x-powered-by"], 6)])
}

test_silent_when_nothing_is_forwarded if count(rule.subjects) == 0 with input as fixture.single([], [fixture.location("prefix", "/", [], [])])
