# METADATA
# title: Port of a component is not mapped
# description: |-
#   What a component serves on that port then reaches the browser under its internal name. The desktop loads, and
#   one gadget after the other stays empty.
# custom:
#   severity: high
#   fix: Add an entry for the node and port to the map, or take the node out of the inventory.
#   controls: [MAP-06]
#   bad: |-
#     cuic-a.corp.example:8444=desk-a.agents.example:8444   # and none for 8447
#   good: |-
#     cuic-a.corp.example:8444=desk-a.agents.example:8444
#     cuic-a.corp.example:8447=desk-a.agents.example:8447
package policies.map.component_port_unmapped

import data.policies.lib.proxymap

wanted contains {"node": node.subject, "host": node.host, "port": port, "role": node.role, "source": node.source} if {
	some node in input.site.nodes
	some component in input.profile.parameters.components
	component.role == node.role
	some port in component.ports
}

subjects contains w.node if some w in wanted

is_mapped(host, port) if proxymap.by_internal[proxymap.endpoint_id(host, port, true)]

findings contains {
	"subject": w.node,
	"key": sprintf("%d", [w.port]),
	"message": sprintf("%s:%d of this %s node is not in the map", [w.host, w.port, w.role]),
	"sources": array.concat([w.source], [s | some s in proxymap.record_sources]),
} if {
	count(proxymap.record_sources) > 0
	some w in wanted
	not is_mapped(w.host, w.port)
}
