# METADATA
# title: One side of a cluster is not mapped
# description: |-
#   The desktop fails over to the other side by the name that the map gives it. A side without an entry cannot be
#   reached from outside, so the first failure of a server ends all work at home.
# custom:
#   severity: high
#   fix: Add entries for the servers of the side, each with an external endpoint of its own.
#   controls: [XC-36, MAP-06]
#   bad: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445   # and none for fin-b
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
#     fin-b.corp.example:8445=desk-b.agents.example:8445
package policies.xc.side_unmapped

import data.policies.lib.inventory
import data.policies.lib.proxymap

subject(name) := sprintf("cluster/%s", [name])

# Names of nodes by cluster, role and side, where both sides have such nodes.
members[[cluster.name, node.role, "a"]] contains node.subject if {
	some cluster in input.site.clusters
	some name in cluster.side_a
	node := named[name]
	node.role in {"finesse", "cuic", "livedata", "ids", "cloudconnect"}
}

members[[cluster.name, node.role, "b"]] contains node.subject if {
	some cluster in input.site.clusters
	some name in cluster.side_b
	node := named[name]
	node.role in {"finesse", "cuic", "livedata", "ids", "cloudconnect"}
}

named[node.name] := node if some node in inventory.nodes

member_of := members

# doubled: the products of each cluster that stand on both sides.
doubled contains [id[0], id[1]] if {
	some id, _ in member_of
	id[2] == "a"
	member_of[[id[0], id[1], "b"]]
}

subjects contains subject(id[0]) if some id in doubled

# mapped: the nodes that some entry leads to.
mapped contains node if {
	some pair in proxymap.pairs
	some node in inventory.node_of[lower(pair.internal.host)]
}

findings contains {
	"subject": subject(id[0]),
	"key": sprintf("%s %s", [id[1], side]),
	"message": sprintf("no entry of the map leads to a %s server of side %s (%s)", [id[1], side, concat(", ", member_of[[id[0], id[1], side]])]),
	"fix": sprintf("Add to the map an entry for each port of %s, with an external endpoint of its own.", [concat(", ", member_of[[id[0], id[1], side]])]),
	"sources": array.concat([inventory.nodes[n].source | some n in member_of[[id[0], id[1], side]]], [s | some s in proxymap.record_sources]),
} if {
	count(proxymap.record_sources) > 0
	some id in doubled
	some side in {"a", "b"}
	count(member_of[[id[0], id[1], side]] & mapped) == 0
}
