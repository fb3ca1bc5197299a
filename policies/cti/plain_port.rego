# METADATA
# title: Finesse uses a plain port of the CTI server
# description: |-
#   The plain port stands beside the secured one and works without encryption. With encryption switched on it does not
#   work at all, and the desktop stays out of service.
# custom:
#   severity: high
#   fix: Enter the secured port in Finesse Administration, CTI server settings.
#   controls: [CTI-03]
#   bad: "<port>42027</port>"
#   good: "<port>42030</port>"
package policies.cti.plain_port

import data.policies.lib.cti

subjects contains "site" if count(cti.settings) > 0

# Side B of one instance and side A of the next lie one step apart.
is_plain(port) if {
	offset := port - input.profile.parameters.trust.cti.plain_port
	offset >= 0
	offset % input.profile.parameters.trust.cti.side_step == 0
}

findings contains {
	"subject": "site",
	"key": sprintf("side %s", [side]),
	"message": sprintf("Finesse connects to port %d of %s, which is a plain port", [peer.port.value, peer.host]),
	"fix": sprintf("Enter %d as port of side %s in Finesse's CTI server settings.", [secured(peer.port.value), upper(side)]),
	"sources": [peer.source],
} if {
	some side, list in cti.peers
	some peer in list
	peer.port.known
	is_plain(peer.port.value)
}

secured(port) := (port - input.profile.parameters.trust.cti.plain_port) + input.profile.parameters.trust.cti.secured_port

unsure contains {"subject": "site", "reason": sprintf("the port of side %s is not known", [side])} if {
	some side, list in cti.peers
	some peer in list
	not peer.port.known
}
