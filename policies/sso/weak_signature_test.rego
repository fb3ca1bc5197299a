package policies.sso.weak_signature_test

import data.policies.lib.trust_fixture as trust
import data.policies.sso.weak_signature as rule

doc(fields, signatures) := {
	"profile": trust.profile,
	"saml": [trust.saml({"documents": [trust.document("idp", {"signatures": signatures})], "keys": [trust.key("idp", "aa11", fields)]})],
}

signature(algorithm, digest) := {"algorithm": algorithm, "digest": digest, "reference": "#x", "references": 1, "covers_parent": true, "parent": "EntityDescriptor", "source": trust.file("sso/idp.xml")}

keys(fields, signatures) := got if got := {f.key | some f in rule.findings} with input as doc(fields, signatures)

test_fires_on_a_short_key if keys({"key_bits": 1024}, []) == {"key aa11"}

test_fires_on_sha1 if {
	keys({"signature_hash": "SHA1"}, []) == {"hash aa11"}
	keys({}, [signature("rsa-sha1", "sha1")]) == {"signature rsa-sha1", "signature sha1"}
}

test_silent_on_sound_ones if {
	keys({}, [signature("rsa-sha256", "sha256")]) == set()
	keys({"key_algorithm": "ECDSA", "key_bits": 256}, []) == set()
	count(rule.unsure) == 0 with input as doc({}, [])
	rule.subjects == {"saml/idp"} with input as doc({}, [])
}

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as {"saml": [trust.saml({"documents": [trust.document("idp", {})]})]}
