package policies.map.address_instead_of_name_test

import data.policies.lib.fixture
import data.policies.map.address_instead_of_name as rule

address(text) := object.union(fixture.endpoint(text), {"ip_address": true})

doc(entry) := {
	"proxymap": fixture.proxymap([entry]),
	"site": object.union(fixture.site, {"nodes": [object.union(fixture.node("fin-a", "finesse", "fin-a.corp.example"), {"addresses": ["10.1.0.11"]})]}),
}

plain := fixture.entry("fin-a.corp.example:8445", "desk-a.agents.example:8445", 3)

test_fires_on_an_external_address if {
	some f in rule.findings with input as doc(object.union(plain, {"external": address("203.0.113.10:8445")}))
	f.message == "the external side 203.0.113.10:8445 is an address, for which no certificate is made"
}

test_fires_on_an_internal_address_and_writes_the_line if {
	some f in rule.findings with input as doc(object.union(plain, {"internal": address("10.1.0.11:8445")}))
	f.fix == "Write fin-a.corp.example:8445=desk-a.agents.example:8445."
}

test_fires_on_an_address_of_nobody if {
	some f in rule.findings with input as doc(object.union(plain, {"internal": address("10.1.0.99:8445")}))
	f.fix == "Write HOST:8445=desk-a.agents.example:8445."
}

test_silent_about_names if {
	count(rule.findings) == 0 with input as doc(plain)
	count(rule.subjects) == 1 with input as doc(plain)
}
