package policies.xc.acs_not_mapped_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.acs_not_mapped as rule

doc(endpoints, entries) := {
	"saml": [trust.saml({"documents": [trust.document("sp_proxy", {})], "endpoints": endpoints})],
	"proxymap": fixture.proxymap(entries),
	"site": trust.site([trust.declared("ids-a", "uccx")]),
	"profile": trust.profile,
}

mapped := [fixture.entry("ids-a.corp.example:8553", "desk-a.agents.example:8553", 9)]

test_fires_on_the_inner_name_and_another_port if {
	d := doc([trust.endpoint("sp_proxy", "ids-a.corp.example", 8553, {}), trust.endpoint("sp_proxy", "desk-a.agents.example", 443, {})], mapped)
	count(rule.findings) == 2 with input as d
	some f in rule.findings with input as d
	{s.artifact | some s in f.sources} == {"sso/sp_proxy.xml", "proxymap.txt"}
}

test_silent_on_the_mapped_endpoint if {
	d := doc([trust.endpoint("sp_proxy", "desk-a.agents.example", 8553, {}), trust.endpoint("sp_proxy", "desk-a.agents.example", 8553, {"nested": true, "url": "x"})], mapped)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_without_an_entry if count(rule.unsure) == 1 with input as doc([trust.endpoint("sp_proxy", "desk-a.agents.example", 8553, {})], [])

test_unsure_without_an_address if count(rule.unsure) == 1 with input as doc([], mapped)
