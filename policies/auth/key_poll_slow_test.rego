package policies.auth.key_poll_slow_test

import data.policies.auth.key_poll_slow as rule
import data.policies.lib.fixture_gate as g

with_key(d) := object.union(d, {"profile": {"release": "12.6(2)", "parameters": {"jwt_secret_used": false, "gate": {"key_poll_seconds": 300}}}})

doc(property) := with_key(g.doc([property]))

name := "NGX_IDS_PUBLIC_KEY_POLL_INTERVAL"

test_fires_on_a_day if {
	some f in rule.findings with input as doc(g.number(name, 86400))
	f.fix == "NGX_IDS_PUBLIC_KEY_POLL_INTERVAL=300"
}

test_fires_on_never if count(rule.findings) == 1 with input as doc(g.number(name, 0))

test_silent_on_the_published_interval if {
	rule.subjects == {"edge/rp-a"} with input as doc(g.number(name, 300))
	count(rule.findings) == 0 with input as doc(g.number(name, 300))
	count(rule.unsure) == 0 with input as doc(g.number(name, 300))
}

test_silent_where_secrets_are_shared_and_nothing_sets_it if count(rule.subjects) == 0 with input as g.doc([g.without_default(name)])

test_silent_where_secrets_are_shared_and_it_is_right if {
	d := g.with_gate(g.doc([g.number(name, 300)]), {"key_poll_seconds": 300})
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
}

test_unsure_when_nothing_assigns_it if count(rule.unsure) == 1 with input as doc(g.without_default(name))

test_unsure_when_the_files_were_not_read if count(rule.unsure) == 1 with input as with_key(g.unread)
