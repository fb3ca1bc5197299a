package policies.cert.weak_key_test

import data.policies.cert.weak_key as rule
import data.policies.lib.fixture

doc(fields) := object.union(fixture.leaf(fields), {"profile": {"parameters": {"rsa_bits": 2048}}})

keys(fields) := got if got := {f.key | some f in rule.findings} with input as doc(fields)

test_fires_on_rsa_1024 if keys({"key_bits": 1024}) == {"key"}

test_fires_on_a_small_curve if keys({"key_algorithm": "ECDSA", "key_bits": 224}) == {"key"}

test_fires_on_sha1_in_either_spelling if {
	keys({"signature_hash": "SHA-1"}) == {"signature"}
	keys({"signature_hash": "SHA1"}) == {"signature"}
	keys({"signature_hash": "MD5", "key_bits": 512}) == {"key", "signature"}
}

test_silent_on_sound_keys if {
	keys({"key_bits": 2048}) == set()
	keys({"key_algorithm": "ECDSA", "key_bits": 256, "signature_hash": "SHA-384"}) == set()
	count(rule.unsure) == 0 with input as doc({})
}

test_silent_on_the_signature_of_a_root if keys({"self_signed": true, "ca": true, "signature_hash": "SHA-1"}) == set()

test_unsure_on_an_unknown_algorithm if count(rule.unsure) == 1 with input as doc({"key_algorithm": "0"})

test_unsure_about_a_certificate_that_no_record_describes if {
	some u in rule.unsure with input as {"certchain": fixture.certchain([], [fixture.chain(["dd44"], {})]), "header": {"at": "2026-06-01T00:00:00Z"}, "profile": {"parameters": {"rsa_bits": 2048, "certificate_days_left": 30, "certificate_days_max": 398}}}
	u.subject == "cert/dd44"
}

test_fires_on_dsa_of_any_size if keys({"key_algorithm": "DSA", "key_bits": 3072}) == {"key"}

test_silent_on_ed25519 if {
	keys({"key_algorithm": "Ed25519", "key_bits": 256}) == set()
	count(rule.unsure) == 0 with input as doc({"key_algorithm": "Ed25519"})
	count(rule.unsure) == 0 with input as doc({"key_algorithm": "DSA"})
	count(rule.unsure) == 0 with input as doc({"key_algorithm": "ECDSA"})
	rule.subjects == {"cert/aa11"} with input as doc({})
}
