package policies.host.ban_weak_test

import data.policies.host.ban_weak as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

doc(fields) := fixture_host.doc({"jails": [fixture_host.jail(fields)]}, {"ban_failures": 1, "ban_seconds": 1800})

keys(fields) := got if got := {f.key | some f in rule.findings} with input as doc(fields)

test_fires_on_many_tries_and_on_a_short_ban if {
	keys({"max_retry": fixture.known(5)}) == {"finesse-http-auth maxretry"}
	keys({"ban_seconds": fixture.known(180)}) == {"finesse-http-auth bantime"}
}

test_fires_on_an_expression_without_a_start if {
	some f in rule.findings with input as doc({"fail_regexes": [{"text": "<HOST> will be blocked for", "anchored": false, "source": fixture_host.place("finesseban.conf", 3)}]})
	f.key == "finesse-http-auth failregex"
	startswith(f.fix, `failregex = ^\s*\[`)
	f.sources[0].line == 3
}

expressed(text) := keys({"fail_regexes": [{"text": text, "anchored": startswith(text, "^"), "source": fixture_host.place("finesseban.conf", 3)}]})

test_fires_on_any_text_before_the_address if {
	every text in [`^.*<HOST> will be blocked for`, `^.+: <HOST> will be blocked for`, `^.*_redirectAndSendError\(\): <HOST> will be blocked for`, `^[^x]*<HOST> will be blocked for`, `^\S+ <HOST> will be blocked for`] {
		expressed(text) == {"finesse-http-auth failregex"}
	}
}

test_silent_on_a_strict_expression if {
	expressed(rule.strict) == set()
	expressed(`^\[lua\] a\.lua:\d+: <HOST> will be blocked for .* minutes`) == set()
	expressed(`^x\.* <HOST> will be blocked for`) == set()
}

test_fires_on_everybody_ignored if keys({"ignored_nets": ["0.0.0.0/0"]}) == {"finesse-http-auth ignoreip 0.0.0.0/0"}

test_silent_on_a_strong_ban if {
	keys({}) == set()
	keys({"ban_seconds": fixture.known(-1), "ignored_nets": ["127.0.0.1/8", "10.9.1.0/24", "host.example"]}) == set()
	count(rule.unsure) == 0 with input as doc({})
	count(rule.subjects) == 1 with input as doc({})
}

test_unsure_about_unknown_numbers if {
	count(rule.unsure) == 1 with input as doc({"max_retry": fixture.unknown(0)})
	count(rule.unsure) == 1 with input as doc({"ban_seconds": fixture.unknown(0)})
}
