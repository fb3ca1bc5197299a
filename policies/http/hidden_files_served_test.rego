package policies.http.hidden_files_served_test

import data.policies.http.hidden_files_served as rule
import data.policies.lib.fixture

files := fixture.location("prefix", "/", [fixture.setting("root", ["html"], 31)], [])

refuse(path) := fixture.location("regex", path, [fixture.setting("return", ["404"], 40)], [])

test_fires_where_files_are_served if {
	some f in rule.findings with input as fixture.single([], [files])
	f.key == "location /"
	f.fix == `location ~ /\. { return 404; }`
}

test_fires_where_no_location_takes_the_rest if {
	some f in rule.findings with input as fixture.single([], [])
	f.key == "server"
}

test_silent_when_dots_are_refused if {
	count(rule.findings) == 0 with input as fixture.single([], [files, refuse(`/\.`)])
	count(rule.findings) == 0 with input as fixture.single([], [files, refuse(`/\.(?!well-known)`)])
}

test_silent_where_all_is_refused_or_forwarded if {
	count(rule.findings) == 0 with input as fixture.single([fixture.setting("return", ["444"], 9)], [])
	count(rule.findings) == 0 with input as fixture.single([fixture.setting("ssl_reject_handshake", ["on"], 9)], [])
	back := fixture.location("prefix", "/", [], [fixture.forward("fin-a.corp.example", 8445)])
	count(rule.findings) == 0 with input as fixture.single([], [back])
	denied := fixture.location("prefix", "/", [fixture.setting("deny", ["all"], 9)], [])
	count(rule.findings) == 0 with input as fixture.single([], [denied])
	script := fixture.location("prefix", "/", [fixture.setting("content_by_lua_block", [""], 9)], [])
	count(rule.findings) == 0 with input as fixture.single([], [script])
}

test_unsure_where_a_script_decides if {
	d := fixture.single([fixture.setting("access_by_lua_block", [""], 9)], [files])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 1 with input as d
}
