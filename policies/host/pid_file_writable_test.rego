package policies.host.pid_file_writable_test

import data.policies.host.pid_file_writable as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

doc(files) := object.union(fixture_host.doc({"files": files}, {}), {"nginxrules": [object.union(fixture.nginx([], []), {"main": [fixture.setting("pid", ["logs/nginx.pid"], 2)]})]})

path := "/usr/local/openresty/nginx/logs/nginx.pid"

test_fires_on_other_writers if {
	every f in [fixture_host.file(path, "0664", "root", 3), fixture_host.file(path, "0646", "root", 3), fixture_host.file(path, "0644", "nginxuser", 3)] {
		count(rule.findings) == 1 with input as doc([f])
	}
}

test_fires_with_the_command if {
	some f in rule.findings with input as doc([fixture_host.file(path, "0666", "root", 3)])
	f.fix == "chown root:root /usr/local/openresty/nginx/logs/nginx.pid && chmod 0644 /usr/local/openresty/nginx/logs/nginx.pid"
}

test_fires_on_the_path_of_the_build if {
	program := {"complete": true, "arguments": [{"name": "--pid-path", "value": "/var/run/nginx.pid"}], "source": fixture_host.place("nginx-V.txt", 4)}
	d := object.union(fixture_host.doc({"files": [fixture_host.file("/run/nginx.pid", "0666", "root", 3)]}, {}), {"nginxrules": [object.union(fixture.nginx([], []), {"program": program})]})
	count(rule.findings) == 1 with input as d
}

test_silent_on_a_file_of_root if {
	count(rule.findings) == 0 with input as doc([fixture_host.file(path, "0644", "root", 3)])
	count(rule.unsure) == 0 with input as doc([fixture_host.file(path, "0644", "root", 3)])
	count(rule.subjects) == 1 with input as doc([fixture_host.file(path, "0644", "root", 3)])
}

test_unsure_about_a_file_that_is_not_listed if {
	count(rule.unsure) == 1 with input as doc([])
	count(rule.unsure) == 1 with input as doc([fixture_host.gone(path, 3)])
}
