# METADATA
# title: Internal name leads elsewhere on the gate
# description: |-
#   The gate forwards to the name, so whoever answers for it in the view of the DMZ gets the requests of the agents, with
#   their passwords. A public address, or that of another server, is a mistake or an attack.
# custom:
#   severity: high
#   fix: Correct the name in /etc/hosts of the gate, or in the DNS of the DMZ.
#   controls: [XC-04]
#   optional: [dns, host]
#   bad: |-
#     fin-a.corp.example.  IN A 198.51.100.7
#   good: |-
#     fin-a.corp.example.  IN A 10.1.0.11
package policies.dns.internal_name_elsewhere

import data.policies.lib.inventory
import data.policies.lib.lookups
import data.policies.lib.proxymap

# The view of the DMZ is the gate's own; without it that of the local network.
view := "dmz" if "dmz" in lookups.views

view := "lan" if {
	not "dmz" in lookups.views
	"lan" in lookups.views
}

named contains {"pair": pair, "name": trim_suffix(lower(pair.internal.host), ".")} if {
	some pair in proxymap.pairs
	not pair.internal.ip_address
}

subjects contains n.pair.subject if some n in named

# declared_addresses of a name: those of the nodes that have it.
declared_addresses[n.name] contains lower(address) if {
	some n in named
	some node in inventory.node_of[n.name]
	some address in inventory.nodes[node].addresses
}

hosts_lines[lower(name)] contains {"address": lower(line.address), "source": line.source} if {
	some host in input.host
	some line in host.names
	some name in line.names
}

lines := hosts_lines

# answers[name]: the addresses by the hosts file of an edge, or else by lookup.
answers[n.name] := {l.address | some l in lines[n.name]} if {
	some n in named
	lines[n.name]
}

answers[n.name] := lookups.addresses(view, n.name) if {
	some n in named
	not lines[n.name]
	lookups.status(view, n.name) == "answered"
}

places(name) := [l.source | some l in lines[name]] if lines[name]

places(name) := lookups.sources(view, name) if not lines[name]

wrong(name, address) if {
	declared_addresses[name]
	not address in declared_addresses[name]
}

wrong(name, address) if {
	not declared_addresses[name]
	not lookups.inside(address)
}

findings contains {
	"subject": n.pair.subject,
	"key": sprintf("%s %s", [n.pair.key, address]),
	"message": sprintf("on the gate %s is %s, which is no address of a node", [n.name, address]),
	"fix": sprintf("Let %s resolve to %s on the gate.", [n.name, concat(" or ", wanted(n.name))]),
	"sources": array.concat(n.pair.sources, places(n.name)),
} if {
	some n in named
	some address in answers[n.name]
	wrong(n.name, address)
}

wanted(name) := declared_addresses[name]

wanted(name) := {"an address of the local network"} if not declared_addresses[name]

findings contains {
	"subject": n.pair.subject,
	"key": sprintf("%s missing", [n.pair.key]),
	"message": sprintf("%s has no address on the gate", [n.name]),
	"fix": sprintf("Let %s resolve to %s on the gate.", [n.name, concat(" or ", wanted(n.name))]),
	"sources": array.concat(n.pair.sources, places(n.name)),
} if {
	some n in named
	not lines[n.name]
	lookups.status(view, n.name) == "missing"
}

unsure contains {"subject": n.pair.subject, "reason": sprintf("what %s is on the gate is not known", [n.name])} if {
	some n in named
	not answered(n.name)
}

answered(name) if lines[name]

answered(name) if lookups.status(view, name) in {"answered", "missing"}
