package policies.http.personal_content_cached_test

import data.policies.http.personal_content_cached as rule
import data.policies.lib.fixture

doc(modifier, path, settings) := object.union(
	fixture.single([fixture.preset("proxy_cache_key", ["$scheme$proxy_host$request_uri"])], [fixture.location(modifier, path, settings, [fixture.forward("fin-a.corp.example", 8445)])]),
	{"profile": {"parameters": {"http": {"personal_paths": ["/finesse/api/"]}}}},
)

zone := fixture.setting("proxy_cache", ["rest"], 31)

test_fires_on_personal_paths if {
	some f in rule.findings with input as doc("prefix", "/finesse/api/User/", [zone])
	f.fix == "In location /finesse/api/User/: proxy_cache off;"
}

test_fires_on_everything if count(rule.findings) == 1 with input as doc("prefix", "/", [zone])

test_fires_when_cookies_are_overlooked if {
	some f in rule.findings with input as doc("prefix", "/desktop/", [zone, fixture.setting("proxy_ignore_headers", ["Set-Cookie", "Expires"], 32)])
	f.key == "proxy_ignore_headers location /desktop/"
}

test_fires_on_post if count(rule.findings) == 1 with input as doc("prefix", "/desktop/", [zone, fixture.setting("proxy_cache_methods", ["GET", "POST"], 32)])

test_fires_on_a_short_key if {
	every key in ["$uri", "$host$uri", "$request_uri"] {
		count(rule.findings) == 1 with input as doc("prefix", "/desktop/", [zone, fixture.setting("proxy_cache_key", [key], 32)])
	}
}

test_silent_on_static_files if {
	every key in ["$host$uri$is_args$args", "$scheme${http_host}${request_uri}"] {
		d := doc("prefix", "/desktop/", [zone, fixture.setting("proxy_cache_key", [key], 32), fixture.setting("proxy_ignore_headers", ["Expires"], 33)])
		count(rule.findings) == 0 with input as d
		count(rule.unsure) == 0 with input as d
	}
	count(rule.subjects) == 1 with input as doc("prefix", "/desktop/", [zone])
}

test_silent_when_off if count(rule.findings) == 0 with input as doc("prefix", "/finesse/api/User/", [fixture.setting("proxy_cache", ["off"], 31)])

test_unsure_on_patterns if count(rule.unsure) == 1 with input as doc("regex", "\\.js$", [zone])

test_fires_on_a_pattern_of_personal_paths if count(rule.findings) == 1 with input as doc("regex", "^/finesse/api/User/[^/]+$", [zone])

test_silent_on_a_pattern_of_other_paths if {
	d := doc("regex", "^/cuic/gadget/[a-z]+$", [zone])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_fires_above_personal_paths if {
	count(rule.findings) == 1 with input as doc("prefix", "/finesse/", [zone])
	count(rule.findings) == 1 with input as doc("prefix", "/Finesse/API/Team/", [zone])
}

test_fires_on_a_pattern_in_another_case if count(rule.findings) == 1 with input as doc("regex_fold", "^/Finesse/api/Team", [zone])

test_silent_above_a_narrower_location_without_a_cache if {
	s := fixture.server("desk-a.agents.example", 8445, [fixture.preset("proxy_cache_key", ["$scheme$proxy_host$request_uri"])], [
		fixture.location("prefix", "/finesse/", [zone], [fixture.forward("fin-a.corp.example", 8445)]),
		fixture.location("prefix", "/finesse/api/", [], [fixture.forward("fin-a.corp.example", 8445)]),
	])
	d := {"nginxrules": [fixture.nginx([s], [fixture.socket(8445, [s], true)])], "profile": {"parameters": {"http": {"personal_paths": ["/finesse/api/"]}}}}
	count(rule.findings) == 0 with input as d
}

test_silent_on_the_files_of_the_desktop if {
	d := object.union(doc("prefix", "/desktop/", [zone]), {"profile": {"parameters": {"http": {"personal_paths": ["/desktop/sso/"], "static_paths": ["/desktop/"]}}}})
	count(rule.findings) == 0 with input as d
}
