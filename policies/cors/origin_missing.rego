# METADATA
# title: Origin of the gate is not allowed
# description: |-
#   Gadgets in the desktop call the reporting servers from the desktop's external origin, and the other way round. A
#   server that does not list that origin refuses the call, and the gadget stays empty outside while it works inside.
# related_resources:
# - ref: https://fetch.spec.whatwg.org/#http-cors-protocol
# - ref: https://www.rfc-editor.org/rfc/rfc6454#section-6.2
# custom:
#   severity: high
#   fix: Add the missing origins on every node of the component with its cors allowed_origin add command.
#   controls: [CORS-02, CORS-03, CORS-04, XC-10]
#   bad: |-
#     Currently no origins are configured in allowed origins.
#   good: |-
#     1: https://desk-a.agents.example:8444
package policies.cors.origin_missing

import data.policies.lib.callers
import data.policies.lib.inventory
import data.policies.lib.origins
import data.policies.lib.proxymap

subjects contains record.target if some record in input.cors

# Where every origin passes, none is missing; another rule reports that.
missing[[record.target, record.component, e.origin]] contains source if {
	some record in input.cors
	record.mode != "enable_all"
	record.allowed_origins.known
	allowed := {i.value | some i in record.allowed_origins.items}
	some e in callers.expected[record.component]
	inventory.same_cluster(record.target, e.node)
	not e.origin in allowed
	some source in array.concat([record.allowed_origins.source], e.sources)
}

all_missing[[id[0], id[1]]] contains id[2] if some id, _ in missing

command := {id: text |
	some id, origins in all_missing
	text := sprintf("utils %s cors allowed_origin add %s", [callers.words[id[1]], concat(",", origins)])
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s does not allow %s, which the map makes its caller; %s", [id[1], id[2], beside(id[2], callers.published(id[1], origins.host(id[2])))]),
	"fix": sprintf("Run on the node: %s", [command[[id[0], id[1]]]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in missing
}

# The published list knows one layout of ports only, and is shown beside what the map says.
beside(origin, list) := sprintf("the published list for this host names it as well: %s", [concat(", ", list)]) if origin in list

beside(origin, list) := sprintf("the published list for this host, for other ports, is %s", [concat(", ", list)]) if {
	count(list) > 0
	not origin in list
}

beside(_, []) := "no list is published for it"

unsure contains {"subject": record.target, "reason": sprintf("the allowed origins of %s are not known", [record.component])} if {
	some record in input.cors
	not record.allowed_origins.known
}

unsure contains {"subject": record.target, "reason": sprintf("which component %s is remains open: it is not in the inventory", [pair.internal_id])} if {
	some record in input.cors
	some pair in proxymap.pairs
	not inventory.node_of[lower(pair.internal.host)]
	callers.components_at[pair.internal_port]
}
