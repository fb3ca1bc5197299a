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

# common: the posts that both edges of a pair have, and the whole edge.
common contains {"pair": pair, "post": post} if {
	some pair in sides.pairs
	some post in (sides.served[pair.a] & sides.served[pair.b])
}

common contains {"pair": pair, "post": sides.whole} if {
	some pair in sides.pairs
	sides.served[pair.a]
	sides.served[pair.b]
}

aspects[[c.pair.a, c.pair.b, c.post]] contains aspect if {
	some c in common
	some edge in [c.pair.a, c.pair.b]
	some aspect, _ in sides.in_force[edge][c.post]
}

# differing: what each edge of a pair has for itself, with the posts where that is so. A
# directive of an outer block shows at all of them.
differing[{"pair": c.pair, "aspect": aspect, "a": on_a - on_b, "b": on_b - on_a}] contains c.post if {
	some c in common
	some aspect in aspects[[c.pair.a, c.pair.b, c.post]]
	on_a := sides.texts(c.pair.a, c.post, aspect)
	on_b := sides.texts(c.pair.b, c.post, aspect)
	on_a != on_b
}

findings contains {
	"subject": d.pair.b,
	"key": sprintf("%s: %s %s", [d.pair.a_name, d.aspect, places[0]]),
	"message": sprintf("%s %s: %s", [d.aspect, concat(", ", places), told(d.pair.a_name, d.pair.b_name, d.a, d.b)]),
	"sources": array.concat(
		[s | some s in {s | some post in posts; some s in sources_of(d.pair.b, post, d.aspect)}],
		[s | some s in {s | some post in posts; some s in sources_of(d.pair.a, post, d.aspect)}],
	),
	"fix": fix(d.aspect, d.pair.a_name, d.pair.b_name, d.a, d.b),
} if {
	some d, posts in differing
	places := sort([post | some post in posts])
}

listed(texts) := concat(" and ", sort([t | some t in texts]))

told(a, b, on_a, on_b) := sprintf("only %s has %s, and only %s has %s", [a, listed(on_a), b, listed(on_b)]) if {
	count(on_a) > 0
	count(on_b) > 0
}

told(a, b, on_a, on_b) := sprintf("%s has %s, which %s lacks", [a, listed(on_a), b]) if count(on_b) == 0

told(a, b, on_a, on_b) := sprintf("%s has %s, which %s lacks", [b, listed(on_b), a]) if count(on_a) == 0

# fix: where both have something of their own, only the site knows which is meant.
fix(aspect, a, b, on_a, on_b) := sprintf("Write one %s at both edges: %s as %s has it, or %s as %s.", [aspect, listed(on_a), a, listed(on_b), b]) if {
	count(on_a) > 0
	count(on_b) > 0
}

fix(aspect, a, b, on_a, on_b) := sprintf("Write %s at %s as well (%s), or remove it at %s.", [aspect, b, listed(on_a), a]) if count(on_b) == 0

fix(aspect, a, b, on_a, on_b) := sprintf("Write %s at %s as well (%s), or remove it at %s.", [aspect, a, listed(on_b), b]) if count(on_a) == 0

sources_of(edge, post, aspect) := [v.source | some v in sides.in_force[edge][post][aspect]] if sides.in_force[edge][post][aspect]

# Where one side has nothing, the configuration itself shows it.
sources_of(edge, post, aspect) := [record.source | some record in input.nginxrules; record.target == edge] if {
	not sides.in_force[edge][post][aspect]
}

unsure contains {"subject": pair.b, "reason": sprintf("the configuration of %s or %s was not read", [pair.a_name, pair.b_name])} if {
	some pair in sides.pairs
	count({pair.a, pair.b} & nginx.unread_edges) > 0
}
