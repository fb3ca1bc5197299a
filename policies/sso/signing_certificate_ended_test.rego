package policies.sso.signing_certificate_ended_test

import data.policies.lib.trust_fixture as trust
import data.policies.sso.signing_certificate_ended as rule

doc(keys) := {
	"header": {"at": "2026-06-01T00:00:00Z"},
	"profile": trust.profile,
	"saml": [trust.saml({"documents": [trust.document("idp", {})], "keys": keys})],
}

test_fires_when_ended_or_ending if {
	some a in rule.findings with input as doc([trust.key("idp", "aa11", {"not_after": "2026-05-01T00:00:00Z"})])
	contains(a.message, "ended at")
	some b in rule.findings with input as doc([trust.key("idp", "aa11", {"not_after": "2026-06-10T00:00:00Z"})])
	contains(b.message, "9 days")
}

test_fires_before_the_start if count(rule.findings) == 1 with input as doc([trust.key("idp", "aa11", {"not_before": "2026-06-02T00:00:00Z"})])

test_silent_with_a_year_left if {
	d := doc([trust.key("idp", "aa11", {})])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"saml/idp"} with input as d
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc([trust.key("idp", "aa11", {"not_after": ""})])

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as doc([])
