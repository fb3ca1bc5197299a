# METADATA
# title: Endpoint stands twice in the proxy map
# description: |-
#   Two external endpoints for one internal one leave open which a node will use; two internal ones behind one
#   external endpoint cannot both be served. Installers refuse such a map outright.
# custom:
#   severity: high
#   fix: Keep one entry for each internal endpoint, and give each external host and port to one of them only.
#   controls: [MAP-05]
#   bad: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
#     fin-b.corp.example:8445=desk-a.agents.example:8445
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
#     fin-b.corp.example:8445=desk-b.agents.example:8445
package policies.map.duplicate_entry

import data.policies.lib.proxymap

subjects contains pair.subject if some pair in proxymap.pairs

findings contains {
	"subject": pair.subject,
	"key": "internal",
	"message": sprintf("%s has %d entries", [pair.internal_id, count(lines)]),
	"sources": lines,
} if {
	some pair in proxymap.pairs
	lines := [s | some p in proxymap.by_internal[pair.internal_id]; some s in p.sources]
	count(lines) > 1
}

findings contains {
	"subject": pair.subject,
	"key": sprintf("external %s", [pair.external_id]),
	"message": sprintf("%s stands for %s", [pair.external_id, concat(" and ", others)]),
	"sources": [s | some p in proxymap.by_external[pair.external_id]; some s in p.sources],
} if {
	some pair in proxymap.pairs
	others := {p.internal_id | some p in proxymap.by_external[pair.external_id]}
	count(others) > 1
}
