package policies.ssh.files_loose_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.files_loose as rule

config := fixture.file("/etc/ssh/sshd_config", "0600", "root", 3)

doc(files) := fixture.doc({"files": files}, {})

keys(files) := got if got := {f.key | some f in rule.findings} with input as doc(files)

test_fires_on_a_readable_configuration if {
	keys([fixture.file("/etc/ssh/sshd_config", "0644", "root", 3)]) == {"/etc/ssh/sshd_config"}
	keys([config, fixture.file("/etc/ssh/sshd_config.d/10-a.conf", "0640", "root", 4)]) == {"/etc/ssh/sshd_config.d/10-a.conf"}
	keys([fixture.file("/etc/ssh/sshd_config", "0600", "admin", 3)]) == {"/etc/ssh/sshd_config"}
}

test_fires_on_a_readable_key if {
	some f in rule.findings with input as doc([config, fixture.file("/etc/ssh/ssh_host_rsa_key", "0644", "root", 4)])
	f.fix == "chown root /etc/ssh/ssh_host_rsa_key && chmod 0600 /etc/ssh/ssh_host_rsa_key"
}

test_fires_on_a_writable_public_key if {
	some f in rule.findings with input as doc([config, fixture.file("/etc/ssh/ssh_host_rsa_key.pub", "0664", "root", 4)])
	contains(f.fix, "chmod 0644")
	keys([config, fixture.file("/etc/ssh/ssh_host_rsa_key.pub", "0646", "root", 4)]) == {"/etc/ssh/ssh_host_rsa_key.pub"}
	keys([config, fixture.file("/etc/ssh/ssh_host_rsa_key.pub", "0644", "admin", 4)]) == {"/etc/ssh/ssh_host_rsa_key.pub"}
}

test_silent_on_tight_files if {
	files := [config, fixture.file("/etc/ssh/ssh_host_rsa_key", "0640", "root", 4), fixture.file("/etc/ssh/ssh_host_rsa_key.pub", "0644", "root", 5)]
	keys(files) == set()
	count(rule.subjects) == 1 with input as doc(files)
	count(rule.unsure) == 0 with input as doc(files)
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture.unbenchmarked({"files": [config]})

test_unsure_without_the_configuration if count(rule.unsure) == 1 with input as doc([fixture.file("/etc/ssh/ssh_host_rsa_key", "0600", "root", 4)])
