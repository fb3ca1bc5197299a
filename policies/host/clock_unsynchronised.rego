# METADATA
# title: Clock of the host is not synchronised
# description: |-
#   Certificates, tokens and log lines are all judged by the time, and a clock that drifts locks agents out or hides when an
#   attack began. The rule judges where the profile has the benchmark of the operating system.
# custom:
#   severity: medium
#   fix: Enable chronyd with the time servers of the site.
#   controls: [CIS-RHEL-TIME-SYNC]
#   bad: chronyd.service disabled
#   good: chronyd.service enabled
package policies.host.clock_unsynchronised

import data.policies.lib.host

subjects contains target if {
	some target in host.benchmarked
	host.places[target].units
}

services := {"chronyd.service", "chrony.service", "ntpd.service", "ntpsec.service", "systemd-timesyncd.service"}

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
	"message": "no service that keeps the time is enabled",
	"fix": "systemctl enable --now chronyd.service",
	"sources": [s | some s in host.places[target].units],
} if {
	some target in subjects
	not on(target)
}
