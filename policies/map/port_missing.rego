# METADATA
# title: Map entry names no port
# description: |-
#   Releases differ about what a missing port means: an error, or 443. Either way the entry does not match the port
#   that the component listens on, so its traffic is not translated.
# custom:
#   severity: medium
#   fix: Write the port on both sides of the entry.
#   controls: [MAP-03]
#   bad: |-
#     fin-a.corp.example=desk-a.agents.example
#   good: |-
#     fin-a.corp.example:8445=desk-a.agents.example:8445
package policies.map.port_missing

import data.policies.lib.proxymap

subjects contains pair.subject if some pair in proxymap.pairs

findings contains {
	"subject": pair.subject,
	"key": sprintf("internal %s", [pair.key]),
	"message": sprintf("internal side %q names no port", [pair.internal.text]),
	"sources": pair.sources,
} if {
	input.profile.parameters.map_port_required
	some pair in proxymap.pairs
	not pair.internal.has_port
}

findings contains {
	"subject": pair.subject,
	"key": sprintf("external %s", [pair.key]),
	"message": sprintf("external side %q names no port", [pair.external.text]),
	"sources": pair.sources,
} if {
	input.profile.parameters.map_port_required
	some pair in proxymap.pairs
	not pair.external.has_port
}
