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

command(args) := fixture.inherited("ssl_conf_command", args, 6)

test_unsure_when_a_command_switches_the_preference if {
	every option in ["-ServerPreference", "PrioritizeChaCha", "Novelty"] {
		d := fixture.single([fixture.setting("ssl_prefer_server_ciphers", ["on"], 16), command(["Options", option])], [])
		count(rule.unsure) == 1 with input as d
	}
}

test_silent_beside_a_command_about_something_else if {
	d := fixture.single([fixture.setting("ssl_prefer_server_ciphers", ["on"], 16), command(["Options", "-SessionTicket"])], [])
	count(rule.unsure) == 0 with input as d
}
