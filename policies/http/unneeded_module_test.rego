package policies.http.unneeded_module_test

import data.policies.http.unneeded_module as rule
import data.policies.lib.fixture

profile := {"profile": {"parameters": {"http": {"unneeded_modules": [{"module": "http_perl", "directive": "perl"}, {"module": "http_mp4", "directive": "mp4"}]}}}}

doc(main, settings) := object.union({"nginxrules": [object.union(record, {"main": main})]}, profile) if {
	record := fixture.nginx([fixture.server("desk-a.agents.example", 8445, [], [fixture.location("prefix", "/", settings, [])])], [])
}

test_fires_on_a_loaded_module if {
	some f in rule.findings with input as doc([fixture.setting("load_module", ["modules/ngx_http_perl_module.so"], 2)], [])
	f.fix == "Remove: load_module modules/ngx_http_perl_module.so;"
}

test_fires_on_use if {
	some f in rule.findings with input as doc([], [fixture.setting("mp4", [], 33)])
	f.key == "use mp4"
}

test_fires_in_outer_blocks if {
	d := object.union({"nginxrules": [object.union(fixture.nginx([fixture.server("x", 1, [fixture.setting("perl", ["x"], 3)], [])], []), {"http": [fixture.setting("mp4", [], 4)]})]}, profile)
	{f.key | some f in rule.findings} == {"use perl", "use mp4"} with input as d
}

test_silent_on_needed_modules if {
	d := doc([fixture.setting("load_module", ["/usr/lib/ngx_http_lua_module.so"], 2)], [fixture.setting("perl", ["off"], 33)])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_on_http2_in_listen if {
	s := object.union(fixture.server("x", 1, [], []), {"listens": [object.union(fixture.listen("*", 1, true), {"http2": true})]})
	count(rule.findings) == 0 with input as object.union({"nginxrules": [fixture.nginx([s], [])]}, profile)
}
