# METADATA
# title: Allowed origin belongs to no known host
# description: |-
#   Scripts of that origin may act for every agent who opens it, and nobody in the inventory answers for the host.
#   Entries of former gates and vendors stay until somebody else registers their name.
# custom:
#   severity: medium
#   fix: Delete the entry, or declare the host as a node, an edge or an integration of the site.
#   controls: [CORS-06, XC-11, VOS-10]
#   bad: |-
#     4: https://old-desk.agents.example:8445
#   good: |-
#     1: https://desk-a.agents.example:8445
package policies.cors.unknown_origin

import data.policies.lib.inventory
import data.policies.lib.origins
import data.policies.lib.proxymap

subjects contains record.target if some record in input.cors

mapped := {host | some host, _ in proxymap.external_hosts} | proxymap.internal_hosts

trusted[node.target] contains lower(item.value) if {
	some node in input.vos
	some item in node.allowed_hosts.items
}

trusts := trusted

known(_, host) if host in inventory.known_hosts

known(_, host) if host in mapped

known(target, host) if host in trusts[target]

strangers[[record.target, record.component, item.value]] contains item.source if {
	some record in input.cors
	some item in record.allowed_origins.items
	origins.well_formed(item.value)
	not known(record.target, origins.host(item.value))
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s allows %s, whose host is neither declared, mapped nor trusted", [id[1], id[2]]),
	"sources": array.concat([s | some s in sources], [input.site.source]),
} if {
	some id, sources in strangers
}

unsure contains {"subject": record.target, "reason": sprintf("the allowed origins of %s are not known", [record.component])} if {
	some record in input.cors
	not record.allowed_origins.known
}
