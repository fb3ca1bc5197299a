package policies.xc.external_server_not_mapped_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.external_server_not_mapped as rule

parameter(host, port) := {"name": "externalServerHostAndPort", "value": sprintf("%s:%d", [host, port]), "external": true, "host": host, "port": port, "source": fixture.at("layout.xml", 40, "explicit")}

preference(host, port) := {"name": "externalServerHostAndPort_crm", "default": host, "external": true, "host": host, "port": port, "source": fixture.at("gadgets/crm.xml", 6, "explicit")}

doc(parameters, preferences) := {
	"layout": [trust.layout([trust.resource("g.corp.example", {"parameters": parameters})], [{"name": "crm.xml", "preferences": preferences, "source": trust.file("gadgets/crm.xml")}])],
	"proxymap": fixture.proxymap([fixture.entry("crm.corp.example:9443", "crm.agents.example:9443", 3), fixture.entry("web.corp.example:443", "web.agents.example:443", 4)]),
}

test_fires_on_another_port_and_on_another_host if {
	d := doc([parameter("crm.corp.example", 9444)], [preference("other.corp.example", 443)])
	{f.key | some f in rule.findings} == {"crm.corp.example:9444", "other.corp.example:443"} with input as d
	some f in rule.findings with input as d
	"proxymap.txt" in {s.artifact | some s in f.sources}
}

test_silent_when_mapped if {
	d := doc([parameter("CRM.corp.example", 9443)], [preference("web.corp.example", 0), preference("", 0)])
	count(rule.findings) == 0 with input as d
	rule.subjects == {"site"} with input as d
}

test_unsure_about_an_unreadable_value if count(rule.unsure) == 1 with input as doc([parameter("", 0)], [])
