package policies.tls.unbounded_session_cache_test

import data.policies.lib.fixture
import data.policies.tls.unbounded_session_cache as rule

doc(cache, timeout) := fixture.single([cache, timeout], [])

short := fixture.amount("ssl_session_timeout", "10m", 600000, 20)

test_fires_on_builtin_without_size if {
	some f in rule.findings with input as doc(fixture.setting("ssl_session_cache", ["builtin"], 19), short)
	f.key == "ssl_session_cache"
}

test_fires_on_builtin_without_limit if count(rule.findings) == 1 with input as doc(fixture.setting("ssl_session_cache", ["builtin:0"], 19), short)

test_fires_on_a_week if {
	some f in rule.findings with input as doc(fixture.setting("ssl_session_cache", ["shared:SSL:10m"], 19), fixture.amount("ssl_session_timeout", "7d", 604800000, 20))
	f.key == "ssl_session_timeout"
}

test_silent_on_a_shared_cache if {
	d := doc(fixture.setting("ssl_session_cache", ["shared:SSL:10m"], 19), short)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_a_sized_builtin_cache if count(rule.findings) == 0 with input as doc(fixture.setting("ssl_session_cache", ["builtin:1000", "shared:SSL:10m"], 19), short)

test_unsure_when_the_timeout_is_unreadable if count(rule.unsure) == 1 with input as doc(fixture.setting("ssl_session_cache", ["none"], 19), fixture.setting("ssl_session_timeout", ["soon"], 20))

test_unsure_when_absent if count(rule.unsure) == 2 with input as fixture.single([], [])
