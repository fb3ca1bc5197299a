# METADATA
# title: Host is smaller than the guide asks for
# description: |-
#   The limits of the gate were measured on hosts of a published size. A smaller one reaches the end of its processors or memory
#   first, and then agents wait for each other.
# custom:
#   severity: medium
#   fix: Give the host the processors, memory and disk of the profile.
#   controls: [HOST-16]
#   bad: 'CPU(s): 2'
#   good: 'CPU(s): 4'
package policies.host.undersized

import data.policies.lib.host

# Once any of the three is known, what is not is a gap that leaves the rest open.
subjects contains record.target if {
	some record in input.host
	true in {record.hardware.cpus.known, record.hardware.memory_bytes.known}
}

findings contains {
	"subject": record.target,
	"key": "processors",
	"message": sprintf("the host has %d processors; the profile asks for %d", [record.hardware.cpus.value, input.profile.parameters.host.processors]),
	"sources": [record.hardware.cpu_source],
} if {
	some record in input.host
	record.hardware.cpus.known
	record.hardware.cpus.value < input.profile.parameters.host.processors
}

findings contains {
	"subject": record.target,
	"key": "memory",
	"message": sprintf("the host has %d MiB of memory; the profile asks for %d", [floor(record.hardware.memory_bytes.value / 1048576), input.profile.parameters.host.memory_mebibytes]),
	"sources": [record.hardware.memory_source],
} if {
	some record in input.host
	record.hardware.memory_bytes.known
	record.hardware.memory_bytes.value < input.profile.parameters.host.memory_mebibytes * 1048576
}

# One device counts once, however often it is mounted; memory is no disk.
sizes[record.target] contains [volume.device, volume.size_bytes] if {
	some record in input.host
	some volume in record.hardware.volumes
	startswith(volume.device, "/")
}

findings contains {
	"subject": target,
	"key": "disk",
	"message": sprintf("the file systems of the host hold %d GiB; the profile asks for %d", [floor(total / 1073741824), input.profile.parameters.host.disk_gibibytes]),
	"sources": [s | some s in host.places[target].volumes],
} if {
	some target, volumes in sizes
	host.places[target].volumes
	total := sum([v[1] | some v in volumes])
	total < input.profile.parameters.host.disk_gibibytes * 1073741824
}

unsure contains {"subject": record.target, "reason": "the number of processors is not known"} if {
	some record in input.host
	record.target in subjects
	not record.hardware.cpus.known
}

unsure contains {"subject": record.target, "reason": "the size of the memory is not known"} if {
	some record in input.host
	record.target in subjects
	not record.hardware.memory_bytes.known
}

unsure contains {"subject": target, "reason": "the size of the disks is not known"} if {
	some target in subjects
	not sizes[target]
}
