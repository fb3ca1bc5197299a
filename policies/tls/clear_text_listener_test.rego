package policies.tls.clear_text_listener_test

import data.policies.lib.fixture
import data.policies.tls.clear_text_listener as rule

doc(fields) := {"nginxrules": [fixture.nginx([s], [object.union(fixture.socket(80, [s], true), fields)])]} if s := fixture.server("desk-a.agents.example", 80, [], [])

test_fires_on_plain_http if count(rule.findings) == 1 with input as doc({"tls": false})

test_silent_on_tls if {
	count(rule.findings) == 0 with input as doc({})
	count(rule.subjects) == 1 with input as doc({})
}

test_silent_on_loopback if count(rule.subjects) == 0 with input as doc({"tls": false, "loopback": true, "address": "127.0.0.1"})

test_silent_on_a_unix_socket if count(rule.subjects) == 0 with input as doc({"tls": false, "address": "unix:/run/nginx.sock", "port": 0})
