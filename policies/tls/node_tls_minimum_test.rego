package policies.tls.node_tls_minimum_test

import data.policies.lib.fixture
import data.policies.tls.node_tls_minimum as rule

doc(server, client) := {"vos": [fixture.vos("node/fin-a", {"tls_server_minimum": server, "tls_client_minimum": client})], "profile": {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"]}}}

test_fires_on_tls10_at_the_server_side if {
	some f in rule.findings with input as doc(fixture.value("1.0", 50), fixture.value("1.2", 54))
	f.key == "server"
	f.sources[0].line == 50
}

test_fires_on_tls11_at_the_client_side if {
	some f in rule.findings with input as doc(fixture.value("1.2", 50), fixture.value("1.1", 54))
	f.key == "client"
}

test_silent_on_tls12 if {
	d := doc(fixture.value("1.2", 50), fixture.value("1.2", 54))
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_not_shown if count(rule.unsure) == 2 with input as doc(fixture.no_value, fixture.no_value)
