package policies.tls.client_suite_preference_test

import data.policies.lib.fixture
import data.policies.tls.client_suite_preference as rule

test_fires_on_off if {
	some f in rule.findings with input as fixture.single([fixture.setting("ssl_prefer_server_ciphers", ["off"], 16)], [])
	f.sources[0].line == 16
}

test_fires_on_the_default_at_the_server_block if {
	some f in rule.findings with input as fixture.single([fixture.preset("ssl_prefer_server_ciphers", ["off"])], [])
	f.sources[0].line == 10
}

test_silent_on_on if {
	d := fixture.single([fixture.inherited("ssl_prefer_server_ciphers", ["on"], 3)], [])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_absent if {
	count(rule.unsure) == 1 with input as fixture.single([], [])
}
