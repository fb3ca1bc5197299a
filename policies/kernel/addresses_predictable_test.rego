package policies.kernel.addresses_predictable_test

import data.policies.kernel.addresses_predictable as rule
import data.policies.lib.fixture_host as fixture

parameters := {"kernel": [{"topic": "address_space", "key": "kernel.randomize_va_space", "value": 2, "bound": "exactly", "interfaces": false}]}

doc(sysctls) := fixture.doc({"sysctls": sysctls}, parameters)

test_fires_on_another_value if {
	some f in rule.findings with input as doc([fixture.sysctl("kernel.randomize_va_space", 1, 7)])
	f.key == "kernel.randomize_va_space"
	f.sources[0].line == 7
	contains(f.message, "is 1; the profile asks for 2")
	contains(f.fix, "kernel.randomize_va_space = 2")
}

test_silent_on_the_value_of_the_profile if {
	d := doc([fixture.sysctl("kernel.randomize_va_space", 2, 7)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_where_the_list_does_not_show_it if {
	count(rule.unsure) == 1 with input as doc([fixture.sysctl("net.ipv6.conf.ens192.other", 0, 1), fixture.sysctl("kernel.other", 0, 2)])
}
