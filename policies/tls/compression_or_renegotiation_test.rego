package policies.tls.compression_or_renegotiation_test

import data.policies.lib.fixture
import data.policies.tls.compression_or_renegotiation as rule

sound := {"compression": fixture.known(false), "client_renegotiation": fixture.known(false), "secure_renegotiation": fixture.known(true)}

doc(fields) := {"tlsposture": [fixture.desk(object.union(sound, fields))]}

keys(fields) := got if got := {f.key | some f in rule.findings} with input as doc(fields)

test_fires_on_compression if keys({"compression": fixture.known(true)}) == {"compression"}

test_fires_on_client_renegotiation if keys({"client_renegotiation": fixture.known(true)}) == {"client renegotiation"}

test_fires_on_missing_rfc5746 if keys({"secure_renegotiation": fixture.known(false)}) == {"insecure renegotiation"}

test_silent_on_a_sound_listener if {
	keys({}) == set()
	count(rule.unsure) == 0 with input as doc({})
}

test_silent_about_renegotiation_with_tls13_only if {
	count(rule.unsure) == 0 with input as doc({"secure_renegotiation": fixture.unknown(false), "versions": [fixture.version("TLSv1.3", "accepted")]})
}

test_unsure_when_compression_was_not_seen if count(rule.unsure) == 1 with input as doc({"compression": fixture.unknown(false)})

test_unsure_when_renegotiation_was_not_seen if {
	count(rule.unsure) == 1 with input as doc({"client_renegotiation": fixture.unknown(false)})
	count(rule.unsure) == 1 with input as doc({"secure_renegotiation": fixture.unknown(false), "versions": [fixture.version("TLSv1.2", "accepted")]})
	count(rule.subjects) == 1 with input as doc({})
}
