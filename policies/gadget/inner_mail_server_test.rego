package policies.gadget.inner_mail_server_test

import data.policies.gadget.inner_mail_server as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

doc(host, fields, names) := {
	"layout": [trust.layout([trust.resource(host, object.union({"path": "/system/ece.xml"}, fields))], [])],
	"proxymap": fixture.proxymap([fixture.entry("mail.corp.example:443", "mail.agents.example:443", 3)]),
	"site": trust.site([trust.declared("ece-a", "gadget")]),
	"dns": [trust.dns("internet", names)],
	"profile": {"parameters": {"trust": {"mail_gadgets": ["ece.xml"]}}},
}

fires(host, fields, names) := got if got := count(rule.findings) with input as doc(host, fields, names)

test_fires_on_inner_servers if {
	fires("ece-a.corp.example", {}, []) == 1
	fires("mail.corp.example", {}, []) == 1
	fires("ece", {"short": true}, []) == 1
	fires("10.1.0.9", {"ip_address": true}, []) == 1
	fires("ece.example", {}, [trust.name("ece.example", "nxdomain", [])]) == 1
}

test_silent_on_outer_servers if {
	fires("mail.agents.example", {}, []) == 0
	d := doc("ece.example", {}, [trust.name("ece.example", "answered", ["203.0.113.9"])])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_on_other_gadgets if count(rule.subjects) == 0 with input as doc("ece-a.corp.example", {"path": "/crm.xml"}, [])

test_unsure_without_a_look_up if count(rule.unsure) == 1 with input as doc("ece.example", {}, [])
