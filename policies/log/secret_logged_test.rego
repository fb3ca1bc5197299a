package policies.log.secret_logged_test

import data.policies.lib.fixture
import data.policies.log.secret_logged as rule

doc(log, text) := {
	"nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"http": [fixture.setting("log_format", ["gate", text], 9)]})],
	"profile": {"parameters": {"http": {"log_secrets": ["http_authorization", "cookie_*", "http_*token*"]}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [fixture.setting("access_log", log, 20)], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

test_fires_on_credentials if {
	some f in rule.findings with input as doc(["logs/access.log", "gate"], "$remote_addr ${http_authorization}")
	f.fix == "Remove $http_authorization from log_format gate."
	f.sources[0].line == 9
}

test_fires_on_cookies if count(rule.findings) == 1 with input as doc(["logs/access.log", "gate"], "$cookie_jsessionid")

test_fires_on_headers_named_for_a_token if count(rule.findings) == 1 with input as doc(["logs/access.log", "gate"], "$http_x_auth_token")

test_silent_on_harmless_variables if {
	count(rule.findings) == 0 with input as doc(["logs/access.log", "gate"], "$remote_addr $status")
	count(rule.unsure) == 0 with input as doc(["logs/access.log", "gate"], "$remote_addr $status")
	count(rule.subjects) == 1 with input as doc(["logs/access.log", "gate"], "$remote_addr")
}

test_silent_on_a_format_that_nobody_uses if count(rule.findings) == 0 with input as doc(["logs/access.log"], "$http_authorization")

test_unsure_about_an_unwritten_format if count(rule.unsure) == 1 with input as doc(["logs/access.log", "other"], "x")
