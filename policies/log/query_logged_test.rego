package policies.log.query_logged_test

import data.policies.lib.fixture
import data.policies.log.query_logged as rule

doc(log, text) := {
	"nginxrules": [object.union(fixture.nginx([s], [fixture.socket(8445, [s], true)]), {"http": [fixture.setting("log_format", ["gate", text], 9)]})],
	"profile": {"parameters": {"http": {"log_addresses": ["request", "args", "http_referer"]}}},
} if {
	s := fixture.server("desk-a.agents.example", 8445, [fixture.setting("access_log", log, 20)], [fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])])
}

test_fires_on_the_whole_request if {
	some f in rule.findings with input as doc(["logs/access.log", "gate"], "$remote_addr $request")
	f.key == "gate request"
	f.sources[0].line == 9
}

test_fires_on_the_page_before if {
	some f in rule.findings with input as doc(["logs/access.log", "gate"], "$remote_addr $uri $http_referer")
	f.message == "the access log format gate writes $http_referer, which holds the query of the page that a request came from"
	startswith(f.fix, "Remove $http_referer from log_format gate")
}

test_fires_on_the_predefined_format if count(rule.findings) == 2 with input as doc(["logs/access.log"], "$uri")

test_silent_on_the_path_alone if {
	d := doc(["logs/access.log", "gate"], "$remote_addr $request_method $uri $request_id")
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_unsure_about_an_unwritten_format if count(rule.unsure) == 1 with input as doc(["logs/access.log", "other"], "x")
