package policies.env.property_repeated_test

import data.policies.env.property_repeated as rule
import data.policies.lib.fixture_gate as g

first := object.union(g.text("NGX_PRXY_SSL_VERIFY", "on"), {"effective": false})

last := object.union(g.text("NGX_PRXY_SSL_VERIFY", "off"), {"occurrence": 2, "source": g.place("core.env", 9)})

test_fires_on_two_lines_of_a_file if {
	some f in rule.findings with input as g.doc([first, last])
	f.key == "core.env NGX_PRXY_SSL_VERIFY"
	[s.line | some s in f.sources] == [5, 9]
}

test_fires_on_two_files_that_differ if {
	d := g.doc([g.text("NGX_SERVER_TOKENS", "off"), g.assigned("dirs.env", "", "NGX_SERVER_TOKENS", "on", {})])
	{f.key | some f in rule.findings} == {"common files NGX_SERVER_TOKENS"} with input as d
}

test_silent_on_single_lines if {
	d := g.doc([g.text("NGX_SERVER_TOKENS", "off"), g.assigned("dirs.env", "", "NGX_SERVER_TOKENS", "off", {})])
	rule.subjects == {"edge/rp-a"} with input as d
	count(rule.findings) == 0 with input as d
}

test_silent_about_components_that_differ if {
	d := g.doc([g.assigned("a.env", "finesse", "NGX_SSL_PROTO", "x", {}), g.assigned("b.env", "cuic", "NGX_SSL_PROTO", "y", {})])
	count(rule.findings) == 0 with input as d
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
