package policies.rate.installer_status_test

import data.policies.lib.fixture_gate as g
import data.policies.rate.installer_status as rule

bounds := {"env_bounds": [{"name": "NGX_LIMIT_REQ_STATUS", "template": "", "topic": "status", "least": 429, "most": 429}]}

doc(n) := g.with_gate(g.doc([g.number("NGX_LIMIT_REQ_STATUS", n)]), bounds)

test_fires_beyond_the_bound if {
	some f in rule.findings with input as doc(430)
	f.key == "core.env NGX_LIMIT_REQ_STATUS"
	f.sources[0].line == 5
}

test_silent_within_the_bounds if {
	d := doc(429)
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_about_another_component if {
	d := g.with_gate(g.doc([g.number("NGX_LIMIT_REQ_STATUS", 430)]), {"env_bounds": [object.union(bounds.env_bounds[0], {"template": "chat"})]})
	count(rule.findings) == 0 with input as d
}

test_unsure_when_it_is_not_known if count(rule.unsure) == 1 with input as g.with_gate(g.doc([g.without_default("NGX_LIMIT_REQ_STATUS")]), bounds)

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.with_gate(g.unread, bounds)
