# METADATA
# title: Gate may embed the desktop, but is not trusted
# description: |-
#   Taking a gate out of the trusted hosts does not take it out of the frame list. Whoever gets its name later may show
#   the desktop inside a page of his own and catch clicks.
# custom:
#   severity: high
#   fix: Delete the entry, or add the gate to the trusted hosts of the node again.
#   controls: [VOS-10, CSP-06]
#   bad: |-
#     https://desk-c.agents.example:8445   # desk-c is not among the allowed-hosts
#   good: |-
#     https://desk-a.agents.example:8445   # desk-a is
package policies.framing.embedder_of_former_gate

import data.policies.lib.gates
import data.policies.lib.origins

subjects contains record.target if {
	some record in input.framing
	gates.lists[record.target]
}

former[[record.target, item.value]] contains item.source if {
	some record in input.framing
	some item in record.entries.items
	gates.untrusted(record.target, origins.host(item.value))
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s may embed the desktop, but the node does not trust %s", [id[1], origins.host(id[1])]),
	"fix": sprintf("Run utils finesse %s delete on the node and choose %s, or add %s to its allowed-hosts.", [input.profile.parameters.frame_verb, id[1], origins.host(id[1])]),
	"sources": array.concat([s | some s in sources], [gates.lists[id[0]].source]),
} if {
	some id, sources in former
}

unsure contains {"subject": record.target, "reason": "the list of embedders is not known"} if {
	some record in input.framing
	record.target in subjects
	not record.entries.known
}

unsure contains {"subject": target, "reason": "the list of trusted hosts is not known"} if {
	some target in subjects
	not gates.lists[target].known
}
