package policies.sso.assertions_unsigned_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.sso.assertions_unsigned as rule

doc(role, value) := {"saml": [trust.saml({"entities": [trust.entity(role, "desk-a.agents.example", {"want_assertions_signed": value})]})]}

test_fires_when_not_asked_for if count(rule.findings) == 1 with input as doc("sp_proxy", fixture.known(false))

test_silent_when_asked_for if {
	count(rule.findings) == 0 with input as doc("sp_lan", fixture.known(true))
	count(rule.unsure) == 0 with input as doc("sp_lan", fixture.known(true))
	rule.subjects == {"saml/sp_lan"} with input as doc("sp_lan", fixture.known(true))
}

test_silent_on_the_identity_provider if count(rule.subjects) == 0 with input as doc("idp", fixture.known(false))

test_unsure_when_not_known if count(rule.unsure) == 1 with input as doc("sp_lan", fixture.unknown(false))
