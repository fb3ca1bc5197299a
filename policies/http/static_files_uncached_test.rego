package policies.http.static_files_uncached_test

import data.policies.http.static_files_uncached as rule
import data.policies.lib.fixture

profile := {"profile": {"parameters": {"http": {"static_paths": ["/desktop/"], "personal_paths": ["/desktop/sso/"]}}}}

doc(path, settings, own) := object.union(fixture.single(settings, [fixture.location("prefix", path, own, [fixture.forward("fin-a.corp.example", 8445)])]), profile)

off := fixture.preset("proxy_cache", ["off"])

test_fires_without_a_cache if {
	some f in rule.findings with input as doc("/desktop/", [off], [])
	f.key == "proxy_cache"
	contains(f.message, "location /desktop/")
	contains(f.fix, "proxy_cache_lock on")
}

test_silent_with_a_cache if {
	count(rule.findings) == 0 with input as doc("/desktop/", [off], [fixture.setting("proxy_cache", ["desktop"], 31)])
	count(rule.unsure) == 0 with input as doc("/desktop/", [off], [fixture.setting("proxy_cache", ["desktop"], 31)])
	count(rule.subjects) == 1 with input as doc("/desktop/", [off], [fixture.setting("proxy_cache", ["desktop"], 31)])
}

test_silent_on_personal_answers if {
	count(rule.subjects) == 0 with input as doc("/desktop/sso/token", [off], [])
	count(rule.subjects) == 0 with input as doc("/finesse/api/User/", [off], [])
}

test_unsure_when_unknown if {
	count(rule.unsure) == 1 with input as doc("/desktop/", [], [])
	count(rule.unsure) == 1 with input as doc("/desktop/", [fixture.unresolved("proxy_cache")], [])
}
