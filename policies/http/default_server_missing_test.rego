package policies.http.default_server_missing_test

import data.policies.http.default_server_missing as rule
import data.policies.lib.fixture

doc(explicit, fields) := {"nginxrules": [fixture.nginx([s], [object.union(fixture.socket(8445, [s], explicit), fields)])]} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [])
}

test_fires_on_an_implicit_default if {
	some f in rule.findings with input as doc(false, {})
	f.key == "default_server"
	f.sources[0].line == 11
}

test_silent_on_an_explicit_default if {
	count(rule.findings) == 0 with input as doc(true, {})
	count(rule.subjects) == 1 with input as doc(true, {})
}

test_silent_on_loopback if count(rule.subjects) == 0 with input as doc(false, {"loopback": true})
