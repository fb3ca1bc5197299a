# METADATA
# title: Gadget server is neither mapped nor on the internet
# description: |-
#   The nodes turn the address of a gadget into its external one by the map. Without an entry, browsers at home get the
#   inner address and the gadget stays empty, with nothing in any log.
# custom:
#   severity: high
#   fix: Add an entry for the gadget server to the proxy map, or publish it under a name that the internet resolves.
#   controls: [XC-31, GAD-02]
#   optional: [dns]
#   bad: "<gadget>https://gadgets.corp.example/crm.xml</gadget> without an entry"
#   good: "gadgets.corp.example:443=gadgets.agents.example:443"
package policies.xc.gadget_not_reachable

import data.policies.lib.gadgets
import data.policies.lib.inventory
import data.policies.lib.proxymap
import data.policies.lib.public_names

subjects contains "site" if count(gadgets.record_sources) > 0

is_reached(id) if proxymap.by_internal[id]

is_reached(id) if proxymap.by_external[id]

is_reached(id) if gadgets.hosts[id] in public_names.public

# A server of the company that the map does not name stays inside.
is_inner(id) if inventory.node_of[gadgets.hosts[id]]

is_inner(id) if gadgets.hosts[id] in proxymap.internal_hosts

is_inner(id) if gadgets.hosts[id] in public_names.missing

is_inner(id) if {
	some resource in gadgets.remote[id]
	resource.short
}

is_inner(id) if {
	some resource in gadgets.remote[id]
	gadgets.inner_address(resource.ip_address, resource.host)
}

findings contains {
	"subject": "site",
	"key": id,
	"message": sprintf("the layout loads gadgets from %s, which the map does not name and the internet does not reach", [id]),
	"fix": sprintf("Add %s=EXTERNAL:PORT to the proxy map, with a server for that name on the gate.", [id]),
	"sources": array.concat([s | some s in gadgets.places[id]], [s | some s in proxymap.record_sources]),
} if {
	count(proxymap.record_sources) > 0
	some id, _ in gadgets.remote
	not is_reached(id)
	is_inner(id)
}

unsure contains {"subject": "site", "reason": sprintf("whether the internet reaches %s is not known", [id])} if {
	some id, _ in gadgets.remote
	not is_reached(id)
	not is_inner(id)
}
