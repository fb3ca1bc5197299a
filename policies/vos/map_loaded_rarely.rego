# METADATA
# title: Node loads the map rarely, or never
# description: |-
#   A change of the map reaches the nodes only with their next load. Until then the gate and the nodes disagree about
#   names, and an administrator who waits a minute believes that his change does not work.
# custom:
#   severity: low
#   fix: Set the interval with utils system reverse-proxy set-config-update-frequency on the node.
#   controls: [VOS-05]
#   bad: |-
#     admin:utils system reverse-proxy show-config-update-frequency
#     No config-uri configured
#   good: |-
#     admin:utils system reverse-proxy show-config-update-frequency
#     1 minute
package policies.vos.map_loaded_rarely

import data.policies.lib.gated

subjects contains node.target if some node in gated.nodes

findings contains {
	"subject": node.target,
	"key": "none",
	"message": "the node never loads the map, since it has no config-uri",
	"fix": "Run utils system reverse-proxy config-uri add with the URL of the map on the node.",
	"sources": [node.update_minutes.source],
} if {
	some node in gated.nodes
	node.update_minutes.known
	node.update_minutes.value == "none"
}

findings contains {
	"subject": node.target,
	"key": "rare",
	"message": sprintf("the node loads the map every %s minutes; %d is the longest interval of the guides", [node.update_minutes.value, input.profile.parameters.vos.map_minutes]),
	"fix": sprintf("Run utils system reverse-proxy set-config-update-frequency %d on the node.", [input.profile.parameters.vos.map_minutes]),
	"sources": [node.update_minutes.source],
} if {
	some node in gated.nodes
	node.update_minutes.known
	regex.match(`^[0-9]{1,9}$`, node.update_minutes.value)
	to_number(node.update_minutes.value) > input.profile.parameters.vos.map_minutes
}

unsure contains {"subject": node.target, "reason": "the answer of show-config-update-frequency is not known"} if {
	some node in gated.nodes
	not node.update_minutes.known
}
