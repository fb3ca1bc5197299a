package policies.sso.wrapping_possible_test

import data.policies.lib.trust_fixture as trust
import data.policies.sso.wrapping_possible as rule

doc(fields) := {"saml": [trust.saml({"documents": [trust.document("idp", fields)]})]}

signature(covers) := {"algorithm": "rsa-sha256", "digest": "sha256", "reference": "#x", "references": 1, "covers_parent": covers, "parent": "EntityDescriptor", "source": trust.file("sso/idp.xml")}

keys(fields) := got if got := {f.key | some f in rule.findings} with input as doc(fields)

test_fires_on_each_sign if {
	keys({"nested_entities": 1}) == {"nested"}
	keys({"duplicate_ids": ["x"]}) == {"identifiers"}
	keys({"signatures": [signature(false)]}) == {"signature EntityDescriptor"}
}

test_silent_on_a_sound_file if {
	keys({"signatures": [signature(true)]}) == set()
	count(rule.unsure) == 0 with input as doc({})
	rule.subjects == {"saml/idp"} with input as doc({})
}

test_unsure_about_a_part if count(rule.unsure) == 1 with input as doc({"complete": false})
