package policies.host.undersized_test

import data.policies.host.undersized as rule
import data.policies.lib.fixture
import data.policies.lib.fixture_host

volume(device, gibibytes) := {"device": device, "path": "/", "size_bytes": gibibytes * 1073741824, "available_bytes": 0, "source": fixture_host.place("df.txt", 2)}

hardware(fields) := object.union(
	{
		"cpus": fixture.known(4), "memory_bytes": fixture.known(8053063680), "volumes": [volume("/dev/sda1", 60), volume("/dev/sdb1", 60), volume("/dev/sdb1", 60), volume("tmpfs", 8)],
		"cpu_source": fixture_host.place("lscpu.txt", 3), "memory_source": fixture_host.place("meminfo", 1),
	},
	fields,
)

doc(fields) := fixture_host.doc({"hardware": hardware(fields)}, {"processors": 4, "memory_mebibytes": 7168, "disk_gibibytes": 90})

keys(fields) := got if got := {f.key | some f in rule.findings} with input as doc(fields)

test_fires_on_each_size if {
	keys({"cpus": fixture.known(2)}) == {"processors"}
	keys({"memory_bytes": fixture.known(4294967296)}) == {"memory"}
	keys({"volumes": [volume("/dev/sda1", 60), volume("tmpfs", 60)]}) == {"disk"}
}

test_fires_with_the_sizes if {
	{f.message | some f in rule.findings} == {"the host has 4096 MiB of memory; the profile asks for 7168"} with input as doc({"memory_bytes": fixture.known(4294967296)})
}

test_silent_on_the_published_size if {
	keys({}) == set()
	count(rule.unsure) == 0 with input as doc({})
	count(rule.subjects) == 1 with input as doc({})
}

test_silent_where_nothing_is_known if {
	count(rule.subjects) == 0 with input as doc({"cpus": fixture.unknown(0), "memory_bytes": fixture.unknown(0)})
}

test_unsure_about_what_is_not_known if {
	count(rule.unsure) == 1 with input as doc({"cpus": fixture.unknown(0)})
	count(rule.unsure) == 1 with input as doc({"memory_bytes": fixture.unknown(0)})
	count(rule.unsure) == 1 with input as doc({"volumes": []})
}
