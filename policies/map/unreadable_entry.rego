# METADATA
# title: Line of the proxy map breaks its grammar
# description: |-
#   Nodes read the map as plain name pairs; a line that they cannot read is dropped without a word on the desktop.
#   The endpoint that it was meant for then answers with internal names that no browser outside can resolve.
# custom:
#   severity: high
#   fix: Write the line as internal-host:port=external-host:port, with # for comments on lines of their own.
#   controls: [MAP-01]
#   bad: |-
#     https://fin-a.corp.example:8445=desk-a.agents.example:8445
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
package policies.map.unreadable_entry

subjects contains record.target if some record in input.proxymap

defects[[record.target, sprintf("%s: %s", [problem.kind, substring(problem.text, 0, 120)]), problem.message]] contains problem.source if {
	some record in input.proxymap
	some problem in record.problems
}

by_key[[id[0], id[1]]] contains id[2] if some id, _ in defects

places[[id[0], id[1]]] contains source if {
	some id, sources in defects
	some source in sources
}

findings contains {
	"subject": id[0],
	"key": id[1],
	"message": concat("; ", messages),
	"sources": [s | some s in places[id]],
} if {
	some id, messages in by_key
}
