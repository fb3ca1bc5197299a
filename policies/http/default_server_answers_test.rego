package policies.http.default_server_answers_test

import data.policies.http.default_server_answers as rule
import data.policies.lib.exposure
import data.policies.lib.fixture

back := fixture.forward("fin-a.corp.example", 8445)

test_fires_on_a_proxying_default if {
	some f in rule.findings with input as fixture.single([], [fixture.location("prefix", "/", [], [back])])
	f.sources[0].line == 10
	f.witness.kind == "request"
}

test_fires_on_the_stock_page if count(rule.findings) == 1 with input as fixture.single([fixture.preset("root", ["html"])], [])

test_fires_on_a_redirect if count(rule.findings) == 1 with input as fixture.single([fixture.setting("return", ["301", "https://desk-a.agents.example"], 12)], [])

test_fires_when_one_location_serves if {
	count(rule.findings) == 1 with input as fixture.single([], [
		fixture.location("prefix", "/", [fixture.setting("return", ["404"], 31)], []),
		fixture.location("prefix", "/status", [], []),
	])
}

test_fires_when_rejection_is_set_without_tls if {
	s := fixture.server("_", 80, [fixture.setting("ssl_reject_handshake", ["on"], 12)], [])
	count(rule.findings) == 1 with input as {"nginxrules": [fixture.nginx([s], [object.union(fixture.socket(80, [s], true), {"tls": false})])]}
}

test_silent_on_a_rejected_handshake if {
	d := fixture.single([fixture.setting("ssl_reject_handshake", ["on"], 12)], [])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_silent_on_return_444 if count(rule.findings) == 0 with input as fixture.single([fixture.setting("return", ["444"], 12)], [])

test_silent_when_each_location_refuses if {
	count(rule.findings) == 0 with input as fixture.single([], [
		fixture.location("prefix", "/", [fixture.setting("return", ["421"], 31)], []),
		fixture.location("exact", "/x", [fixture.setting("deny", ["all"], 33)], []),
	])
}

test_fires_when_denial_has_exceptions if {
	count(rule.findings) == 1 with input as fixture.single([], [fixture.location("prefix", "/", [fixture.setting("allow", ["10.0.0.0/8"], 31), fixture.setting("deny", ["all"], 32)], [])])
}

test_unsure_when_a_script_decides if {
	d := fixture.single([fixture.setting("access_by_lua_block", ["..."], 12)], [])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}

page(args) := fixture.setting("error_page", args, 13)

refusal(status) := fixture.setting("return", [status], 12)

test_fires_when_an_error_page_turns_the_refusal_into_content if {
	count(rule.findings) == 1 with input as fixture.single([refusal("418"), page(["418", "=", "@go"])], [])
	count(rule.findings) == 1 with input as fixture.single([refusal("421"), page(["421", "=200", "/index.html"])], [])
	count(rule.findings) == 1 with input as fixture.single([], [fixture.location("prefix", "/", [refusal("421"), page(["421", "@go"])], [])])
}

test_silent_with_an_error_page_that_stays_one if {
	count(rule.findings) == 0 with input as fixture.single([refusal("421"), page(["421", "/421.html"]), page(["500", "=200", "/sorry.html"])], [])
	count(rule.findings) == 0 with input as fixture.single([refusal("444"), page(["444", "=200", "/index.html"])], [])
}

stranger := {"component": "finesse", "unnamed": true, "headers": ["Host: unknown.example"]}

test_fires_once_with_the_request_of_a_proof if {
	d := object.union(fixture.single([], [fixture.location("prefix", "/", [], [back])]), exposure.exposing([stranger]))
	count(rule.findings) == 1 with input as d
	some f in rule.findings with input as d
	f.witness.text == "GET / HTTP/1.1\nHost: unknown.example"
	contains(f.message, "is the default of *:8445")
	contains(f.fix, "Let the default server of *:8445")
}

test_fires_by_a_proof_whatever_a_script_may_do if {
	d := object.union(fixture.single([fixture.setting("access_by_lua_block", ["..."], 12)], []), exposure.exposing([stranger]))
	count(rule.findings) == 1 with input as d
	count(rule.unsure) == 0 with input as d
}

implicit(tls) := {"nginxrules": [fixture.nginx([s], [object.union(fixture.socket(8445, [s], false), {"tls": tls})])]} if {
	s := fixture.server("desk-a.agents.example", 8445, [], [])
}

test_fires_with_the_server_that_is_missing if {
	some f in rule.findings with input as implicit(true)
	f.fix == "Add server { listen *:8445 ssl default_server; ssl_reject_handshake on; return 444; }"
	some g in rule.findings with input as implicit(false)
	g.fix == "Add server { listen *:8445 default_server; return 444; }"
}
