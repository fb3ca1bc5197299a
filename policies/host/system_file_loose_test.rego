package policies.host.system_file_loose_test

import data.policies.host.system_file_loose as rule
import data.policies.lib.fixture_host

passwd := fixture_host.file("/etc/passwd", "0644", "root", 1)

shadow := fixture_host.file("/etc/shadow", "0000", "root", 2)

doc(files) := fixture_host.doc({"files": files}, {})

keys(files) := got if got := {f.key | some f in rule.findings} with input as doc(files)

test_fires_on_wider_modes if {
	keys([fixture_host.file("/etc/passwd", "0664", "root", 1), shadow]) == {"/etc/passwd"}
	keys([passwd, fixture_host.file("/etc/shadow", "0644", "root", 2)]) == {"/etc/shadow"}
	keys([passwd, shadow, fixture_host.file("/etc/sysconfig/iptables", "0644", "root", 3)]) == {"/etc/sysconfig/iptables"}
}

test_fires_on_another_owner if {
	some f in rule.findings with input as doc([fixture_host.file("/etc/passwd", "0644", "deploy", 1), shadow])
	f.fix == "chown root /etc/passwd && chmod 0644 /etc/passwd"
}

test_silent_on_files_of_root if {
	keys([passwd, shadow, fixture_host.file("/etc/sysconfig/iptables", "0600", "root", 3)]) == set()
	count(rule.subjects) == 1 with input as doc([passwd, shadow])
	count(rule.unsure) == 0 with input as doc([passwd, shadow])
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture_host.unbenchmarked({"files": [passwd]})

test_unsure_about_a_file_that_is_not_listed if count(rule.unsure) == 1 with input as doc([passwd])
