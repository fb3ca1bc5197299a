package policies.kernel.syn_cookies_off_test

import data.policies.kernel.syn_cookies_off as rule
import data.policies.lib.fixture_host as fixture

parameters := {"kernel": [{"topic": "syn_cookies", "key": "net.ipv4.tcp_syncookies", "value": 1, "bound": "exactly", "interfaces": false}]}

doc(sysctls) := fixture.doc({"sysctls": sysctls}, parameters)

test_fires_on_another_value if {
	some f in rule.findings with input as doc([fixture.sysctl("net.ipv4.tcp_syncookies", 0, 7)])
	f.key == "net.ipv4.tcp_syncookies"
	f.sources[0].line == 7
	contains(f.message, "is 0; the profile asks for 1")
	contains(f.fix, "net.ipv4.tcp_syncookies = 1")
}

test_silent_on_the_value_of_the_profile if {
	d := doc([fixture.sysctl("net.ipv4.tcp_syncookies", 1, 7)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_where_the_list_does_not_show_it if {
	count(rule.unsure) == 1 with input as doc([fixture.sysctl("net.ipv6.conf.ens192.other", 0, 1), fixture.sysctl("kernel.other", 0, 2)])
}
