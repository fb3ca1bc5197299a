# Which component calls which across origins, and so which origins of the gate
# each component has to allow.
package policies.lib.callers

import data.policies.lib.inventory
import data.policies.lib.proxymap

# of[component]: whose pages call it.
of := {"finesse": {"cuic"}, "cuic": {"finesse"}, "livedata": {"finesse"}}

# words are the names of the components on the command line.
words := {"finesse": "finesse", "cuic": "cuic", "livedata": "live-data"}

# mapped: what each mapped internal endpoint is. No page comes from a notification
# port. A Unified CCX server runs several components and is told apart by port.
mapped contains {"pair": pair, "component": node.role, "node": node.subject} if {
	some pair in proxymap.pairs
	some n in inventory.node_of[lower(pair.internal.host)]
	node := inventory.nodes[n]
	node.role in {"finesse", "cuic", "livedata"}
	not notifies(pair.internal_port)
}

notifies(port) if port in input.profile.parameters.vos.notification_ports

mapped contains {"pair": pair, "component": component, "node": node.subject} if {
	some pair in proxymap.pairs
	some n in inventory.node_of[lower(pair.internal.host)]
	node := inventory.nodes[n]
	node.role == "uccx"
	some component in components_at[pair.internal_port]
}

# components_at[port]: what listens there on a server that runs all of them.
components_at := ports

ports[port] contains group.component if {
	some group in input.profile.parameters.vos.component_ports
	some port in group.ports
}

# expected[component]: the origins that it must allow, with the node behind each.
expected := expectations

expectations[component] contains {"origin": origin, "node": e.node, "sources": e.pair.sources} if {
	some e in mapped
	some component, called in of
	e.component in called
	origin := proxymap.origin(e.pair.external.host, e.pair.external_port)
}

# published[component]: the origins of a gate's host that the published list names for a
# component, whatever the map says.
published(component, host) := sort([proxymap.origin(host, port) |
	some group in input.profile.parameters.vos.published_origins
	group.component == component
	some port in group.ports
])

# behind[origin]: the components that answer at an origin of the gate, each with
# its node. External endpoints are looked up by their folded "host:port".
behind := groups

groups[e.pair.external_id] contains {"component": e.component, "node": e.node} if some e in mapped
