# METADATA
# title: Edge does not keep inside and outside on interfaces of their own
# description: |-
#   Two network interfaces let each firewall see only its own side, and let packet rules tell where a packet came from. With one,
#   or with nodes that are reached through the outer one, an address is all that separates agents from servers.
# custom:
#   severity: high
#   fix: Give the edge an outer and an inner interface, and route the nodes through the inner one.
#   controls: [NET-06]
#   bad: default via 203.0.113.1 dev ens192   (and no route to the nodes)
#   good: 10.1.0.0/24 via 10.9.0.1 dev ens224
package policies.net.interfaces_not_separate

import data.policies.lib.host
import data.policies.lib.networks

edges := {edge.subject: edge |
	some edge in input.site.edges
	host.places[edge.subject].addresses
}

subjects contains subject if some subject, _ in edges

# wired[edge]: interfaces with an address that others can reach.
wired[record.target] contains {"name": interface.name, "source": interface.source} if {
	some record in input.host
	some interface in record.interfaces
	not interface.loopback
	some address in interface.addresses
	address.scope in {"global", "site"}
}

findings contains {
	"subject": subject,
	"key": "one",
	"message": sprintf("the host has %d interface with an address", [count({w.name | some w in wired[subject]})]),
	"sources": array.concat([w.source | some w in wired[subject]], [s | some s in host.places[subject].addresses]),
} if {
	some subject, _ in edges
	count({w.name | some w in wired_of(subject)}) < 2
}

wired_of(subject) := wired[subject]

wired_of(subject) := set() if not wired[subject]

findings contains {
	"subject": subject,
	"key": "same",
	"message": sprintf("the site file gives %s as both the outer and the inner interface", [edge.interfaces.external]),
	"sources": [edge.source],
} if {
	some subject, edge in edges
	edge.interfaces.external != ""
	edge.interfaces.external == edge.interfaces.internal
}

# lies[edge, address]: the interface that an address is on.
lies[[record.target, address.address]] contains {"name": interface.name, "source": interface.source} if {
	some record in input.host
	some interface in record.interfaces
	some address in interface.addresses
}

findings contains {
	"subject": subject,
	"key": sprintf("address %s", [address]),
	"message": sprintf("the inner address %s is on the outer interface %s", [address, on.name]),
	"sources": [on.source],
} if {
	some subject, edge in edges
	some address in edge.addresses.private
	some on in lies[[subject, address]]
	on.name == edge.interfaces.external
	not address in edge.addresses.public
}

findings contains {
	"subject": subject,
	"key": sprintf("address %s", [address]),
	"message": sprintf("the outer address %s is on the inner interface %s", [address, on.name]),
	"sources": [on.source],
} if {
	some subject, edge in edges
	some address in edge.addresses.public
	some on in lies[[subject, address]]
	on.name == edge.interfaces.internal
	not address in edge.addresses.private
}

# ways[edge, address]: the routes to a node, each with how exact it is.
ways[[record.target, address]] contains {"width": width(route["default"], route.destination), "interface": route.interface, "source": route.source} if {
	some record in input.host
	some route in record.routes
	route.table == "main"
	route.interface != ""
	some node in input.site.nodes
	some address in node.addresses
	reaches(route["default"], route.family, route.destination, address)
}

width(true, _) := -1

width(false, destination) := networks.width(destination)

reaches(true, family, _, address) if family == family_of(address)

reaches(false, _, destination, address) if net.cidr_contains(networks.cidr(destination), address)

family_of(address) := "ipv6" if contains(address, ":")

family_of(address) := "ipv4" if not contains(address, ":")

findings contains {
	"subject": id[0],
	"key": sprintf("route %s", [id[1]]),
	"message": sprintf("the node at %s is reached through the outer interface %s", [id[1], way.interface]),
	"fix": sprintf("ip route add %s via the inner gateway dev %s, and the same in the configuration of the interface", [id[1], edges[id[0]].interfaces.internal]),
	"sources": [way.source],
} if {
	some id, found in ways
	some way in found
	way.width == max({w.width | some w in found})
	edges[id[0]].interfaces.internal != ""
	way.interface == edges[id[0]].interfaces.external
}

unsure contains {"subject": subject, "reason": "the site file does not name both interfaces"} if {
	some subject, edge in edges
	"" in {edge.interfaces.external, edge.interfaces.internal}
}
