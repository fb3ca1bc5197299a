package policies.host.logs_unrotated_test

import data.policies.host.logs_unrotated as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

access := "/usr/local/openresty/nginx/logs/access.log"

stanza(list) := {"patterns": list, "source": fixture_host.place("logrotate", 3)}

doc(rotations, units) := object.union(
	fixture_host.doc({"log_rotations": rotations, "units": units}, {}),
	{"nginxrules": [object.union(fixture.nginx([], []), {"http": [fixture.setting("access_log", ["logs/access.log", "gate"], 12), fixture.preset("error_log", ["logs/error.log"])]})]},
)

test_fires_on_a_log_that_no_stanza_names if {
	some f in rule.findings with input as doc([stanza(["/var/log/nginx/*.log"])], [])
	f.key == access
	startswith(f.fix, access)
	count(f.sources) == 2
}

test_fires_on_a_blocking_log_elsewhere if {
	d := fixture_host.doc({"jails": [fixture_host.jail({"log_paths": ["/var/log/gate/blocking.log", "/var/log/*/x.log"]})], "log_rotations": [stanza(["/usr/local/openresty/nginx/logs/*.log"])]}, {})
	{f.key | some f in rule.findings} == {"/var/log/gate/blocking.log"} with input as d
}

test_fires_on_a_timer_that_is_off if {
	{f.key | some f in rule.findings} == {"timer"} with input as doc([stanza(["/usr/local/openresty/nginx/logs/*.log"])], [fixture_host.unit("logrotate.timer", "disabled", "inactive", 9)])
}

test_silent_on_a_pattern_of_the_folder if {
	d := doc([stanza(["/usr/local/openresty/nginx/logs/*.log"])], [fixture_host.unit("logrotate.timer", "enabled", "active", 9)])
	count(rule.findings) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_where_logrotate_was_not_read if {
	d := object.union(doc([], []), {"host": [fixture_host.unread("logrotate", {})]})
	count(rule.findings) == 0 with input as d
}
