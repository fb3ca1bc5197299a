# METADATA
# title: Node does not trust a name or address of the gate
# description: |-
#   A node translates answers only for requests from hosts that it trusts. A gate that is missing from the list gets
#   internal names, or no answer at all, and failover to the other side fails with it.
# custom:
#   severity: high
#   fix: Run utils system reverse-proxy allowed-hosts add on the node and restart the Web Proxy Service.
#   controls: [VOS-01, XC-07]
#   bad: |-
#     1. 203.0.113.10
#     2. 10.9.0.10
#   good: |-
#     1. 203.0.113.10
#     2. 10.9.0.10
#     3. desk-a.agents.example
package policies.vos.trusted_host_missing

import data.policies.lib.gated
import data.policies.lib.inventory
import data.policies.lib.proxymap

subjects contains node.target if some node in gated.nodes

balancers := {lower(b) | some b in input.site.load_balancers}

# expected: external names of the map, and all addresses of all edges.
expected[host] contains source if {
	some host, sources in proxymap.external_hosts
	not host in balancers
	some source in sources
}

expected[address] contains source if {
	some address, sources in inventory.edge_addresses
	not address in balancers
	some source in sources
}

findings contains {
	"subject": node.target,
	"key": host,
	"message": sprintf("%s is not among the hosts that the node trusts", [host]),
	"fix": sprintf("Run utils system reverse-proxy allowed-hosts add %s on the node and restart the Web Proxy Service.", [host]),
	"sources": array.concat([node.allowed_hosts.source], [s | some s in sources]),
} if {
	some node in gated.nodes
	node.allowed_hosts.known
	trusted := {lower(i.value) | some i in node.allowed_hosts.items}
	some host, sources in expected
	not host in trusted
}

unsure contains {"subject": node.target, "reason": "the list of trusted hosts is not known"} if {
	some node in gated.nodes
	not node.allowed_hosts.known
}

unsure contains {"subject": node.target, "reason": "neither the map nor the inventory names a gate"} if {
	some node in gated.nodes
	count(expected) == 0
}
