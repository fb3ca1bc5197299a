package policies.kernel.lost_at_restart_test

import data.policies.kernel.lost_at_restart as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

parameters := {"kernel": [
	{"topic": "forwarding", "key": "net.ipv4.ip_forward", "value": 0, "bound": "exactly", "interfaces": false},
	{"topic": "ptrace", "key": "kernel.yama.ptrace_scope", "value": 1, "bound": "least", "interfaces": false},
	{"topic": "tuning", "key": "net.ipv4.tcp_syn_retries", "value": 1, "bound": "exactly", "interfaces": false},
]}

setting(key, number, overrides) := {
	"key": key, "text": "1", "number": number, "pattern": "", "errors_ignored": false,
	"overrides": overrides, "source": fixture_host.place("99-local.conf", 3),
}

earlier := [{"text": "0", "source": fixture_host.place("90-reverse-proxy.conf", 22)}]

doc(settings) := fixture_host.doc({"sysctl_files": settings}, parameters)

test_fires_on_a_later_line if {
	some f in rule.findings with input as doc([setting("net.ipv4.ip_forward", fixture.known(1), earlier)])
	f.key == "net.ipv4.ip_forward"
	count(f.sources) == 2
	f.sources[0].line == 3
	contains(f.message, "1 earlier lines are undone")
}

test_fires_on_a_single_line if {
	some f in rule.findings with input as doc([setting("net.ipv4.ip_forward", fixture.known(1), [])])
	not contains(f.message, "undone")
}

test_silent_on_the_value_of_the_profile if {
	count(rule.findings) == 0 with input as doc([setting("net.ipv4.ip_forward", fixture.known(0), [])])
	count(rule.unsure) == 0 with input as doc([setting("net.ipv4.ip_forward", fixture.known(0), [])])
	count(rule.subjects) == 1 with input as doc([setting("net.ipv4.ip_forward", fixture.known(0), [])])
}

test_silent_on_what_the_kernel_refuses if count(rule.findings) == 0 with input as doc([setting("net.ipv4.tcp_syn_retries", fixture.known(0), [])])

test_fires_on_what_the_benchmark_asks_for if {
	d := doc([setting("kernel.yama.ptrace_scope", fixture.known(0), [])])
	count(rule.findings) == 1 with input as d
	count(rule.findings) == 0 with input as object.union(d, {"profile": {"parameters": {"host": {"benchmark": false}}}})
}

test_unsure_about_what_is_no_number if count(rule.unsure) == 1 with input as doc([setting("net.ipv4.ip_forward", fixture.unknown(0), [])])
