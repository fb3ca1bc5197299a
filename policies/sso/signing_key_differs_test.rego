package policies.sso.signing_key_differs_test

import data.policies.lib.trust_fixture as trust
import data.policies.sso.signing_key_differs as rule

doc(keys) := {"saml": [trust.saml({"documents": [trust.document("sp_lan", {}), trust.document("sp_proxy", {})], "keys": keys})]}

test_fires_on_two_certificates if {
	some f in rule.findings with input as doc([trust.key("sp_lan", "aa11", {}), trust.key("sp_proxy", "bb22", {})])
	count({s.artifact | some s in f.sources}) == 2
}

test_silent_on_one if {
	d := doc([trust.key("sp_lan", "aa11", {}), trust.key("sp_proxy", "aa11", {"use": "both"}), trust.key("sp_proxy", "cc33", {"use": "encryption"})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"saml/sp_proxy"} with input as d
}

test_unsure_without_a_certificate if {
	count(rule.unsure) == 1 with input as doc([trust.key("sp_lan", "aa11", {})])
	count(rule.findings) == 0 with input as doc([trust.key("sp_lan", "aa11", {})])
}
