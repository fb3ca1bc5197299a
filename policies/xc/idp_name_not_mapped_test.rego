package policies.xc.idp_name_not_mapped_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.idp_name_not_mapped as rule

doc(endpoints, entries, host) := {
	"saml": [trust.saml({"documents": [trust.document("idp", {})], "endpoints": endpoints})],
	"proxymap": fixture.proxymap(entries),
	"site": object.union(trust.site([]), {"idp": {"host": host, "metadata": "idp.xml"}}),
}

page(host) := trust.endpoint("idp", host, 443, {"service": "SingleSignOnService", "descriptor": "IDPSSODescriptor"})

test_fires_on_an_inner_name if {
	some f in rule.findings with input as doc([page("adfs.corp.example")], [], "sso.example")
	contains(f.fix, "adfs.corp.example:443=sso.example:443")
	{s.artifact | some s in f.sources} == {"sso/idp.xml", "proxymap.txt"}
}

test_fires_on_an_entry_to_another_name if {
	some f in rule.findings with input as doc([page("adfs.corp.example")], [fixture.entry("adfs.corp.example:443", "login.agents.example:443", 4)], "sso.example")
	contains(f.message, "login.agents.example:443 instead")
}

test_silent_with_one_name_or_an_entry if {
	count(rule.findings) == 0 with input as doc([page("SSO.example")], [], "sso.example")
	d := doc([page("adfs.corp.example")], [fixture.entry("adfs.corp.example:443", "sso.example:443", 4)], "sso.example")
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"saml/idp"} with input as d
}

test_unsure_without_the_external_host if count(rule.unsure) == 1 with input as doc([page("adfs.corp.example")], [], "")

test_unsure_without_a_page if count(rule.unsure) == 1 with input as doc([], [], "sso.example")
