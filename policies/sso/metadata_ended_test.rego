package policies.sso.metadata_ended_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.sso.metadata_ended as rule

doc(document, entity) := {
	"header": {"at": "2026-06-01T00:00:00Z"},
	"saml": [trust.saml({"documents": [trust.document("idp", {"valid_until": document})], "entities": [trust.entity("idp", "sso.example", {"valid_until": entity})]})],
}

open := fixture.unknown("")

test_fires_after_the_end_of_document_or_entity if {
	count(rule.findings) == 1 with input as doc(fixture.known("2026-05-31T00:00:00Z"), open)
	count(rule.findings) == 1 with input as doc(open, fixture.known("2026-05-31T00:00:00Z"))
	count(rule.findings) == 1 with input as doc(fixture.known("2026-05-30T00:00:00Z"), fixture.known("2026-05-31T00:00:00Z"))
}

test_silent_before_the_end_and_without_one if {
	count(rule.findings) == 0 with input as doc(fixture.known("2026-06-02T00:00:00Z"), open)
	count(rule.findings) == 0 with input as doc(open, open)
	rule.subjects == {"saml/idp"} with input as doc(open, open)
}

test_unsure_when_unreadable if count(rule.unsure) == 1 with input as doc(fixture.known("tomorrow"), open)
