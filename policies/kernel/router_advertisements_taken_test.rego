package policies.kernel.router_advertisements_taken_test

import data.policies.kernel.router_advertisements_taken as rule
import data.policies.lib.fixture_host as fixture

parameters := {"kernel": [{"topic": "router_advertisements", "key": "net.ipv6.conf.all.accept_ra", "value": 0, "bound": "exactly", "interfaces": true}]}

doc(sysctls) := fixture.doc({"sysctls": sysctls}, parameters)

test_fires_on_another_value if {
	some f in rule.findings with input as doc([fixture.sysctl("net.ipv6.conf.all.accept_ra", 1, 7)])
	f.key == "net.ipv6.conf.all.accept_ra"
	f.sources[0].line == 7
	contains(f.message, "is 1; the profile asks for 0")
	contains(f.fix, "net.ipv6.conf.all.accept_ra = 0")
}

test_silent_on_the_value_of_the_profile if {
	d := doc([fixture.sysctl("net.ipv6.conf.all.accept_ra", 0, 7)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_where_the_list_does_not_show_it if {
	count(rule.unsure) == 1 with input as doc([fixture.sysctl("net.ipv6.conf.ens192.other", 0, 1), fixture.sysctl("kernel.other", 0, 2)])
}

test_fires_on_one_interface if {
	some f in rule.findings with input as doc([fixture.sysctl("net.ipv6.conf.all.accept_ra", 0, 7), fixture.sysctl("net.ipv6.conf.ens192.accept_ra", 1, 8)])
	f.key == "net.ipv6.conf.ens192.accept_ra"
	f.sources[0].line == 8
}

test_unsure_where_a_list_leaves_ipv6_out if {
	interface := {"name": "lo", "up": true, "loopback": true, "addresses": [{"family": "ipv6", "address": "::1", "prefix_length": 128, "scope": "host"}], "source": fixture.place("ip-address.json", 1)}
	listed := {"sysctls": [fixture.sysctl("net.ipv4.ip_forward", 0, 1)]}
	count(rule.unsure) == 1 with input as fixture.doc(object.union(listed, {"interfaces": [interface]}), parameters)
	count(rule.unsure) == 1 with input as object.union(doc([]), {"host": [fixture.unread("addresses", listed)]})
}

test_silent_where_the_kernel_has_no_ipv6 if {
	count(rule.subjects) == 0 with input as doc([fixture.sysctl("net.ipv4.ip_forward", 0, 1)])
	count(rule.subjects) == 0 with input as doc([fixture.sysctl("net.ipv6.conf.all.disable_ipv6", 1, 1)])
}
