package policies.http.slow_client_tolerated_test

import data.policies.http.slow_client_tolerated as rule
import data.policies.lib.fixture

profile := {"profile": {"parameters": {"request_timeout": 10000}}}

doc(header, body, send, locations) := object.union(fixture.single([header, body, send], locations), profile)

header(n) := fixture.amount("client_header_timeout", "x", n, 21)

body(n) := fixture.amount("client_body_timeout", "x", n, 22)

send(n) := fixture.amount("send_timeout", "x", n, 23)

test_fires_on_sixty_seconds if {
	keys := {f.key | some f in rule.findings} with input as doc(header(60000), body(10000), send(60000), [])
	keys == {"client_header_timeout", "send_timeout"}
}

test_fires_in_a_location if {
	some f in rule.findings with input as doc(header(10000), body(10000), send(10000), [fixture.location("prefix", "/ws", [fixture.amount("send_timeout", "1h", 3600000, 33)], [])])
	f.key == "send_timeout location /ws"
	f.sources[0].line == 33
}

test_silent_at_the_limit if {
	d := doc(header(10000), body(5000), send(10000), [])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_unreadable if {
	count(rule.unsure) == 1 with input as doc(fixture.setting("client_header_timeout", ["$t"], 21), body(1), send(1), [])
}

test_unsure_when_absent if count(rule.unsure) == 3 with input as object.union(fixture.single([], []), profile)
