package policies.env.gate_disclosed_test

import data.policies.env.gate_disclosed as rule
import data.policies.lib.fixture_gate as g

doc(value) := g.with_gate(g.doc([g.text("NGX_PRXY_STATUS_IP", value)]), gate)

gate := {"env_words": [{"name": "NGX_PRXY_STATUS_IP", "topic": "disclosure", "words": ["127.0.0.1"]}]}

test_fires_on_another_word if {
	some f in rule.findings with input as doc("0.0.0.0")
	f.key == "core.env NGX_PRXY_STATUS_IP 0.0.0.0"
	f.fix == "NGX_PRXY_STATUS_IP=127.0.0.1"
	f.sources[0].line == 5
}

test_silent_on_the_word_of_the_profile if {
	rule.subjects == {"edge/rp-a"} with input as doc("127.0.0.1")
	count(rule.findings) == 0 with input as doc("127.0.0.1")
	count(rule.unsure) == 0 with input as doc("127.0.0.1")
}

test_silent_on_what_nothing_assigns if {
	d := g.with_gate(g.doc([g.without_default("NGX_PRXY_STATUS_IP")]), gate)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_about_a_value_that_needs_a_shell if {
	p := object.union(g.text("NGX_PRXY_STATUS_IP", ""), {"value": g.none("")})
	count(rule.unsure) == 1 with input as g.with_gate(g.doc([p]), gate)
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.with_gate(g.unread, gate)
