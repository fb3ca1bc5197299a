# METADATA
# title: Host runs services that a gate has no use for
# description: |-
#   Each service is code that answers strangers as soon as a packet rule is wrong. What is not needed for forwarding is
#   switched off, so that nobody has to patch it.
# custom:
#   severity: medium
#   fix: Disable and stop the unit.
#   controls: [HOST-13, CIS-RHEL-SERVICES]
#   bad: rpcbind.service enabled
#   good: rpcbind.service disabled
package policies.host.unneeded_service

import data.policies.lib.host

subjects contains target if {
	some target in host.targets
	host.places[target].units
}

on[[target, name]] contains unit.source if {
	some target in subjects
	some name in input.profile.parameters.host.unneeded_units
	some unit in host.services[target][name]
	starts(unit.enabled, unit.active)
}

starts(true, _)

starts(_, "active")

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is enabled or running", [id[1]]),
	"fix": sprintf("systemctl disable --now %s", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in on
}
