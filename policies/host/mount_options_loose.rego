# METADATA
# title: Writable file system allows programs, devices or other identities
# description: |-
#   Where everybody may write, an attacker's file must not be able to run, to be a device, or to run as somebody else. The rule
#   judges where the profile has the benchmark of the operating system.
# custom:
#   severity: low
#   fix: Add the options in /etc/fstab and mount again.
#   controls: [CIS-RHEL-MOUNT-OPTIONS]
#   bad: tmpfs /tmp tmpfs rw
#   good: tmpfs /tmp tmpfs rw,nosuid,nodev,noexec
package policies.host.mount_options_loose

import data.policies.lib.host

subjects contains target if {
	some target in host.benchmarked
	host.mounts[target]
}

# wanted: the options of what the benchmark names; the first two must be file
# systems of their own.
wanted := {
	"/tmp": {"noexec", "nodev", "nosuid"}, "/dev/shm": {"noexec", "nodev", "nosuid"}, "/var/tmp": {"noexec", "nodev", "nosuid"},
	"/var/log": {"noexec", "nodev", "nosuid"}, "/var/log/audit": {"noexec", "nodev", "nosuid"}, "/var": {"nodev", "nosuid"}, "/home": {"nodev", "nosuid"},
}

findings contains {
	"subject": target,
	"key": path,
	"message": sprintf("%s is mounted without %s", [path, concat(", ", missing)]),
	"fix": sprintf("mount -o remount,%s %s, and the same in /etc/fstab", [concat(",", missing), path]),
	"sources": [m.source],
} if {
	some target in subjects
	some path, options in wanted
	some m in host.mounts[target][path]
	missing := [option | some option, on in {"noexec": m.noexec, "nodev": m.nodev, "nosuid": m.nosuid}; not on; option in options]
	count(missing) > 0
}

findings contains {
	"subject": target,
	"key": path,
	"message": sprintf("%s is no file system of its own", [path]),
	"fix": sprintf("mount a tmpfs at %s with nodev,nosuid,noexec", [path]),
	"sources": [m.source | some m in host.mounts[target]["/"]],
} if {
	some target in subjects
	some path in {"/tmp", "/dev/shm"}
	not host.mounts[target][path]
	host.mounts[target]["/"]
}
