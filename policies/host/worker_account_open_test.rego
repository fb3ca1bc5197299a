package policies.host.worker_account_open_test

import data.policies.host.worker_account_open as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

configured(name, users) := object.union(fixture_host.doc({"users": users}, {}), {"nginxrules": [object.union(fixture.nginx([], []), {"main": [fixture.setting("user", [name], 2)]})]})

built(arguments, complete) := object.union(fixture_host.doc({"users": [worker]}, {}), {"nginxrules": [object.union(fixture.nginx([], []), {"program": {"complete": complete, "arguments": arguments, "source": fixture_host.place("nginx-V.txt", 4)}})]})

worker := fixture_host.user("nginxuser", 9876, "/sbin/nologin", "locked", 11)

keys(d) := got if got := {f.key | some f in rule.findings} with input as d

test_fires_on_root_and_shared_accounts if {
	keys(configured("root", [worker])) == {"account root"}
	keys(configured("nobody", [worker])) == {"account nobody"}
	keys(built([], true)) == {"account nobody"}
	keys(built([{"name": "--user", "value": "www-data"}], true)) == {"account www-data"}
}

test_fires_on_the_rights_of_root if {
	keys(configured("web", [fixture_host.user("web", 0, "/sbin/nologin", "locked", 3)])) == {"uid web"}
}

test_fires_on_a_shell_and_on_a_password if {
	some f in rule.findings with input as configured("nginxuser", [fixture_host.user("nginxuser", 9876, "/bin/bash", "locked", 3)])
	f.fix == "usermod -s /sbin/nologin nginxuser"
	{g.fix | some g in rule.findings} == {"passwd -l nginxuser"} with input as configured("nginxuser", [fixture_host.user("nginxuser", 9876, "/sbin/nologin", "set", 3)])
}

test_silent_on_a_locked_account_of_its_own if {
	keys(configured("nginxuser", [worker])) == set()
	keys(built([{"name": "--user", "value": "nginxuser"}], true)) == set()
	count(rule.unsure) == 0 with input as configured("nginxuser", [worker])
	count(rule.subjects) == 1 with input as configured("nginxuser", [worker])
}

test_unsure_about_an_account_that_is_not_listed if count(rule.unsure) == 1 with input as configured("nginxuser", [])

test_unsure_about_what_is_not_shown_of_it if {
	count(rule.unsure) == 1 with input as configured("nginxuser", [object.union(worker, {"password": "unknown"})])
	count(rule.unsure) == 1 with input as configured("nginxuser", [object.union(worker, {"shell": fixture.unknown("")})])
}

test_unsure_where_neither_configuration_nor_build_tell if count(rule.unsure) == 1 with input as built([], false)
