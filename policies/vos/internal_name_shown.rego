# METADATA
# title: Answer through the gate tells an internal name
# description: |-
#   The node did not recognise the gate, or has no entry for that name, and so handed out its own. Browsers outside cannot
#   follow it, and strangers learn how the servers behind the gate are called.
# custom:
#   severity: high
#   fix: See that the node trusts the gate and holds the map, and that the map has an entry for the name.
#   controls: [VOS-08, HTTP-16]
#   bad: |-
#     Location: https://fin-a.corp.example:8445/desktop/container/
#   good: |-
#     Location: https://desk-a.agents.example:8445/desktop/container/
package policies.vos.internal_name_shown

import data.policies.lib.proxymap

asked contains {"subject": record.subject, "request": request} if {
	some record in input.http
	startswith(record.target, "edge/")
	some request in record.requests
	request.outcome == "answered"
}

subjects contains a.subject if some a in asked

told[[a.subject, lower(name)]] contains {"path": a.request.path, "source": a.request.source} if {
	some a in asked
	some name in a.request.internal_names
	name != ""
}

remedy(name) := sprintf("See that the node's allowed-hosts name this gate and that show-proxy-config-map on the node has the entry for %s.", [name]) if name in proxymap.internal_hosts

remedy(name) := sprintf("Add an entry for %s to the map, or take the name out of the answer.", [name]) if not name in proxymap.internal_hosts

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": sprintf("%s is told in the answers to %s", [id[1], concat(", ", array.slice(sort([p | some p in {h.path | some h in hits}]), 0, 3))]),
	"fix": remedy(id[1]),
	"sources": array.slice([h.source | some h in hits], 0, 8),
} if {
	some id, hits in told
}

unsure contains {"subject": a.subject, "reason": sprintf("the answer to %s was not read to its end", [a.request.path])} if {
	some a in asked
	a.request.name == "page"
	a.request.status == 200
	not a.request.body_whole
}
