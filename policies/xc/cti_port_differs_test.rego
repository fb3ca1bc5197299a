package policies.xc.cti_port_differs_test

import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust
import data.policies.xc.cti_port_differs as rule

test_fires_on_the_slip_of_the_pen if {
	d := trust.cti({"instance": "CG3", "secured_port": fixture.known(46030)}, {"a": trust.peer("pg-a.corp.example", 40630)})
	some f in rule.findings with input as d
	f.subject == "cti/CG1-a"
	contains(f.message, "40630")
	{s.artifact | some s in f.sources} == {"systemconfig.xml", "site.yaml"}
}

test_silent_when_equal if {
	count(rule.findings) == 0 with input as trust.cti({}, {})
	count(rule.unsure) == 0 with input as trust.cti({}, {})
	rule.subjects == {"cti/CG1-a"} with input as trust.cti({}, {})
}

test_unsure_without_a_port if {
	count(rule.unsure) == 1 with input as trust.cti({"secured_port": fixture.unknown(0)}, {})
	count(rule.unsure) == 1 with input as trust.cti({}, {"a": object.union(trust.peer("pg-a.corp.example", 1), {"port": fixture.unknown(0)})})
}
