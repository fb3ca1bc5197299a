# METADATA
# title: Shared port is mapped before the release that answers on it
# description: |-
#   Reporting servers answer on the shared HTTPS port only from a certain release on; before it they listen on ports of
#   their own alone. Such an entry leads nowhere, or into a desktop whose gadgets stay empty.
# custom:
#   severity: high
#   fix: Map the server's own ports, or update it to the release that answers on the shared one.
#   controls: [MAP-07, XC-33]
#   bad: |-
#     cuic-a.corp.example:443=cuic-a.agents.example:443   # CUIC 12.6(1)
#   good: |-
#     cuic-a.corp.example:8444=desk-a.agents.example:8444
package policies.xc.port_before_release

import data.policies.lib.inventory
import data.policies.lib.node_releases as releases
import data.policies.lib.proxymap

reporting contains {"pair": pair, "node": node} if {
	some pair in proxymap.pairs
	some node in inventory.node_of[lower(pair.internal.host)]
	inventory.nodes[node].role in input.profile.parameters.vos.own_port_roles
}

subjects contains r.pair.subject if some r in reporting

shared(port) if port == input.profile.parameters.vos.shared_port

uses_shared contains r if {
	some r in reporting
	shared(r.pair.internal_port)
}

uses_shared contains r if {
	some r in reporting
	shared(r.pair.external_port)
}

first := input.profile.parameters.vos.shared_port_release

findings contains {
	"subject": r.pair.subject,
	"key": sprintf("%s %s", [r.pair.key, r.node]),
	"message": sprintf("%s leads to %s, but %s runs %s and answers on port %d only from %s on", [
		r.pair.external_id, r.pair.internal_id, r.node,
		releases.text(r.node), input.profile.parameters.vos.shared_port, first,
	]),
	"fix": sprintf("Map the own ports of %s, or update it to %s.", [r.pair.internal.host, first]),
	"sources": array.concat(r.pair.sources, releases.sources(r.node)),
} if {
	some r in uses_shared
	releases.older(releases.known[r.node].text, first)
}

unsure contains {"subject": r.pair.subject, "reason": sprintf("the release of %s is not known; port %d needs %s", [r.node, input.profile.parameters.vos.shared_port, first])} if {
	some r in uses_shared
	not releases.known[r.node]
}
