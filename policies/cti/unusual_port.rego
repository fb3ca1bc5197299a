# METADATA
# title: Secured CTI port does not follow the vendor's numbering
# description: |-
#   The port of each instance follows from its number, and scripts, firewalls and people rely on it. Another one is most
#   often a slip that the firewall then blocks.
# custom:
#   severity: low
#   fix: Use the port of the numbering, or record why the instance has another one.
#   controls: [CTI-03]
#   bad: "CG3 side A on 40630"
#   good: "CG3 side A on 46030"
package policies.cti.unusual_port

import data.policies.lib.cti

subjects contains subject if some subject, _ in cti.servers

findings contains {
	"subject": subject,
	"key": "port",
	"message": sprintf("%s on side %s has port %d; by the numbering it is %d", [server.instance, server.side, server.secured_port.value, usual]),
	"fix": sprintf("Set the secured port of %s on side %s to %d.", [server.instance, upper(server.side), usual]),
	"sources": [server.source],
} if {
	some subject, server in cti.servers
	server.secured_port.known
	server.instance_number.known
	usual := cti.port(input.profile.parameters.trust.cti.secured_port, server.instance_number.value, server.side)
	server.secured_port.value != usual
}

unsure contains {"subject": subject, "reason": "the number of the instance, or its secured port, is not known"} if {
	some subject, server in cti.servers
	not is_known(server.secured_port.known, server.instance_number.known)
}

is_known(true, true)
