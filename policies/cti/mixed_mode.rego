# METADATA
# title: CTI server accepts clear text beside encryption
# description: |-
#   Mixed mode is a step of a migration. As long as it stays, any client may fall back to clear text without anybody
#   noticing.
# custom:
#   severity: low
#   fix: Move the remaining clients to the secured port and set the CTI server to secured mode only.
#   controls: [CTI-01]
#   bad: "{instance: CG1, side: a, mode: mixed}"
#   good: "{instance: CG1, side: a, mode: secured}"
package policies.cti.mixed_mode

import data.policies.lib.cti

subjects contains subject if some subject, _ in cti.servers

findings contains {
	"subject": subject,
	"key": "mode",
	"message": sprintf("the CTI server of %s on side %s accepts clear text too", [server.instance, server.side]),
	"sources": [server.source],
} if {
	some subject, server in cti.servers
	server.mode == "mixed"
}

unsure contains {"subject": subject, "reason": "the site file does not declare how the CTI server accepts connections"} if {
	some subject, server in cti.servers
	server.mode == "unknown"
}
