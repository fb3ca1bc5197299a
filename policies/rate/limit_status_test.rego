package policies.rate.limit_status_test

import data.policies.lib.fixture
import data.policies.rate.limit_status as rule

status(name, n) := object.union(fixture.amount(name, sprintf("%d", [n]), n, 8), {"source": fixture.at(fixture.conf, 8, "inherited")})

doc(settings) := object.union(
	fixture.single(settings, [fixture.location("prefix", "/desktop/", [], [fixture.forward("fin-a.corp.example", 8445)])]),
	{"profile": {"parameters": {"gate": {"rate_status": 429, "connection_status": 503}}}},
)

test_fires_on_the_default if {
	default_status := object.union(fixture.preset("limit_req_status", ["503"]), {"amount": fixture.known(503)})
	some f in rule.findings with input as doc([default_status, status("limit_conn_status", 503)])
	f.key == "limit_req_status 503"
	f.fix == "limit_req_status 429;"
	f.sources[0].line == 10
}

test_fires_on_a_silent_refusal if count(rule.findings) == 1 with input as doc([status("limit_req_status", 429), status("limit_conn_status", 444)])

test_silent_on_the_published_statuses if {
	d := doc([status("limit_req_status", 429), status("limit_conn_status", 503)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_not_known if count(rule.unsure) == 2 with input as doc([])
