# METADATA
# title: The two sides of the gate differ
# description: |-
#   Agents move to the other side when one fails, and meet other limits, ciphers or closed paths there at the worst moment. An
#   attacker picks the weaker side at any time.
# custom:
#   severity: medium
#   fix: Give both edges the same rules, limits and ciphers; only names of hosts may differ.
#   controls: [XC-23]
#   bad: "limit_req zone=finesse burst=50;   # side A, and burst=500 on side B"
#   good: "limit_req zone=finesse burst=50;   # on both sides"
package policies.xc.edges_differ

import data.policies.lib.nginx
import data.policies.lib.sides

subjects contains pair.b if some pair in sides.pairs

# common: the ports on which both edges of a pair forward, and the whole edge.
common contains {"pair": pair, "port": port} if {
	some pair in sides.pairs
	some port in (sides.served[pair.a] & sides.served[pair.b])
}

common contains {"pair": pair, "port": 0} if {
	some pair in sides.pairs
	sides.served[pair.a]
	sides.served[pair.b]
}

aspects[[c.pair.a, c.pair.b, c.port]] contains aspect if {
	some c in common
	some aspect, _ in sides.in_force[c.pair.a][c.port]
}

aspects[[c.pair.a, c.pair.b, c.port]] contains aspect if {
	some c in common
	some aspect, _ in sides.in_force[c.pair.b][c.port]
}

at(0) := "the whole edge"

at(port) := sprintf("port %d", [port]) if port != 0

worded(texts) := concat(" and ", sort([t | some t in texts])) if count(texts) > 0

worded(texts) := "missing" if count(texts) == 0

findings contains {
	"subject": c.pair.b,
	"key": sprintf("%s: %s on %s", [c.pair.a_name, aspect, at(c.port)]),
	"message": sprintf("%s on %s: %s at %s, %s at %s", [aspect, at(c.port), worded(on_a), c.pair.a_name, worded(on_b), c.pair.b_name]),
	"sources": array.concat(sources_of(c.pair.b, c.port, aspect), sources_of(c.pair.a, c.port, aspect)),
	"fix": sprintf("Write at both edges, on %s: %s %s", [at(c.port), aspect, worded(on_a | on_b)]),
} if {
	some c in common
	some aspect in aspects[[c.pair.a, c.pair.b, c.port]]
	on_a := sides.texts(c.pair.a, c.port, aspect)
	on_b := sides.texts(c.pair.b, c.port, aspect)
	on_a != on_b
}

sources_of(edge, port, aspect) := [v.source | some v in sides.in_force[edge][port][aspect]] if sides.in_force[edge][port][aspect]

# Where one side has nothing, the configuration itself shows it.
sources_of(edge, port, aspect) := [record.source | some record in input.nginxrules; record.target == edge] if {
	not sides.in_force[edge][port][aspect]
}

unsure contains {"subject": pair.b, "reason": sprintf("the configuration of %s or %s was not read", [pair.a_name, pair.b_name])} if {
	some pair in sides.pairs
	count({pair.a, pair.b} & nginx.unread_edges) > 0
}
