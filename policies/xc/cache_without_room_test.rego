package policies.xc.cache_without_room_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.xc.cache_without_room as rule

folder := "/usr/local/openresty/nginx/cache/desktop"

cache(bound) := fixture.setting("proxy_cache_path", ["cache/desktop", "keys_zone=d:10m", bound], 20)

memory(bytes) := object.union(fixture_host.mount("/usr/local/openresty/nginx/cache", "tmpfs", ["rw"], 4), {"size_bytes": bytes})

owned := [fixture_host.file(folder, "0700", "nginxuser", 9)]

doc(settings, files, mounts) := object.union(
	fixture_host.doc({"files": files, "mounts": mounts, "users": [fixture_host.user("nginxuser", 9876, "/sbin/nologin", "locked", 2)]}, {}),
	{"nginxrules": [object.union(fixture.nginx([], []), {"http": settings, "main": [fixture.setting("user", ["nginxuser"], 1)]})]},
)

keys(settings, files, mounts) := got if got := {f.key | some f in rule.findings} with input as doc(settings, files, mounts)

test_fires_on_a_folder_that_is_not_there if keys([cache("max_size=20m")], [fixture_host.gone(folder, 9)], []) == {sprintf("folder %s", [folder])}

test_fires_on_a_folder_of_somebody_else if {
	some f in rule.findings with input as doc([cache("max_size=20m")], [fixture_host.file(folder, "0700", "root", 9)], [])
	f.fix == sprintf("chown nginxuser %s", [folder])
	count(f.sources) == 2
}

test_fires_on_caches_larger_than_their_memory if {
	second := fixture.setting("proxy_cache_path", ["cache/desktop", "keys_zone=e:10m", "max_size=1g"], 21)
	some f in rule.findings with input as doc([cache("max_size=20m"), second], owned, [memory(fixture.known(1073741824))])
	f.key == "size /usr/local/openresty/nginx/cache"
	startswith(f.fix, "mount -o remount,size=1044m")
}

test_fires_on_a_cache_without_a_bound if keys([cache("inactive=1h")], owned, [memory(fixture.known(1048576))]) == {sprintf("unbounded %s", [folder])}

test_silent_on_a_cache_with_room if {
	d := doc([cache("max_size=20m")], owned, [memory(fixture.known(1073741824))])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
	keys([cache("max_size=20m")], [fixture_host.file(folder, "0700", "9876", 9)], [memory(fixture.unknown(0))]) == set()
	keys([cache("max_size=200g")], owned, [fixture_host.mount("/", "xfs", ["rw"], 1)]) == set()
}

test_unsure_about_a_folder_that_is_not_listed if count(rule.unsure) == 1 with input as doc([cache("max_size=20m")], [], [])
