# METADATA
# title: Node loads the map without TLS
# description: |-
#   Whoever can change the answer on the way tells the node which names to hand to browsers. Within a minute every
#   login can lead to a foreign host.
# custom:
#   severity: high
#   fix: Serve the map by https from a server in the LAN, upload its CA to tomcat-trust and change the config-uri.
#   controls: [MAP-10]
#   bad: |-
#     1. http://map.corp.example/proxymap.txt
#   good: |-
#     1. https://map.corp.example/proxymap.txt
package policies.vos.clear_text_map_source

import data.policies.lib.gated

subjects contains node.target if some node in gated.nodes

clear[[node.target, item.value]] contains item.source if {
	some node in gated.nodes
	some item in node.config_uris.items
	not startswith(lower(item.value), "https://")
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("the map is loaded from %s", [id[1]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in clear
}

unsure contains {"subject": node.target, "reason": "the sources of the map are not known"} if {
	some node in gated.nodes
	not node.config_uris.known
}
