package policies.env.client_bounds_test

import data.policies.env.client_bounds as rule
import data.policies.lib.fixture_gate as g

bounds := {"env_bounds": [{"name": "NGX_CLIENT_HEADER_TIMEOUT", "template": "", "topic": "clients", "least": 1, "most": 10}]}

doc(n) := g.with_gate(g.doc([g.number("NGX_CLIENT_HEADER_TIMEOUT", n)]), bounds)

test_fires_beyond_the_bound if {
	some f in rule.findings with input as doc(11)
	f.key == "core.env NGX_CLIENT_HEADER_TIMEOUT"
	f.sources[0].line == 5
}

test_silent_within_the_bounds if {
	d := doc(10)
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_about_another_component if {
	d := g.with_gate(g.doc([g.number("NGX_CLIENT_HEADER_TIMEOUT", 11)]), {"env_bounds": [object.union(bounds.env_bounds[0], {"template": "chat"})]})
	count(rule.findings) == 0 with input as d
}

test_silent_on_what_nothing_assigns if {
	count(rule.unsure) == 0 with input as g.with_gate(g.doc([g.without_default("NGX_CLIENT_HEADER_TIMEOUT")]), bounds)
}

test_unsure_when_it_is_not_known if count(rule.unsure) == 1 with input as g.with_gate(g.doc([g.text("NGX_CLIENT_HEADER_TIMEOUT", "$(x)")]), bounds)

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.with_gate(g.unread, bounds)
