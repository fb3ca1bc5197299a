package policies.http.catch_all_name_proxied_test

import data.policies.http.catch_all_name_proxied as rule
import data.policies.lib.exposure
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

mapped := {"proxymap": fixture.proxymap([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 1)])}

proved(names, ways) := object.union_n([mapped, doc(names, [back]), exposure.exposing(ways)])

wildcard := [fixture.named("*.agents.example", "leading_wildcard")]

stranger := {"component": "finesse", "unnamed": true, "headers": ["Host: x.agents.example"]}

test_fires_with_the_request_of_a_proof if {
	some f in rule.findings with input as proved(wildcard, [stranger])
	f.witness.text == "GET / HTTP/1.1\nHost: x.agents.example"
	f.sources[0].line == 12
}

test_silent_where_a_proof_found_names_of_the_map_only if {
	every names in [wildcard, [fixture.named("_", "invalid")], [fixture.named("~^desk", "regex")]] {
		d := proved(names, [{"component": "finesse"}])
		count(rule.subjects) == 1 with input as d
		count(rule.findings | rule.unsure) == 0 with input as d
	}
}

test_fires_where_a_proof_knows_no_map if {
	count(rule.findings) == 1 with input as object.union(doc(wildcard, [back]), exposure.exposing([{"component": "finesse"}]))
}

test_fires_where_a_proof_is_open if {
	d := object.union_n([mapped, doc(wildcard, [back]), exposure.open([{"component": "finesse"}], "edge/rp-a")])
	count(rule.findings) == 1 with input as d
}
