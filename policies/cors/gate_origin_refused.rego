# METADATA
# title: Listener refuses the origin of a desktop or report that calls it
# description: |-
#   The list may hold the origin, and the answer that reaches the browser may still lack it: a service was not restarted,
#   or the gate changed or kept an old answer. Gadgets then stay empty, outside only.
# related_resources:
# - ref: https://fetch.spec.whatwg.org/#http-cors-protocol
# custom:
#   severity: high
#   fix: Compare the component's list with the finding, restart its service, and clear what the gate has cached.
#   controls: [CORS-02, CORS-03, CORS-04]
#   bad: |-
#     OPTIONS with Origin https://desk-a.agents.example:8445 is answered by 403
#   good: |-
#     Access-Control-Allow-Origin: https://desk-a.agents.example:8445
#     Access-Control-Allow-Credentials: true
package policies.cors.gate_origin_refused

import data.policies.lib.callers
import data.policies.lib.inventory
import data.policies.lib.proxymap

# asked: what became of each origin that the component behind a listener has to
# allow.
asked[[record.subject, answer.origin]] contains {"answer": allows(answer.browser_allows.known, answer.browser_allows.value), "path": answer.path, "source": answer.source} if {
	some record in input.corslive
	startswith(record.target, "edge/")
	some b in callers.behind[proxymap.endpoint_id(record.host, record.port, true)]
	some answer in record.answers
	answer.origin_kind == "declared"
	some e in origins[[b.component, answer.origin]]
	inventory.same_cluster(b.node, e)
}

# origins[[component, origin]]: the nodes whose pages send it.
origins[[component, e.origin]] contains e.node if {
	some component, all_expected in callers.expected
	some e in all_expected
}

allows(true, true) := "yes"

allows(true, false) := "no"

allows(false, _) := "open"

subjects contains id[0] if {
	some id, answers in asked
	some a in answers
	a.answer != "open"
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is not let in at %s, where its pages call", [id[1], concat(", ", {a.path | some a in refused})]),
	"fix": sprintf("Let the component behind this listener allow %s, restart its service, and clear what the gate has cached.", [id[1]]),
	"sources": [a.source | some a in refused],
} if {
	some id, answers in asked
	not "yes" in {a.answer | some a in answers}
	refused := {a | some a in answers; a.answer == "no"}
	count(refused) > 0
}
