# METADATA
# title: Status page of a component does not answer through the gate
# description: |-
#   The guides name one page of each component by which it is seen whether the gate reaches it. Anything but an answer or
#   the question for a login means that the rules of the gate or the port are wrong, and its gadgets stay empty.
# custom:
#   severity: high
#   fix: Let the gate forward the page to the component's port, and see that the component runs.
#   controls: [VOS-09]
#   bad: |-
#     GET /cuic/rest/about is answered by 404
#   good: |-
#     GET /cuic/rest/about is answered by 200
package policies.vos.component_unreachable

import data.policies.lib.inventory
import data.policies.lib.proxymap

# paths[[role, port]]: what answers there.
paths[[page.role, page.port]] contains page.path if some page in input.profile.parameters.vos.status_pages

asked contains {"subject": record.subject, "request": request, "component": inventory.nodes[node].role, "places": pair.sources} if {
	some record in input.http
	startswith(record.target, "edge/")
	some pair in proxymap.by_external[proxymap.endpoint_id(record.host, record.port, true)]
	some node in inventory.node_of[lower(pair.internal.host)]
	some path in paths[[inventory.nodes[node].role, pair.internal_port]]
	some request in record.requests
	request.name == "page"
	request.path == path
}

subjects contains a.subject if some a in asked

findings contains {
	"subject": a.subject,
	"key": a.request.path,
	"message": sprintf("%s of the %s server is answered by %d instead of 200 or 401", [a.request.path, a.component, a.request.status]),
	"sources": array.concat([a.request.source], a.places),
} if {
	some a in asked
	a.request.outcome == "answered"
	not a.request.status in {200, 401}
}

findings contains {
	"subject": a.subject,
	"key": sprintf("refused %s", [a.request.path]),
	"message": sprintf("the gate ends the connection instead of answering %s of the %s server", [a.request.path, a.component]),
	"sources": array.concat([a.request.source], a.places),
} if {
	some a in asked
	a.request.outcome == "refused"
}

unsure contains {"subject": a.subject, "reason": sprintf("no answer to %s: %s", [a.request.path, a.request.reason])} if {
	some a in asked
	a.request.outcome == "unknown"
}
