package policies.tls.small_dh_file_test

import data.policies.lib.fixture
import data.policies.tls.small_dh_file as rule

doc(bits) := {
	"nginxrules": [object.union(fixture.nginx([], []), {"dh_parameters": [{"path": "ssl/dhparam.pem", "bits": bits, "reason": "unreadable", "source": fixture.at("rp-a/ssl/dhparam.pem", 1, "explicit")}]})],
	"profile": {"parameters": {"dh_bits": 2048}},
}

test_fires_on_a_small_prime if {
	some f in rule.findings with input as doc(fixture.known(1024))
	f.fix == "openssl dhparam -out ssl/dhparam.pem 2048"
}

test_silent_on_a_large_prime if {
	count(rule.findings) == 0 with input as doc(fixture.known(2048))
	count(rule.unsure) == 0 with input as doc(fixture.known(2048))
	count(rule.subjects) == 1 with input as doc(fixture.known(2048))
}

test_unsure_when_unread if count(rule.unsure) == 1 with input as doc(fixture.unknown(0))
