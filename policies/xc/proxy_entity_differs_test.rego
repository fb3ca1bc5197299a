package policies.xc.proxy_entity_differs_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.proxy_entity_differs as rule

doc(entities, entries) := {
	"saml": [trust.saml({"documents": [trust.document("sp_proxy", {})], "entities": entities})],
	"proxymap": fixture.proxymap(entries),
	"site": trust.site([trust.declared("ids-a", "ids")]),
	"profile": trust.profile,
}

mapped := [fixture.entry("ids-a.corp.example:8553", "desk-a.agents.example:8553", 9)]

test_fires_on_the_inner_name if {
	some f in rule.findings with input as doc([trust.entity("sp_proxy", "ids-a.corp.example", {})], mapped)
	f.key == "ids-a.corp.example"
	{s.artifact | some s in f.sources} == {"sso/sp_proxy.xml", "proxymap.txt"}
}

test_fires_on_one_entity_for_both if {
	d := doc([trust.entity("sp_proxy", "desk-a.agents.example", {}), trust.entity("sp_lan", "desk-a.agents.example", {})], mapped)
	{f.key | some f in rule.findings} == {"same desk-a.agents.example"} with input as d
}

test_fires_without_a_service_provider if {
	{f.key | some f in rule.findings} == {"none"} with input as doc([trust.entity("sp_proxy", "x", {"service_provider": false})], mapped)
}

test_silent_on_the_external_name if {
	d := doc([trust.entity("sp_proxy", "DESK-A.agents.example", {}), trust.entity("sp_lan", "ids-a.corp.example", {})], mapped)
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	rule.subjects == {"saml/sp_proxy"} with input as d
}

test_unsure_without_an_entry if {
	count(rule.unsure) == 1 with input as doc([trust.entity("sp_proxy", "desk-a.agents.example", {})], [])
	count(rule.findings) == 0 with input as doc([trust.entity("sp_proxy", "desk-a.agents.example", {})], [])
}

test_unsure_about_an_entity_without_host if count(rule.unsure) == 1 with input as doc([trust.entity("sp_proxy", "urn:x", {"host": ""})], mapped)

test_unsure_about_a_part_of_a_document if {
	d := object.union(doc([], mapped), {"saml": [trust.saml({"documents": [trust.document("sp_proxy", {"complete": false})]})]})
	count(rule.unsure) == 1 with input as d
	count(rule.findings) == 0 with input as d
}
