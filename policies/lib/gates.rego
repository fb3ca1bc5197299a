# Which hosts each node trusts as a gate, and which of the site's gates it does not.
package policies.lib.gates

import data.policies.lib.inventory
import data.policies.lib.proxymap

# lists: the list of trusted hosts of each node that shows its command line.
lists := {node.target: {"known": node.allowed_hosts.known, "source": node.allowed_hosts.source} | some node in input.vos}

trusted[node.target] contains lower(item.value) if {
	some node in input.vos
	some item in node.allowed_hosts.items
}

# is_gate holds for an external name of the map, and for an address of an edge.
is_gate(host) if proxymap.external_hosts[host]

is_gate(host) if inventory.edge_addresses[host]

# untrusted holds for a gate that is not on the list of a node.
untrusted(target, host) if {
	lists[target].known
	is_gate(host)
	not trusts(target, host)
}

trusts(target, host) if host in trusted[target]
