# METADATA
# title: SELinux does not enforce
# description: |-
#   SELinux confines a worker that was taken over to what a web server needs. Permissive mode only writes down what would have
#   been refused, and a mode that is not in the configuration is gone with the next start.
# related_resources:
# - ref: https://man7.org/linux/man-pages/man8/selinux.8.html
# custom:
#   severity: high
#   fix: Set SELINUX=enforcing in /etc/selinux/config and run setenforce 1.
#   controls: [HOST-03, CIS-RHEL-SELINUX-INSTALLED, CIS-RHEL-SELINUX-BOOT, CIS-RHEL-SELINUX-ENFORCING]
#   bad: 'Current mode: permissive'
#   good: 'Current mode: enforcing'
package policies.host.selinux_off

subjects contains record.target if some record in input.host

findings contains {
	"subject": record.target,
	"key": "mode",
	"message": sprintf("the current mode is %s", [record.selinux.mode]),
	"fix": now[record.selinux.mode],
	"sources": [record.selinux.source],
} if {
	some record in input.host
	record.selinux.mode in {"permissive", "disabled"}
}

now := {
	"permissive": "setenforce 1",
	"disabled": "set SELINUX=permissive in /etc/selinux/config, relabel (`fixfiles -F onboot`), restart, then set SELINUX=enforcing",
}

findings contains {
	"subject": record.target,
	"key": "next start",
	"message": sprintf("the configuration asks for %s, which holds from the next start on", [record.selinux.configured]),
	"fix": "SELINUX=enforcing",
	"sources": [record.selinux.configured_source],
} if {
	some record in input.host
	record.selinux.configured in {"permissive", "disabled"}
}

unsure contains {"subject": record.target, "reason": "the current mode is not known"} if {
	some record in input.host
	record.selinux.mode == "unknown"
}

unsure contains {"subject": record.target, "reason": "the mode after the next start is not known"} if {
	some record in input.host
	record.selinux.configured == "unknown"
}
