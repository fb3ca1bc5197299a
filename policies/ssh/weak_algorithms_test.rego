package policies.ssh.weak_algorithms_test

import data.policies.lib.fixture_host as fixture
import data.policies.ssh.weak_algorithms as rule

parameters := {"ssh": {"weak_algorithms": ["*-cbc", "hmac-sha1*", "*-group1-*"]}}

good := [
	fixture.ssh("ciphers", "aes256-gcm@openssh.com,aes256-ctr", 3), fixture.ssh("macs", "hmac-sha2-256-etm@openssh.com", 4),
	fixture.ssh("kexalgorithms", "curve25519-sha256", 5),
]

doc(settings) := fixture.doc({"sshd": fixture.sshd(settings)}, parameters)

test_fires_on_each_weak_one if {
	d := doc([good[0], fixture.ssh("macs", "hmac-sha1,hmac-sha1-etm@openssh.com,hmac-sha2-512", 4), good[2]])
	{f.key | some f in rule.findings} == {"MACs hmac-sha1", "MACs hmac-sha1-etm@openssh.com"} with input as d
	{f.fix | some f in rule.findings} == {"MACs -hmac-sha1,hmac-sha1-etm@openssh.com"} with input as d
}

test_fires_on_a_block_cipher if {
	some f in rule.findings with input as doc([fixture.ssh("ciphers", "aes256-ctr,aes128-cbc", 3), good[1], good[2]])
	f.message == "Ciphers offers aes128-cbc"
	f.sources[0].line == 3
}

test_silent_on_strong_ones if {
	count(rule.findings) == 0 with input as doc(good)
	count(rule.unsure) == 0 with input as doc(good)
	count(rule.subjects) == 1 with input as doc(good)
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture.unbenchmarked({"sshd": fixture.sshd(good)})

test_unsure_about_a_list_that_is_not_written if count(rule.unsure) == 1 with input as doc([good[0], good[1]])

test_unsure_about_a_change_of_the_default if {
	file := object.union(fixture.sshd([good[0], good[1], fixture.ssh("kexalgorithms", "-diffie-hellman-group1-sha1", 6)]), {"effective": false})
	count(rule.unsure) == 1 with input as fixture.doc({"sshd": file}, parameters)
}
