package policies.http.catch_all_name_proxied_test

import data.policies.http.catch_all_name_proxied as rule
import data.policies.lib.fixture

back := fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])

doc(names, locations) := {"nginxrules": [fixture.nginx([s], [fixture.socket(8445, [s], true)])]} if {
	s := object.union(fixture.server("desk-a.agents.example", 8445, [], locations), {"names": names})
}

test_fires_on_a_wildcard if {
	some f in rule.findings with input as doc([fixture.exact("desk-a.agents.example"), fixture.named("*.agents.example", "leading_wildcard")], [back])
	f.key == "leading_wildcard *.agents.example"
}

test_fires_without_server_name if count(rule.findings) == 1 with input as doc([fixture.named("", "empty")], [back])

test_fires_on_underscore_as_default if count(rule.findings) == 1 with input as doc([fixture.named("_", "invalid")], [back])

test_fires_once_when_a_name_is_repeated if count(rule.findings) == 1 with input as doc([fixture.named(".agents.example", "dot"), fixture.named(".agents.example", "dot")], [back])

test_silent_on_exact_names if {
	d := doc([fixture.exact("desk-a.agents.example")], [back])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_when_nothing_is_forwarded if count(rule.subjects) == 0 with input as doc([fixture.named("_", "invalid")], [])

test_unsure_on_a_regular_expression if count(rule.unsure) == 1 with input as doc([fixture.named("~^desk", "regex")], [back])
