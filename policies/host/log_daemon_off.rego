# METADATA
# title: No log daemon runs
# description: |-
#   Messages of the kernel and of services then stay in memory and are gone with the next start. The rule judges where the
#   profile has the benchmark of the operating system.
# custom:
#   severity: low
#   fix: Enable rsyslog, or let journald keep its log on disk.
#   controls: [CIS-RHEL-LOGGING]
#   bad: rsyslog.service disabled
#   good: rsyslog.service enabled
package policies.host.log_daemon_off

import data.policies.lib.host

subjects contains target if {
	some target in host.benchmarked
	host.places[target].units
}

services := {"rsyslog.service", "syslog-ng.service", "systemd-journald.service"}

on(target) if {
	some name in services
	host.enabled(target, name)
}

# Some services are started by others, and are not enabled themselves.
on(target) if {
	some name in services
	host.running(target, name)
}

findings contains {
	"subject": target,
	"key": "service",
	"message": "neither rsyslog nor journald is enabled or running",
	"fix": "systemctl enable --now rsyslog.service",
	"sources": [s | some s in host.places[target].units],
} if {
	some target in subjects
	not on(target)
}
