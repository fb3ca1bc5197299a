package policies.gadget.clear_text_address_test

import data.policies.gadget.clear_text_address as rule
import data.policies.lib.trust_fixture as trust

doc(fields) := {"layout": [trust.layout([trust.resource("g.corp.example", fields)], [])]}

test_fires_on_http if {
	some f in rule.findings with input as doc({"scheme": "http", "url": "http://g.corp.example/crm.xml", "port": 80})
	contains(f.fix, "https://g.corp.example/crm.xml")
}

test_silent_on_https if {
	count(rule.findings) == 0 with input as doc({})
	rule.subjects == {"site"} with input as doc({})
}
