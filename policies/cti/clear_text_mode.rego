# METADATA
# title: CTI server accepts clear text only
# description: |-
#   Everything that an agent does, and the data of the callers, crosses the network between Finesse and the gateway as it
#   is. The mode without encryption is not supported with a gate.
# related_resources:
# - ref: https://www.cisco.com/c/en/us/support/docs/contact-center/packaged-contact-center-enterprise/217188.html
# custom:
#   severity: high
#   fix: In Peripheral Gateway Setup switch on secured mode for the CTI server, and set the secured port in Finesse.
#   controls: [CTI-01]
#   bad: "{instance: CG1, side: a, mode: non-secured}"
#   good: "{instance: CG1, side: a, mode: secured, secured_port: 42030}"
package policies.cti.clear_text_mode

import data.policies.lib.cti

subjects contains subject if some subject, _ in cti.servers

findings contains {
	"subject": subject,
	"key": "mode",
	"message": sprintf("the CTI server of %s on side %s accepts no secured connection", [server.instance, server.side]),
	"sources": [server.source],
} if {
	some subject, server in cti.servers
	server.mode == "non-secured"
}

unsure contains {"subject": subject, "reason": "the site file does not declare how the CTI server accepts connections"} if {
	some subject, server in cti.servers
	server.mode == "unknown"
}
