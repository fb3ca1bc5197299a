package policies.http.cache_not_revalidated_test

import data.policies.http.cache_not_revalidated as rule
import data.policies.lib.fixture

doc(settings) := object.union(
	fixture.single([], [fixture.location("prefix", "/desktop/", settings, [fixture.forward("fin-a.corp.example", 8445)])]),
	{"profile": {"parameters": {"http": {"cache_seconds": 86400}}}},
)

zone := fixture.setting("proxy_cache", ["desktop"], 31)

on(name) := fixture.setting(name, ["on"], 32)

off(name) := fixture.setting(name, ["off"], 32)

valid(args) := fixture.setting("proxy_cache_valid", args, 33)

good := [zone, on("proxy_cache_revalidate"), on("proxy_cache_lock"), valid(["200", "301", "302", "24h"])]

test_fires_without_revalidation if {
	some f in rule.findings with input as doc([zone, off("proxy_cache_revalidate"), on("proxy_cache_lock")])
	f.fix == "proxy_cache_revalidate on;"
}

test_fires_without_a_lock if count(rule.findings) == 1 with input as doc([zone, on("proxy_cache_revalidate"), off("proxy_cache_lock")])

test_fires_on_a_long_life if {
	some f in rule.findings with input as doc(array.concat(good, [valid(["any", "30d"])]))
	contains(f.message, "30d")
}

test_silent_when_sound if {
	count(rule.findings) == 0 with input as doc(good)
	count(rule.unsure) == 0 with input as doc(good)
	count(rule.subjects) == 1 with input as doc(good)
}

test_silent_without_a_cache if count(rule.findings) == 0 with input as doc([off("proxy_cache"), off("proxy_cache_lock")])

test_unsure_when_unknown if {
	count(rule.unsure) == 2 with input as doc([zone])
	count(rule.unsure) == 2 with input as doc([zone, fixture.unresolved("proxy_cache_revalidate"), fixture.unresolved("proxy_cache_lock")])
}

test_unsure_on_an_odd_time if count(rule.unsure) == 1 with input as doc(array.concat(good, [valid(["200", "1d12h"])]))
