# METADATA
# title: Layout names a server by a short name or an address
# description: |-
#   The map, the certificates and the lists of allowed origins all hold full names. A gadget under a short name or an
#   address fits none of them.
# custom:
#   severity: medium
#   fix: Write the full name of the server into the layout.
#   controls: [CRT-13]
#   bad: "<gadget>https://cuic-a:8444/cuic/gadget/LiveData/LiveDataGadget.xml</gadget>"
#   good: "<gadget>https://cuic-a.corp.example:8444/cuic/gadget/LiveData/LiveDataGadget.xml</gadget>"
package policies.gadget.short_address

import data.policies.lib.gadgets
import data.policies.lib.inventory

subjects contains "site" if count(gadgets.record_sources) > 0

bad[lower(resource.host)] contains resource.source if {
	some resources in gadgets.remote
	some resource in resources
	resource.short
}

bad[lower(resource.host)] contains resource.source if {
	some resources in gadgets.remote
	some resource in resources
	resource.ip_address
}

findings contains {
	"subject": "site",
	"key": host,
	"message": sprintf("the layout calls a server %s, which is no full name", [host]),
	"fix": sprintf("Write %s instead of %s.", [full(host), host]),
	"sources": [s | some s in sources],
} if {
	some host, sources in bad
}

full(host) := concat(" or ", inventory.host_of[host])

full(host) := concat(" or ", long_names[host]) if not inventory.host_of[host]

full(host) := "the full name" if {
	not inventory.host_of[host]
	not long_names[host]
}

long_names[split(lower(node.host), ".")[0]] contains lower(node.host) if {
	some node in input.site.nodes
	contains(node.host, ".")
}
