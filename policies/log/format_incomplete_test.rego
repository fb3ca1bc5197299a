package policies.log.format_incomplete_test

import data.policies.lib.fixture
import data.policies.log.format_incomplete as rule

fields := [{"field": "client", "variables": ["remote_addr"]}, {"field": "user", "variables": ["remote_user", "user"]}, {"field": "upstream", "variables": ["upstream_addr"]}]

doc(log, formats) := {
	"nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"http": formats})],
	"profile": {"parameters": {"http": {"log_fields": fields}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [fixture.setting("access_log", log, 20)], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

format(texts) := [fixture.setting("log_format", array.concat(["gate"], texts), 9)]

test_fires_on_a_missing_field if {
	some f in rule.findings with input as doc(["logs/access.log", "gate"], format(["$remote_addr ${user}"]))
	f.key == "gate upstream"
	f.fix == "Add $upstream_addr to log_format gate."
}

test_fires_on_the_predefined_format if {
	keys := {f.key | some f in rule.findings} with input as doc(["logs/access.log"], [])
	keys == {"combined upstream"}
	{f.key | some f in rule.findings} == {"combined upstream"} with input as doc(["logs/access.log", "buffer=16k"], [])
}

test_silent_when_complete if {
	count(rule.findings) == 0 with input as doc(["logs/access.log", "gate"], format(["client:$remote_addr ", "user:$user up:$upstream_addr"]))
	count(rule.unsure) == 0 with input as doc(["logs/access.log", "gate"], format(["client:$remote_addr ", "user:$user up:$upstream_addr"]))
}

test_silent_where_nothing_is_logged if count(rule.subjects) == 0 with input as doc(["off"], [])

test_fires_on_a_format_without_variables if count(rule.findings) == 3 with input as doc(["logs/access.log", "gate"], format(["nothing"]))

test_unsure_about_an_unwritten_format if count(rule.unsure) == 1 with input as doc(["logs/access.log", "other"], [])

test_silent_and_still_judged if count(rule.subjects) == 1 with input as doc(["logs/access.log", "gate"], format(["$remote_addr $user $upstream_addr"]))
