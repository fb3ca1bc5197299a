package policies.tls.session_tickets_test

import data.policies.lib.fixture
import data.policies.tls.session_tickets as rule

test_fires_on_on if {
	some f in rule.findings with input as fixture.single([fixture.setting("ssl_session_tickets", ["on"], 18)], [])
	f.sources[0].line == 18
}

test_fires_on_the_default if {
	some f in rule.findings with input as fixture.single([fixture.preset("ssl_session_tickets", ["on"])], [])
	f.sources[0].line == 10
}

test_silent_on_off if {
	d := fixture.single([fixture.setting("ssl_session_tickets", ["off"], 18)], [])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_when_absent if count(rule.unsure) == 1 with input as fixture.single([], [])

test_unsure_when_unresolved if count(rule.unsure) == 1 with input as fixture.single([fixture.unresolved("ssl_session_tickets")], [])

command(args) := fixture.inherited("ssl_conf_command", args, 6)

test_unsure_when_a_command_switches_tickets if {
	every args in [["Options", "SessionTicket"], ["options", "Bugs,+sessionticket"], ["Options", "-SessionTicket"], ["Options", "Novelty"]] {
		d := fixture.single([fixture.setting("ssl_session_tickets", ["off"], 18), command(["Ciphersuites", "TLS_AES_256_GCM_SHA384"]), command(args)], [])
		count(rule.unsure) == 1 with input as d
	}
}

test_unsure_when_a_command_is_computed if {
	computed := object.union(command(["Options", "$options"]), {"has_variables": true})
	count(rule.unsure) == 1 with input as fixture.single([fixture.setting("ssl_session_tickets", ["off"], 18), computed], [])
}

test_silent_beside_a_command_about_something_else if {
	d := fixture.single([fixture.setting("ssl_session_tickets", ["off"], 18), command(["Options", "PrioritizeChaCha"])], [])
	count(rule.unsure) == 0 with input as d
}
