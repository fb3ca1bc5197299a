# METADATA
# title: Nodes of a cluster differ in their cross-origin filter
# description: |-
#   The setting is local to each node, so one forgotten node works until an agent fails over to it. Then the same
#   gadget that worked a minute ago stays empty.
# custom:
#   severity: medium
#   fix: Repeat the command on the node that lacks the origin, or delete the origin on the others.
#   controls: [CORS-07]
#   bad: |-
#     fin-a: 1: https://desk-a.agents.example:8444
#     fin-b: Currently no origins are configured in allowed origins.
#   good: |-
#     fin-a: 1: https://desk-a.agents.example:8444
#     fin-b: 1: https://desk-a.agents.example:8444
package policies.cors.difference_between_nodes

import data.policies.lib.callers
import data.policies.lib.inventory

subjects contains record.target if some record in input.cors

group_of(target) := inventory.cluster_of[target]

group_of(target) := "" if not inventory.cluster_of[target]

# held[cluster component]: each origin that any node allows, with the places.
held[[group_of(record.target), record.component]] contains {"origin": item.value, "source": item.source, "node": record.target} if {
	some record in input.cors
	record.allowed_origins.known
	some item in record.allowed_origins.items
}

held_by := held

lacking[[record.target, record.component, other.origin]] contains other.source if {
	some record in input.cors
	record.allowed_origins.known
	own := {i.value | some i in record.allowed_origins.items}
	some other in held_by[[group_of(record.target), record.component]]
	not other.origin in own
}

lists[[record.target, record.component]] contains record.allowed_origins.source if some record in input.cors

list_sources := lists

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s allows %s on another node of the cluster, not here", [id[1], id[2]]),
	"fix": sprintf("Run on the node: utils %s cors allowed_origin add %s", [callers.words[id[1]], id[2]]),
	"sources": array.concat([s | some s in list_sources[[id[0], id[1]]]], [s | some s in sources]),
} if {
	some id, sources in lacking
}

modes[[group_of(record.target), record.component]] contains {"mode": record.mode, "node": record.target, "source": record.mode_source} if {
	some record in input.cors
	record.mode != "unknown"
}

states := modes

findings contains {
	"subject": record.target,
	"key": sprintf("%s mode", [record.component]),
	"message": sprintf("the filter of %s is %s here and %s elsewhere in the cluster", [record.component, record.mode, concat(", ", {o.mode | some o in others})]),
	"sources": array.concat([record.mode_source], [o.source | some o in others]),
} if {
	some record in input.cors
	record.mode != "unknown"
	others := {s | some s in states[[group_of(record.target), record.component]]; s.mode != record.mode}
	count(others) > 0
}

unsure contains {"subject": record.target, "reason": sprintf("the filter of %s is not fully known", [record.component])} if {
	some record in input.cors
	not is_read(record.allowed_origins.known, record.mode)
}

is_read(true, mode) if mode != "unknown"
