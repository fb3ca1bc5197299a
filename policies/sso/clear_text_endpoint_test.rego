package policies.sso.clear_text_endpoint_test

import data.policies.lib.trust_fixture as trust
import data.policies.sso.clear_text_endpoint as rule

doc(fields) := {"saml": [trust.saml({"documents": [trust.document("idp", {})], "endpoints": [trust.endpoint("idp", "sso.example", 443, fields)]})]}

test_fires_on_http if {
	count(rule.findings) == 1 with input as doc({"scheme": "http", "url": "http://sso.example/"})
	count(rule.findings) == 1 with input as doc({"response_url": "http://sso.example/"})
}

test_silent_on_https if {
	count(rule.findings) == 0 with input as doc({"response_url": "https://sso.example/"})
	rule.subjects == {"saml/idp"} with input as doc({})
}
