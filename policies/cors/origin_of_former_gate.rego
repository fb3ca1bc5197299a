# METADATA
# title: Origin of a gate is allowed, but the gate is not trusted
# description: |-
#   Taking a gate out of the trusted hosts does not take its origins out of the lists. Scripts from its name may then
#   still act for every agent, long after somebody else has that name.
# custom:
#   severity: high
#   fix: Delete the origin, or add the gate to the trusted hosts of the node again.
#   controls: [VOS-10]
#   bad: |-
#     https://desk-c.agents.example:8445   # desk-c is not among the allowed-hosts
#   good: |-
#     https://desk-a.agents.example:8445   # desk-a is
package policies.cors.origin_of_former_gate

import data.policies.lib.callers
import data.policies.lib.gates
import data.policies.lib.origins

subjects contains record.target if {
	some record in input.cors
	gates.lists[record.target]
}

former[[record.target, record.component, item.value]] contains item.source if {
	some record in input.cors
	some item in record.allowed_origins.items
	gates.untrusted(record.target, origins.host(item.value))
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s allows %s, but the node does not trust %s", [id[1], id[2], origins.host(id[2])]),
	"fix": sprintf("Run utils %s cors allowed_origin delete on the node and choose %s, or add %s to its allowed-hosts.", [callers.words[id[1]], id[2], origins.host(id[2])]),
	"sources": array.concat([s | some s in sources], [gates.lists[id[0]].source]),
} if {
	some id, sources in former
}

unsure contains {"subject": record.target, "reason": sprintf("the allowed origins of %s are not known", [record.component])} if {
	some record in input.cors
	record.target in subjects
	not record.allowed_origins.known
}

unsure contains {"subject": target, "reason": "the list of trusted hosts is not known"} if {
	some target in subjects
	not gates.lists[target].known
}
