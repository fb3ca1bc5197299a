package policies.rate.long_connection_test

import data.policies.lib.fixture
import data.policies.rate.long_connection as rule

doc(settings) := object.union(
	fixture.single(settings, [fixture.location("prefix", "/desktop/", [], [fixture.forward("fin-a.corp.example", 8445)])]),
	{"profile": {"parameters": {"gate": {"streams": 150, "connection_requests": 1000}}}},
)

bound(name, n) := fixture.amount(name, sprintf("%d", [n]), n, 9)

test_fires_on_many_requests if {
	some f in rule.findings with input as doc([bound("keepalive_requests", 100000), bound("http2_max_concurrent_streams", 128)])
	f.key == "keepalive_requests"
	f.sources[0].line == 9
}

test_fires_on_many_streams if count(rule.findings) == 1 with input as doc([bound("keepalive_requests", 500), bound("http2_max_concurrent_streams", 1000)])

test_silent_within_the_bounds if {
	d := doc([bound("keepalive_requests", 500), bound("http2_max_concurrent_streams", 128)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_not_known if count(rule.unsure) == 1 with input as doc([bound("keepalive_requests", 500)])
