package policies.tls.configured_protocol_test

import data.policies.lib.fixture
import data.policies.tls.configured_protocol as rule

profile := {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"], "tls_required": ["TLSv1.2"]}}

doc(settings) := object.union(fixture.single(settings, []), {"profile": profile})

test_fires_on_tls10_written if {
	some f in rule.findings with input as doc([fixture.setting("ssl_protocols", ["TLSv1", "TLSv1.2"], 14)])
	f.key == "TLSv1.0"
	f.sources[0].line == 14
}

test_fires_on_tls11_by_default_at_the_server_block if {
	some f in rule.findings with input as doc([fixture.preset("ssl_protocols", ["TLSv1", "TLSv1.1", "TLSv1.2"])])
	f.key == "TLSv1.1"
	f.sources[0].line == 10
}

test_fires_when_tls12_is_not_offered if {
	some f in rule.findings with input as doc([fixture.setting("ssl_protocols", ["TLSv1.3"], 14)])
	f.key == "missing TLSv1.2"
}

test_fires_on_the_default_server_even_if_the_named_one_is_sound if {
	first := fixture.server("a.example", 443, [fixture.setting("ssl_protocols", ["TLSv1.1", "TLSv1.2"], 14)], [])
	second := fixture.server("b.example", 443, [fixture.setting("ssl_protocols", ["TLSv1.2"], 44)], [])
	d := {"nginxrules": [fixture.nginx([first, second], [fixture.socket(443, [first, second], false)])], "profile": profile}
	keys := {f.key | some f in rule.findings} with input as d
	keys == {"TLSv1.1"}
}

test_silent_when_only_a_named_server_lists_an_old_version if {
	first := fixture.server("a.example", 443, [fixture.setting("ssl_protocols", ["TLSv1.2"], 14)], [])
	second := fixture.server("b.example", 443, [fixture.setting("ssl_protocols", ["TLSv1", "TLSv1.2"], 44)], [])
	d := {"nginxrules": [fixture.nginx([first, second], [fixture.socket(443, [first, second], false)])], "profile": profile}
	count(rule.findings) == 0 with input as d
}

test_silent_on_inherited_modern_versions if {
	d := doc([fixture.inherited("ssl_protocols", ["TLSv1.2", "TLSv1.3"], 5)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_when_the_default_depends_on_an_unknown_release if {
	count(rule.unsure) == 1 with input as doc([fixture.unresolved("ssl_protocols")])
}

test_unsure_when_the_setting_is_absent if {
	count(rule.unsure) == 1 with input as doc([])
}

command(args) := fixture.inherited("ssl_conf_command", args, 6)

test_unsure_when_a_command_overrules_ssl_protocols if {
	every args in [["MinProtocol", "TLSv1"], ["maxprotocol", "TLSv1.2"], ["Protocol", "ALL"], ["CipherString", "ALL@SECLEVEL=0"], ["Options", "Novelty"]] {
		d := doc([fixture.setting("ssl_protocols", ["TLSv1.1", "TLSv1.2"], 14), command(["Options", "PrioritizeChaCha"]), command(args)])
		count(rule.unsure) == 1 with input as d
		count(rule.findings) == 0 with input as d
	}
}

test_unsure_only_about_the_default_server_of_the_socket if {
	first := fixture.server("a.example", 443, [fixture.setting("ssl_protocols", ["TLSv1.2"], 14)], [])
	second := fixture.server("b.example", 443, [fixture.setting("ssl_protocols", ["TLSv1.2"], 44), command(["MinProtocol", "TLSv1"])], [])
	count(rule.unsure) == 0 with input as {"nginxrules": [fixture.nginx([first, second], [fixture.socket(443, [first, second], false)])], "profile": profile}
	count(rule.unsure) == 1 with input as {"nginxrules": [fixture.nginx([first, second], [fixture.socket(443, [second, first], false)])], "profile": profile}
}

test_fires_beside_a_command_about_something_else if {
	some f in rule.findings with input as doc([fixture.setting("ssl_protocols", ["TLSv1.1", "TLSv1.2"], 14), command(["Options", "-SessionTicket,PrioritizeChaCha"])])
	f.key == "TLSv1.1"
}
