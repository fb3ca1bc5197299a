package policies.tls.named_server_protocol_test

import data.policies.lib.fixture
import data.policies.tls.named_server_protocol as rule

doc(settings) := {
	"nginxrules": [fixture.nginx([first, second], [fixture.socket(443, [first, second], true)])],
	"profile": {"parameters": {"tls_versions": ["TLSv1.2", "TLSv1.3"]}},
} if {
	first := fixture.server("a.example", 443, [fixture.setting("ssl_protocols", ["TLSv1.2"], 14)], [])
	second := fixture.server("b.example", 443, settings, [])
}

test_fires_on_a_named_server if {
	some f in rule.findings with input as doc([fixture.setting("ssl_protocols", ["TLSv1", "TLSv1.2"], 44)])
	f.key == "TLSv1.0"
	f.subject == "edge/rp-a/server/b.example:443"
	f.sources[0].line == 44
}

test_silent_on_versions_of_the_profile if {
	d := doc([fixture.setting("ssl_protocols", ["TLSv1.2", "TLSv1.3"], 44)])
	rule.subjects == {"edge/rp-a/server/b.example:443"} with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_what_stands_in_the_http_block if count(rule.findings) == 0 with input as doc([fixture.inherited("ssl_protocols", ["TLSv1"], 3)])

test_silent_on_the_default_server if {
	only := fixture.server("a.example", 443, [fixture.setting("ssl_protocols", ["TLSv1"], 14)], [])
	d := {"nginxrules": [fixture.nginx([only], [fixture.socket(443, [only], true)])], "profile": {"parameters": {"tls_versions": ["TLSv1.2"]}}}
	count(rule.subjects) == 0 with input as d
	count(rule.findings) == 0 with input as d
}

test_unsure_when_a_command_overrules_it if {
	d := doc([fixture.setting("ssl_protocols", ["TLSv1"], 44), fixture.inherited("ssl_conf_command", ["MinProtocol", "TLSv1.2"], 6)])
	count(rule.unsure) == 1 with input as d
	count(rule.findings) == 0 with input as d
}
