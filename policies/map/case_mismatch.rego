# METADATA
# title: Case of a mapped name differs
# description: |-
#   Some releases compare names of the map byte by byte. An entry that differs from the name in use by case only
#   looks right to every reader and matches nothing.
# custom:
#   severity: medium
#   fix: Write both names in the same case; lower case everywhere is safe in all releases.
#   controls: [MAP-04]
#   bad: |-
#     fin-a.corp.example:8445=Desk-A.agents.example:8445   # server_name desk-a.agents.example
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
package policies.map.case_mismatch

import data.policies.lib.inventory
import data.policies.lib.nginx
import data.policies.lib.proxymap

subjects contains pair.subject if {
	input.profile.parameters.map_case != "none"
	some pair in proxymap.pairs
}

findings contains {
	"subject": pair.subject,
	"key": sprintf("external %s", [pair.key]),
	"message": sprintf("the map writes %s, the server %s", [pair.external.host, concat(", ", spellings)]),
	"sources": array.concat(pair.sources, [s | some s in nginx.record_sources]),
} if {
	input.profile.parameters.map_case in {"exact", "external"}
	some pair in proxymap.pairs
	spellings := nginx.spellings[lower(pair.external.host)]
	not pair.external.host in spellings
}

findings contains {
	"subject": pair.subject,
	"key": sprintf("internal %s", [pair.key]),
	"message": sprintf("the map writes %s, the inventory %s", [pair.internal.host, inventory.nodes[node].host]),
	"sources": array.concat(pair.sources, [inventory.nodes[node].source]),
} if {
	input.profile.parameters.map_case == "exact"
	some pair in proxymap.pairs
	exact := {n | some n in inventory.node_of[lower(pair.internal.host)]; inventory.nodes[n].host == pair.internal.host}
	count(exact) == 0
	folded := [n | some n in inventory.node_of[lower(pair.internal.host)]; lower(inventory.nodes[n].host) == lower(pair.internal.host)]
	node := folded[0]
}
