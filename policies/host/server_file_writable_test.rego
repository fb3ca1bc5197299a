package policies.host.server_file_writable_test

import data.policies.host.server_file_writable as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

doc(files) := object.union(fixture_host.doc({"files": files}, {}), {"nginxrules": [object.union(fixture.nginx([], []), {"main": [fixture.setting("working_directory", ["/var/cores"], 3)]})]})

conf := "/usr/local/openresty/nginx/conf/nginx.conf"

keys(files) := got if got := {f.key | some f in rule.findings} with input as doc(files)

test_fires_on_other_writers if {
	keys([fixture_host.file(conf, "0664", "root", 3)]) == {conf}
	keys([fixture_host.file(conf, "0646", "root", 3)]) == {conf}
	keys([fixture_host.file(conf, "0644", "deploy", 3)]) == {conf}
	keys([fixture_host.file("/usr/local/openresty/nginx/conf", "0775", "root", 3)]) == {"/usr/local/openresty/nginx/conf"}
}

test_fires_on_the_folder_of_core_dumps if keys([fixture_host.file("/var/cores", "0777", "root", 3)]) == {"/var/cores"}

test_silent_on_files_of_root if {
	keys([fixture_host.file(conf, "0644", "root", 3), fixture_host.file("/usr/local/openresty/nginx/logs", "0770", "nginxuser", 4)]) == set()
	count(rule.subjects) == 1 with input as doc([fixture_host.file(conf, "0644", "root", 3)])
	count(rule.unsure) == 0 with input as doc([fixture_host.file(conf, "0644", "root", 3)])
}

test_silent_on_what_nginx_writes_beside_its_configuration if {
	edge := object.union(fixture_host.site.edges[0], {"nginx": {"prefix": "opt/gate", "conf": "nginx.conf"}})
	settings := {
		"main": [fixture.setting("pid", ["run/nginx.pid"], 2), fixture.setting("error_log", ["logs/error.log"], 3)],
		"http": [fixture.setting("proxy_cache_path", ["cache/kept", "keys_zone=k:1m"], 9)],
	}
	listed := [
		fixture_host.file("/opt/gate", "0755", "root", 1), fixture_host.file("/opt/gate/cache", "0700", "nginx", 2), fixture_host.file("/opt/gate/cache/kept", "0700", "nginx", 3),
		fixture_host.file("/opt/gate/logs/error.log", "0640", "nginx", 4), fixture_host.file("/opt/gate/run", "0755", "nginx", 5),
	]
	d := object.union(fixture_host.doc({"files": listed}, {}), {"site": {"edges": [edge]}, "nginxrules": [object.union(fixture.nginx([], []), settings)]})
	count(rule.findings) == 0 with input as d
	loose := array.concat(listed, [fixture_host.file("/opt/gate/gate.d/a.conf", "0666", "root", 6)])
	{f.key | some f in rule.findings} == {"/opt/gate/gate.d/a.conf"} with input as object.union(d, {"host": [fixture_host.record({"files": loose})]})
}

test_unsure_without_any_of_its_files if {
	count(rule.unsure) == 1 with input as object.union(fixture_host.doc({"files": []}, {}), {"nginxrules": [fixture.nginx([], [])]})
}
