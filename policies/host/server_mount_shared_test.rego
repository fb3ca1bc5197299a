package policies.host.server_mount_shared_test

import data.policies.host.server_mount_shared as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

prefix := "/usr/local/openresty/nginx"

root := fixture_host.mount("/", "xfs", ["rw"], 2)

own := fixture_host.mount(prefix, "xfs", ["rw", "nodev", "nosuid"], 3)

cache := fixture_host.mount("/usr/local/openresty/nginx/cache", "tmpfs", ["rw", "noexec", "nodev", "nosuid"], 4)

doc(mounts) := object.union(fixture_host.doc({"mounts": mounts}, {"own_mount": true}), {"nginxrules": [object.union(fixture.nginx([], []), {"http": [fixture.setting("proxy_temp_path", ["cache/proxy_temp"], 12)]})]})

keys(mounts) := got if got := {f.key | some f in rule.findings} with input as doc(mounts)

test_fires_on_the_file_system_of_the_system if keys([root, cache]) == {"prefix"}

test_fires_on_missing_options if {
	some f in rule.findings with input as doc([root, own, fixture_host.mount("/usr/local/openresty/nginx/cache", "tmpfs", ["rw", "nodev"], 4)])
	f.key == "options /usr/local/openresty/nginx/cache"
	f.message == "/usr/local/openresty/nginx/cache, which holds caches or temporary files of requests, is mounted without noexec, nosuid"
}

test_fires_on_a_cache_on_disk if keys([root, own]) == {"options /usr/local/openresty/nginx", "type /usr/local/openresty/nginx"}

test_silent_on_the_published_layout if {
	keys([root, own, cache]) == set()
	count(rule.subjects) == 1 with input as doc([root, own, cache])
}

test_silent_where_a_container_holds_the_server if {
	count(rule.subjects) == 0 with input as object.union(doc([root]), {"profile": {"parameters": {"host": {"own_mount": false}}}})
}
