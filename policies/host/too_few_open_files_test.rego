package policies.host.too_few_open_files_test

import data.policies.host.too_few_open_files as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

doc(main) := object.union(fixture_host.doc({}, {"open_files": 102400}), {"nginxrules": [object.union(fixture.nginx([], []), {"main": main})]})

test_fires_on_a_small_limit if {
	some f in rule.findings with input as doc([fixture.amount("worker_rlimit_nofile", "1024", 1024, 2)])
	f.fix == "worker_rlimit_nofile 102400;"
}

test_silent_on_the_limit_of_the_profile if {
	d := doc([fixture.amount("worker_rlimit_nofile", "102400", 102400, 2)])
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
	count(rule.subjects) == 1 with input as d
}

test_silent_where_the_container_has_the_limit if {
	edge := object.union(fixture_host.site.edges[0], {"env": "rp-a/envs"})
	count(rule.subjects) == 0 with input as object.union(doc([]), {"site": {"edges": [edge]}})
}

test_unsure_where_it_is_not_written if count(rule.unsure) == 1 with input as doc([])
