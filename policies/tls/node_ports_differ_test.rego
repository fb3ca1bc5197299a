package policies.tls.node_ports_differ_test

import data.policies.lib.fixture
import data.policies.tls.node_ports_differ as rule

port(number, issuers) := fixture.posture("node/fin-a", "fin-a.corp.example", number, {"chain": [{"sha256": "aa", "subject": "CN=fin-a", "issuer": i} | some i in issuers]})

test_fires_on_two_issuers if {
	some f in rule.findings with input as {"tlsposture": [port(8445, ["CN=CA"]), port(8444, ["CN=fin-a"])]}
	f.message == "the ports of this node have certificates of different issuers: CN=CA on 8445; CN=fin-a on 8444"
	count(f.sources) == 2
}

test_silent_on_one_issuer if {
	d := {"tlsposture": [port(8445, ["CN=CA"]), port(8444, ["CN=CA"])]}
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_on_edges if count(rule.subjects) == 0 with input as {"tlsposture": [fixture.desk({})]}

test_unsure_without_a_certificate if count(rule.unsure) == 1 with input as {"tlsposture": [port(8445, [])]}
