package policies.host.mount_options_loose_test

import data.policies.host.mount_options_loose as rule
import data.policies.lib.fixture_host

tight := ["rw", "noexec", "nodev", "nosuid"]

good := [fixture_host.mount("/", "xfs", ["rw"], 1), fixture_host.mount("/tmp", "tmpfs", tight, 2), fixture_host.mount("/dev/shm", "tmpfs", tight, 3), fixture_host.mount("/home", "xfs", ["rw", "nodev", "nosuid"], 4)]

doc(mounts) := fixture_host.doc({"mounts": mounts}, {})

keys(mounts) := got if got := {f.key | some f in rule.findings} with input as doc(mounts)

test_fires_on_missing_options if {
	some f in rule.findings with input as doc([good[0], good[2], fixture_host.mount("/tmp", "tmpfs", ["rw", "nodev"], 2)])
	f.message == "/tmp is mounted without noexec, nosuid"
}

test_fires_on_a_shared_file_system if keys([good[0], good[2]]) == {"/tmp"}

test_silent_on_tight_mounts if {
	keys(good) == set()
	count(rule.subjects) == 1 with input as doc(good)
}

test_silent_without_the_benchmark if count(rule.subjects) == 0 with input as fixture_host.unbenchmarked({"mounts": good})
