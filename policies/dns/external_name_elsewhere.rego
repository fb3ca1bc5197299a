# METADATA
# title: External name leads elsewhere on the internet
# description: |-
#   Agents reach the gate by the name that the map gives to browsers. Where it leads to another address, they type their
#   passwords for somebody else, or meet nothing; where it leads to an inside address, nobody outside gets anywhere.
# custom:
#   severity: high
#   fix: Correct the public DNS entry so that it names the edge or the load balancer in front of it.
#   controls: [XC-04]
#   bad: |-
#     desk-a.agents.example.  IN A 198.51.100.7
#   good: |-
#     desk-a.agents.example.  IN A 203.0.113.10
package policies.dns.external_name_elsewhere

import data.policies.lib.lookups
import data.policies.lib.proxymap

view := "internet"

named contains {"pair": pair, "name": trim_suffix(lower(pair.external.host), ".")} if {
	some pair in proxymap.pairs
	not pair.external.ip_address
}

subjects contains n.pair.subject if some n in named

balancers := {lower(b) | some b in input.site.load_balancers}

# gates: the public addresses of edges, of load balancers, and what the names of
# load balancers lead to.
gates contains lower(address) if {
	some edge in input.site.edges
	some address in edge.addresses.public
}

gates contains balancer if some balancer in balancers

gates contains address if {
	some balancer in balancers
	some address in lookups.addresses(view, balancer)
}

# A name that stands for a load balancer is right, whatever its addresses.
by_balancer(name) if count(lookups.aliases(view, name) & balancers) > 0

findings contains {
	"subject": n.pair.subject,
	"key": sprintf("%s %s", [n.pair.key, address]),
	"message": sprintf("on the internet %s is %s, which is neither a public address of an edge nor a load balancer", [n.name, address]),
	"fix": sprintf("Let %s resolve to %s on the internet.", [n.name, concat(" or ", gates)]),
	"sources": array.concat(n.pair.sources, lookups.sources(view, n.name)),
} if {
	count(gates) > 0
	some n in named
	not by_balancer(n.name)
	some address in lookups.addresses(view, n.name)
	not address in gates
}

findings contains {
	"subject": n.pair.subject,
	"key": sprintf("%s missing", [n.pair.key]),
	"message": sprintf("%s has no address on the internet", [n.name]),
	"fix": sprintf("Enter %s into the public DNS.", [n.name]),
	"sources": array.concat(n.pair.sources, lookups.sources(view, n.name)),
} if {
	some n in named
	lookups.status(view, n.name) == "missing"
}

unsure contains {"subject": n.pair.subject, "reason": sprintf("what %s is on the internet is not known", [n.name])} if {
	some n in named
	lookups.status(view, n.name) == "open"
}

unsure contains {"subject": n.pair.subject, "reason": "the site file declares no public address of an edge"} if {
	some n in named
	count(gates) == 0
}
