# METADATA
# title: Audit daemon does not run
# description: |-
#   Without it nobody can tell after an incident what was changed on the host, and by whom. The rule judges where the profile has
#   the benchmark of the operating system.
# custom:
#   severity: low
#   fix: Install auditd and enable it.
#   controls: [CIS-RHEL-AUDITD]
#   bad: auditd.service disabled
#   good: auditd.service enabled
package policies.host.audit_daemon_off

import data.policies.lib.host

subjects contains target if {
	some target in host.benchmarked
	host.places[target].units
}

services := {"auditd.service"}

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
	"message": "auditd.service is neither enabled nor running",
	"fix": "systemctl enable --now auditd.service",
	"sources": [s | some s in host.places[target].units],
} if {
	some target in subjects
	not on(target)
}
