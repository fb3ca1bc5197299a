package policies.sso.idp_port_differs_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.sso.idp_port_differs as rule

doc(entries, endpoints) := {
	"saml": [trust.saml({"documents": [trust.document("idp", {})], "endpoints": endpoints})],
	"proxymap": fixture.proxymap(entries),
	"site": trust.site([]),
}

page := [trust.endpoint("idp", "adfs.corp.example", 443, {})]

test_fires_on_another_port if {
	some f in rule.findings with input as doc([fixture.entry("adfs.corp.example:443", "login.agents.example:8443", 4)], page)
	contains(f.fix, "adfs.corp.example:443=login.agents.example:443")
	count(rule.findings) == 1 with input as doc([fixture.entry("x.corp.example:443", "sso.example:8443", 4)], page)
}

test_silent_on_the_same_port_and_without_an_entry if {
	count(rule.findings) == 0 with input as doc([fixture.entry("adfs.corp.example:443", "sso.example:443", 4)], page)
	count(rule.findings) == 0 with input as doc([fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:443", 4)], page)
	rule.subjects == {"saml/idp"} with input as doc([], page)
	count(rule.unsure) == 0 with input as doc([], page)
}

test_unsure_without_an_address if count(rule.unsure) == 1 with input as doc([], [])
