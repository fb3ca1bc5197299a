package policies.cti.unusual_port_test

import data.policies.cti.unusual_port as rule
import data.policies.lib.fixture
import data.policies.lib.trust_fixture as trust

server(number, side, port) := trust.cti({"instance_number": fixture.known(number), "side": side, "secured_port": fixture.known(port)}, {})

test_fires_on_40630_for_the_third_instance if {
	some f in rule.findings with input as server(3, "a", 40630)
	contains(f.message, "46030")
}

test_silent_on_the_numbering if {
	count(rule.findings) == 0 with input as server(1, "a", 42030)
	count(rule.findings) == 0 with input as server(1, "b", 43030)
	count(rule.findings) == 0 with input as server(3, "a", 46030)
	rule.subjects == {"cti/CG1-a"} with input as server(1, "a", 42030)
	count(rule.unsure) == 0 with input as server(1, "a", 42030)
}

test_unsure_without_a_number if count(rule.unsure) == 1 with input as trust.cti({"instance_number": fixture.unknown(0)}, {})
