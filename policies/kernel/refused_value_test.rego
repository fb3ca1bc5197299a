package policies.kernel.refused_value_test

import data.policies.kernel.refused_value as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

key := "net.ipv4.tcp_syn_retries"

setting(number) := {
	"key": key, "text": "x", "number": number, "pattern": "", "errors_ignored": false, "overrides": [],
	"source": fixture_host.place("90-reverse-proxy.conf", 40),
}

doc(number, sysctls) := fixture_host.doc({"sysctl_files": [setting(number)], "sysctls": sysctls}, {})

test_fires_on_no_retries if {
	some f in rule.findings with input as doc(fixture.known(0), [])
	f.key == key
	f.fix == "net.ipv4.tcp_syn_retries = 1"
	f.sources[0].line == 40
}

test_fires_with_what_the_kernel_kept if {
	some f in rule.findings with input as doc(fixture.known(0), [fixture_host.sysctl(key, 6, 3)])
	endswith(f.message, "so that it stays at 6")
	count(f.sources) == 2
}

test_silent_on_one_retry if {
	count(rule.findings) == 0 with input as doc(fixture.known(1), [])
	count(rule.subjects) == 1 with input as doc(fixture.known(1), [])
	count(rule.unsure) == 0 with input as doc(fixture.known(1), [])
}

test_silent_where_no_file_sets_it if count(rule.subjects) == 0 with input as fixture_host.doc({}, {})

test_unsure_about_what_is_no_number if count(rule.unsure) == 1 with input as doc(fixture.unknown(0), [])
