# METADATA
# title: Finesse talks to its CTI servers in clear text
# description: |-
#   Names, numbers and states of all agents and callers cross the network as they are. The switch is one for both sides,
#   and a side without a server stops the desktop when the other one fails.
# custom:
#   severity: high
#   fix: In Finesse Administration, CTI server settings, enable SSL encryption, enter the secured ports of both sides and restart Finesse.
#   controls: [CTI-02]
#   bad: "<secure>false</secure>"
#   good: "<secure>true</secure>"
package policies.cti.link_not_encrypted

import data.policies.lib.cti

subjects contains "site" if count(cti.settings) > 0

findings contains {
	"subject": "site",
	"key": "secure",
	"message": "SSL encryption is off in Finesse's CTI server settings",
	"sources": [s | some s in plain],
} if {
	count(plain) > 0
}

plain contains setting.source if {
	some setting in cti.settings
	setting.secure.known
	not setting.secure.value
}

findings contains {
	"subject": "site",
	"key": "side b",
	"message": "Finesse has no CTI server of side B, and the site file declares one",
	"sources": array.concat([setting.source | some setting in cti.settings], [server.source | some server in cti.servers; server.side == "b"]),
} if {
	count(cti.settings) == 1
	some declared in cti.servers
	declared.side == "b"
	count(cti.peers.b) == 0
}

unsure contains {"subject": "site", "reason": "the configuration does not tell whether the links are encrypted"} if {
	some setting in cti.settings
	not setting.secure.known
}

unsure contains {"subject": "site", "reason": "the configuration holds several CTI settings"} if count(cti.settings) > 1
