# METADATA
# title: Node loads the map from the gate itself
# description: |-
#   The host that faces the internet then decides which names the nodes hand out: whoever takes it over redirects
#   every agent. The map belongs on a server in the LAN.
# custom:
#   severity: low
#   fix: Move proxymap.txt to a web server in the LAN and change the config-uri of every node.
#   controls: [MAP-10, HTTP-22]
#   bad: |-
#     1. https://desk-a.agents.example:10000/proxymap.txt
#   good: |-
#     1. https://map.corp.example/proxymap.txt
package policies.vos.map_source_on_edge

import data.policies.lib.gated
import data.policies.lib.inventory
import data.policies.lib.origins
import data.policies.lib.proxymap

subjects contains node.target if some node in gated.nodes

on_edge(host) if inventory.edge_addresses[host]

on_edge(host) if proxymap.external_hosts[host]

declared(host) := [s | some s in inventory.edge_addresses[host]] if inventory.edge_addresses[host]

declared(host) := [s | some s in proxymap.external_hosts[host]] if not inventory.edge_addresses[host]

found[[node.target, host]] contains item.source if {
	some node in gated.nodes
	some item in node.config_uris.items
	host := origins.host(item.value)
	on_edge(host)
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("the map is loaded from %s, which is the gate", [id[1]]),
	"sources": array.concat([s | some s in sources], declared(id[1])),
} if {
	some id, sources in found
}

unsure contains {"subject": node.target, "reason": "the sources of the map are not known"} if {
	some node in gated.nodes
	not node.config_uris.known
}
