package policies.cti.plain_port_test

import data.policies.cti.plain_port as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

test_fires_on_plain_ports_of_both_sides if {
	d := trust.cti({}, {"a": trust.peer("pg-a.corp.example", 46027), "b": trust.peer("pg-b.corp.example", 43027)})
	{f.key | some f in rule.findings} == {"side a", "side b"} with input as d
	some f in rule.findings with input as d
	f.key == "side a"
	contains(f.fix, "46030")
}

test_silent_on_secured_ports if {
	count(rule.findings) == 0 with input as trust.cti({}, {})
	count(rule.unsure) == 0 with input as trust.cti({}, {})
	rule.subjects == {"site"} with input as trust.cti({}, {})
}

test_unsure_without_a_port if count(rule.unsure) == 1 with input as trust.cti({}, {"a": object.union(trust.peer("pg-a.corp.example", 1), {"port": fixture.unknown(0)})})
