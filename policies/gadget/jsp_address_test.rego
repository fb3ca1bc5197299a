package policies.gadget.jsp_address_test

import data.policies.gadget.jsp_address as rule
import data.policies.lib.trust_fixture as trust

doc(path, jsp) := {"layout": [trust.layout([trust.resource("cuic-a.corp.example", {"path": path, "jsp": jsp})], [])]}

test_fires_on_a_page if {
	some f in rule.findings with input as doc("/cuic/gadget/Historical/HistoricalGadget.jsp", true)
	contains(f.fix, "HistoricalGadget.xml")
}

test_silent_on_xml_and_on_others if {
	count(rule.findings) == 0 with input as doc("/cuic/gadget/Historical/HistoricalGadget.xml", false)
	count(rule.findings) == 0 with input as doc("/crm/page.jsp", true)
	rule.subjects == {"site"} with input as doc("/x", false)
}
