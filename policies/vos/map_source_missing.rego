# METADATA
# title: Node loads the map from nowhere, or from elsewhere than its peers
# description: |-
#   Without a source a node keeps whatever map it once had, or none. Nodes with different sources translate names
#   differently, which shows only after a failover.
# custom:
#   severity: high
#   fix: Set the same one or two map URLs in the same order on every node with config-uri add.
#   controls: [VOS-04]
#   bad: |-
#     admin:utils system reverse-proxy config-uri list
#     Currently no source is configured
#   good: |-
#     admin:utils system reverse-proxy config-uri list
#     1. https://map.corp.example/proxymap.txt
package policies.vos.map_source_missing

import data.policies.lib.gated
import data.policies.lib.inventory

subjects contains node.target if some node in gated.nodes

findings contains {
	"subject": node.target,
	"key": "none",
	"message": "the node has no source of the proxy map",
	"sources": [node.config_uris.source],
} if {
	some node in gated.nodes
	node.config_uris.known
	count(node.config_uris.items) == 0
}

findings contains {
	"subject": node.target,
	"key": "many",
	"message": sprintf("the node has %d sources of the map; %d are supported", [count(node.config_uris.items), input.profile.parameters.config_uris]),
	"sources": [node.config_uris.source],
} if {
	some node in gated.nodes
	node.config_uris.known
	count(node.config_uris.items) > input.profile.parameters.config_uris
}

group_of(target) := inventory.cluster_of[target]

group_of(target) := "" if not inventory.cluster_of[target]

# lists[cluster]: the distinct lists of its nodes, each with its nodes.
lists[group_of(node.target)] contains {"node": node.target, "uris": [i.value | some i in node.config_uris.items], "source": node.config_uris.source} if {
	some node in gated.nodes
	node.config_uris.known
}

# The first node in order is what the others are compared with.
reference := {group: first |
	some group, members in lists
	ordered := sort([m.node | some m in members])
	some first in members
	first.node == ordered[0]
}

findings contains {
	"subject": member.node,
	"key": "different",
	"message": sprintf("the sources [%s] differ from [%s] of %s", [concat(" ", member.uris), concat(" ", reference[group].uris), reference[group].node]),
	"sources": [member.source, reference[group].source],
} if {
	some group, members in lists
	some member in members
	member.uris != reference[group].uris
}

unsure contains {"subject": node.target, "reason": "the sources of the map are not known"} if {
	some node in gated.nodes
	not node.config_uris.known
}
