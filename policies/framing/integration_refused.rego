# METADATA
# title: Desktop refuses to be embedded by a declared integration
# description: |-
#   The list of the node may name the application, and the page that reaches the browser may still refuse it. The agent
#   then sees an empty frame, and the log of the node shows nothing.
# related_resources:
# - ref: https://www.w3.org/TR/CSP3/#directive-frame-ancestors
# custom:
#   severity: medium
#   fix: Restart Finesse Tomcat after the change of its list, and keep the gate from replacing the header.
#   controls: [CSP-05, CSP-04]
#   bad: |-
#     Content-Security-Policy: frame-ancestors 'self'
#   good: |-
#     Content-Security-Policy: frame-ancestors 'self' https://crm.example
package policies.framing.integration_refused

import data.policies.lib.callers
import data.policies.lib.inventory
import data.policies.lib.proxymap

desktop(_, host, port) if {
	some b in callers.behind[proxymap.endpoint_id(host, port, true)]
	b.component == "finesse"
}

desktop(target, _, _) if inventory.nodes[target].role == "finesse"

# seen: the pages of the desktop, with each integration that a browser decided on.
seen contains {"subject": record.subject, "path": page.path, "origin": embedder.origin, "may": embedder.may_embed, "source": page.source} if {
	some record in input.framinglive
	desktop(record.target, record.host, record.port)
	some page in record.pages
	page.html
	page.status == 200
	some embedder in page.embedders
	embedder.kind == "integration"
}

subjects contains s.subject if some s in seen

findings contains {
	"subject": s.subject,
	"key": sprintf("%s %s", [s.origin, s.path]),
	"message": sprintf("%s may not be embedded by %s", [s.path, s.origin]),
	"fix": sprintf("Add %s to the frame list of the node with utils finesse %s add, and restart Finesse Tomcat.", [s.origin, input.profile.parameters.frame_verb]),
	"sources": [s.source],
} if {
	some s in seen
	not s.may
}
