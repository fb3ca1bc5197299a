# METADATA
# title: Sides of a map entry are swapped
# description: |-
#   The internal endpoint belongs to the left of the sign, the external one to the right. Swapped, the nodes hand
#   internal names to browsers on the internet, and nobody can log in.
# custom:
#   severity: high
#   fix: Exchange the two sides, so that the node stands left and the name of the gate right.
#   controls: [MAP-02]
#   bad: |-
#     desk-a.agents.example:8445=fin-a.corp.example:8445
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
package policies.map.swapped_sides

import data.policies.lib.inventory
import data.policies.lib.nginx
import data.policies.lib.proxymap

subjects contains pair.subject if some pair in proxymap.pairs

is_node(host) if inventory.node_of[lower(host)]

is_gate(host) if nginx.spellings[lower(host)]

is_gate(host) if inventory.edge_addresses[lower(host)]

findings contains {
	"subject": pair.subject,
	"key": sprintf("right %s", [pair.key]),
	"message": sprintf("%s on the external side is a node", [pair.external.host]),
	"sources": array.concat(pair.sources, [inventory.nodes[node].source | some node in inventory.node_of[lower(pair.external.host)]]),
} if {
	some pair in proxymap.pairs
	is_node(pair.external.host)
	not is_gate(pair.external.host)
}

findings contains {
	"subject": pair.subject,
	"key": sprintf("left %s", [pair.key]),
	"message": sprintf("%s on the internal side is a name of the gate", [pair.internal.host]),
	"sources": array.concat(pair.sources, [s | some s in nginx.record_sources]),
} if {
	some pair in proxymap.pairs
	is_gate(pair.internal.host)
	not is_node(pair.internal.host)
}

unsure contains {"subject": pair.subject, "reason": sprintf("neither %s nor %s is declared or served", [pair.internal.host, pair.external.host])} if {
	some pair in proxymap.pairs
	not is_node(pair.internal.host)
	not is_gate(pair.internal.host)
	not is_node(pair.external.host)
	not is_gate(pair.external.host)
	lower(pair.internal.host) != lower(input.site.idp.host)
}
