package policies.kernel.reverse_path_unchecked_test

import data.policies.kernel.reverse_path_unchecked as rule
import data.policies.lib.fixture_host as fixture

parameters := {"kernel": [{"topic": "reverse_path", "key": "net.ipv4.conf.all.rp_filter", "value": 1, "bound": "exactly", "interfaces": false}]}

doc(sysctls) := fixture.doc({"sysctls": sysctls}, parameters)

test_fires_on_another_value if {
	some f in rule.findings with input as doc([fixture.sysctl("net.ipv4.conf.all.rp_filter", 2, 7)])
	f.key == "net.ipv4.conf.all.rp_filter"
	f.sources[0].line == 7
	contains(f.message, "is 2; the profile asks for 1")
	contains(f.fix, "net.ipv4.conf.all.rp_filter = 1")
}

test_silent_on_the_value_of_the_profile if {
	d := doc([fixture.sysctl("net.ipv4.conf.all.rp_filter", 1, 7)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_where_the_list_does_not_show_it if {
	count(rule.unsure) == 1 with input as doc([fixture.sysctl("net.ipv6.conf.ens192.other", 0, 1), fixture.sysctl("kernel.other", 0, 2)])
}

test_fires_on_a_loose_interface_beside_a_strict_value_for_all if {
	some f in rule.findings with input as doc([fixture.sysctl("net.ipv4.conf.all.rp_filter", 1, 7), fixture.sysctl("net.ipv4.conf.ens192.rp_filter", 2, 8)])
	f.key == "net.ipv4.conf.ens192.rp_filter"
	f.sources[0].line == 8
}

test_silent_on_an_interface_that_adds_nothing if {
	every value in [0, 1] {
		count(rule.findings) == 0 with input as doc([fixture.sysctl("net.ipv4.conf.all.rp_filter", 1, 7), fixture.sysctl("net.ipv4.conf.ens192.rp_filter", value, 8)])
	}
}
