# METADATA
# title: Notification port is mapped, but no gate passes it on
# description: |-
#   Desktops outside get their events over the WebSocket of the desktop's own port; the other ports of the notification
#   service are closed to them. An integration that needs such a port does not work without a VPN, whatever the map says.
# related_resources:
# - ref: https://developer.cisco.com/docs/finesse/
# custom:
#   severity: high
#   fix: Remove the entry, and let the integration use the WebSocket of the desktop's port.
#   controls: [XC-39, BSC-02]
#   bad: |-
#     fin-a.corp.example:7443=desk-a.agents.example:7443
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
package policies.xc.notification_port_mapped

import data.policies.lib.inventory
import data.policies.lib.proxymap

# desktop contains the entries that lead to Finesse, each with its node.
desktop contains {"pair": pair, "node": node} if {
	some pair in proxymap.pairs
	some node in inventory.node_of[lower(pair.internal.host)]
	inventory.nodes[node].role in {"finesse", "uccx"}
}

subjects contains d.pair.subject if some d in desktop

findings contains {
	"subject": d.pair.subject,
	"key": sprintf("%s %s", [d.pair.key, d.node]),
	"message": sprintf("port %d of %s is mapped to %s, which carries no notifications outside", [d.pair.internal_port, d.pair.internal.host, d.pair.external_id]),
	"fix": sprintf("Delete the line %s=%s from the map.", [d.pair.internal.text, d.pair.external.text]),
	"sources": array.concat(d.pair.sources, [inventory.nodes[d.node].source]),
} if {
	some d in desktop
	d.pair.internal_port in input.profile.parameters.vos.notification_ports
}

unsure contains {"subject": pair.subject, "reason": sprintf("whether %s is a Finesse server is not declared", [pair.internal.host])} if {
	some pair in proxymap.pairs
	pair.internal_port in input.profile.parameters.vos.notification_ports
	not inventory.node_of[lower(pair.internal.host)]
}

subjects contains pair.subject if {
	some pair in proxymap.pairs
	pair.internal_port in input.profile.parameters.vos.notification_ports
	not inventory.node_of[lower(pair.internal.host)]
}
