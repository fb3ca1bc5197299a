package policies.kernel.tuning_differs_test

import data.policies.kernel.tuning_differs as rule
import data.policies.lib.fixture_host as fixture

parameters := {"kernel": [{"topic": "tuning", "key": "net.core.somaxconn", "value": 511, "bound": "least", "interfaces": false}]}

doc(sysctls) := fixture.doc({"sysctls": sysctls}, parameters)

test_fires_on_another_value if {
	some f in rule.findings with input as doc([fixture.sysctl("net.core.somaxconn", 128, 7)])
	f.key == "net.core.somaxconn"
	f.sources[0].line == 7
	contains(f.message, "is 128; the profile asks for at least 511")
	contains(f.fix, "net.core.somaxconn = 511")
}

test_silent_on_the_value_of_the_profile if {
	d := doc([fixture.sysctl("net.core.somaxconn", 511, 7)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_where_the_list_does_not_show_it if {
	count(rule.unsure) == 1 with input as doc([fixture.sysctl("net.ipv6.conf.ens192.other", 0, 1), fixture.sysctl("kernel.other", 0, 2)])
}

bounded(bound, number) := fixture.doc({"sysctls": [fixture.sysctl("net.core.somaxconn", number, 7)]}, {"kernel": [object.union(parameters.kernel[0], {"bound": bound})]})

test_fires_by_each_bound if {
	count(rule.findings) == 1 with input as bounded("most", 512)
	count(rule.findings) == 1 with input as bounded("exactly", 512)
	count(rule.findings) == 0 with input as bounded("least", 512)
	count(rule.findings) == 0 with input as bounded("most", 510)
}

test_fires_on_what_is_no_number if {
	d := doc([object.union(fixture.sysctl("net.core.somaxconn", 0, 7), {"text": "many", "number": {"known": false, "value": 0, "origin": {"kind": "unresolved", "version": ""}}})])
	count(rule.findings) == 1 with input as d
}
