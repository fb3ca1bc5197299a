package policies.rate.installer_streams_test

import data.policies.lib.fixture_gate as g
import data.policies.rate.installer_streams as rule

bounds := {"env_bounds": [{"name": "NGX_HTTP2_MAX_CONCURRENT_STREAMS", "template": "", "topic": "streams", "least": 1, "most": 150}]}

doc(n) := g.with_gate(g.doc([g.number("NGX_HTTP2_MAX_CONCURRENT_STREAMS", n)]), bounds)

test_fires_beyond_the_bound if {
	some f in rule.findings with input as doc(151)
	f.key == "core.env NGX_HTTP2_MAX_CONCURRENT_STREAMS"
	f.sources[0].line == 5
}

test_silent_within_the_bounds if {
	d := doc(150)
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_about_another_component if {
	d := g.with_gate(g.doc([g.number("NGX_HTTP2_MAX_CONCURRENT_STREAMS", 151)]), {"env_bounds": [object.union(bounds.env_bounds[0], {"template": "chat"})]})
	count(rule.findings) == 0 with input as d
}

test_unsure_when_it_is_not_known if count(rule.unsure) == 1 with input as g.with_gate(g.doc([g.without_default("NGX_HTTP2_MAX_CONCURRENT_STREAMS")]), bounds)

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.with_gate(g.unread, bounds)
