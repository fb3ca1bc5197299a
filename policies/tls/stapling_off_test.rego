package policies.tls.stapling_off_test

import data.policies.lib.fixture
import data.policies.tls.stapling_off as rule

doc(settings, wanted) := object.union(fixture.single(settings, []), {"profile": {"parameters": {"http": {"benchmark": {"stapling": wanted}}}}})

off := fixture.preset("ssl_stapling", ["off"])

test_fires_where_a_benchmark_asks_for_it if {
	some f in rule.findings with input as doc([off], true)
	f.key == "ssl_stapling"
}

test_silent_where_nobody_asks if {
	count(rule.findings) == 0 with input as doc([off], false)
	count(rule.subjects) == 1 with input as doc([off], false)
	count(rule.unsure) == 0 with input as doc([], false)
}

test_silent_when_on if count(rule.findings) == 0 with input as doc([fixture.setting("ssl_stapling", ["on"], 9)], true)

test_silent_where_handshakes_are_rejected if {
	count(rule.subjects) == 0 with input as doc([off, fixture.setting("ssl_reject_handshake", ["on"], 4)], true)
}

test_unsure_when_unknown if {
	count(rule.unsure) == 1 with input as doc([], true)
	count(rule.unsure) == 1 with input as doc([fixture.unresolved("ssl_stapling")], true)
}
