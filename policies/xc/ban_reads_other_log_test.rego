package policies.xc.ban_reads_other_log_test

import data.policies.lib.fixture
import data.policies.lib.fixture_host
import data.policies.xc.ban_reads_other_log as rule

doc(logs, files) := object.union(
	fixture_host.doc({"jails": [fixture_host.jail({"log_paths": logs})], "files": files}, {}),
	{"nginxrules": [object.union(fixture.nginx([], []), {"main": [fixture.setting("error_log", ["/var/log/gate/error.log", "info"], 3)]})]},
)

test_fires_on_another_log if {
	some f in rule.findings with input as doc(["/var/log/nginx/blocking.log"], [])
	f.fix == "logpath = /usr/local/openresty/nginx/logs/blocking.log"
	count(f.sources) == 2
	f.sources[0].artifact != f.sources[1].artifact
}

test_fires_on_a_log_that_is_not_there if {
	path := "/usr/local/openresty/nginx/logs/blocking.log"
	{f.key | some f in rule.findings} == {sprintf("finesse-http-auth gone %s", [path])} with input as doc([path], [fixture_host.gone(path, 4)])
}

test_silent_on_the_log_of_the_gate if {
	every path in ["/usr/local/openresty/nginx/logs/blocking.log", "/usr/local/openresty/nginx/logs/block*.log", "/var/log/gate/error.log"] {
		count(rule.findings) == 0 with input as doc([path], [])
	}
	count(rule.subjects) == 1 with input as doc([], []) with data.policies.lib.bans.jails as {"edge/rp-a": set()}
}

test_silent_without_a_configuration if {
	count(rule.subjects) == 0 with input as fixture_host.doc({"jails": [fixture_host.jail({})]}, {})
}

test_unsure_without_a_prefix if {
	edge := object.union(fixture_host.site.edges[0], {"nginx": {"prefix": "", "conf": ""}})
	d := object.union(fixture_host.doc({"jails": [fixture_host.jail({})]}, {}), {"site": {"edges": [edge]}, "nginxrules": [fixture.nginx([], [])]})
	count(rule.unsure) == 1 with input as d
}
