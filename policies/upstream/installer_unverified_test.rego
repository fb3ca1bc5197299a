package policies.upstream.installer_unverified_test

import data.policies.lib.fixture_gate as g
import data.policies.upstream.installer_unverified as rule

bounds := {"verify_depth_least": 4, "verify_depth_most": 10}

doc(properties) := g.with_gate(g.doc(properties), bounds)

test_fires_on_each_weakness if {
	found := rule.findings with input as doc([g.boolean("NGX_PRXY_SSL_VERIFY", false), g.text("NGX_PRXY_SSL_TRUST_CRT", ""), g.number("NGX_PRXY_SSL_VERIFY_DEPTH", 1)])
	{f.key | some f in found} == {"core.env NGX_PRXY_SSL_VERIFY", "core.env NGX_PRXY_SSL_TRUST_CRT", "core.env NGX_PRXY_SSL_VERIFY_DEPTH"}
}

test_silent_when_verified if {
	d := doc([g.boolean("NGX_PRXY_SSL_VERIFY", true), g.text("NGX_PRXY_SSL_TRUST_CRT", "ssl/ca.pem"), g.number("NGX_PRXY_SSL_VERIFY_DEPTH", 10)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_without_an_installer if count(rule.subjects) == 0 with input as g.undeclared

test_unsure_about_a_default_of_another_release if {
	count(rule.findings) == 0 with input as doc([g.preset("NGX_PRXY_SSL_VERIFY", "on", {})])
	count(rule.unsure) == 1 with input as doc([g.preset("NGX_PRXY_SSL_VERIFY", "on", {})])
}

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
