package policies.auth.token_cache_long_test

import data.policies.auth.token_cache_long as rule
import data.policies.lib.fixture_gate as g

doc(property) := g.with_gate(g.doc([property]), {"token_cache_seconds": 7200})

test_fires_on_a_day if {
	some f in rule.findings with input as doc(g.number("NGX_JWT_EXPIRY", 86400))
	f.fix == "NGX_JWT_EXPIRY=7200"
}

test_fires_on_none_at_all if count(rule.findings) == 1 with input as doc(g.number("NGX_JWT_EXPIRY", 0))

test_silent_on_the_published_time if {
	rule.subjects == {"edge/rp-a"} with input as doc(g.number("NGX_JWT_EXPIRY", 7200))
	count(rule.findings) == 0 with input as doc(g.number("NGX_JWT_EXPIRY", 7200))
	count(rule.unsure) == 0 with input as doc(g.number("NGX_JWT_EXPIRY", 7200))
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as doc(g.without_default("NGX_JWT_EXPIRY"))

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as g.unread
