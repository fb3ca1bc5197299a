package policies.kernel.processes_traceable_test

import data.policies.kernel.processes_traceable as rule
import data.policies.lib.fixture_host as fixture

parameters := {"kernel": [{"topic": "ptrace", "key": "kernel.yama.ptrace_scope", "value": 1, "bound": "least", "interfaces": false}]}

doc(sysctls) := fixture.doc({"sysctls": sysctls}, parameters)

test_fires_on_another_value if {
	some f in rule.findings with input as doc([fixture.sysctl("kernel.yama.ptrace_scope", 0, 7)])
	f.key == "kernel.yama.ptrace_scope"
	f.sources[0].line == 7
	contains(f.message, "is 0; the profile asks for at least 1")
	contains(f.fix, "kernel.yama.ptrace_scope = 1")
}

test_silent_on_the_value_of_the_profile if {
	d := doc([fixture.sysctl("kernel.yama.ptrace_scope", 1, 7)])
	count(rule.subjects) == 1 with input as d
	count(rule.findings) == 0 with input as d
	count(rule.unsure) == 0 with input as d
}

test_unsure_where_the_list_does_not_show_it if {
	count(rule.unsure) == 1 with input as doc([fixture.sysctl("net.ipv6.conf.ens192.other", 0, 1), fixture.sysctl("kernel.other", 0, 2)])
}

test_silent_without_the_benchmark if {
	count(rule.subjects) == 0 with input as object.union(doc([fixture.sysctl("kernel.yama.ptrace_scope", 0, 7)]), {"profile": {"parameters": {"host": {"benchmark": false}}}})
}
