# METADATA
# title: Installer sets no bound on connections to upstreams
# description: |-
#   Nodes exempt the gate from their own limits, so that a flood that the gate passes on takes the node down for the
#   agents in the office too.
# custom:
#   severity: medium
#   fix: Set NGX_SET_UPSTREAM_MAX_CONNS=true in each component's file.
#   controls: [RATE-10]
#   optional: [env]
#   bad: NGX_SET_UPSTREAM_MAX_CONNS=false
#   good: NGX_SET_UPSTREAM_MAX_CONNS=true
package policies.rate.installer_upstream_unbounded

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# wanted: what each switch has to be, and what follows where it is not.
wanted := {"NGX_SET_UPSTREAM_MAX_CONNS": {"value": true, "else": "the gate opens as many connections to the node as clients ask for"}}

findings contains {
	"subject": edge,
	"key": sprintf("%s %s", [env.words(p.file), name]),
	"message": sprintf("%s is %q in %s: %s", [name, p.text, env.words(p.file), want["else"]]),
	"fix": sprintf("%s=%v", [name, want.value]),
	"sources": [p.source],
} if {
	some name, want in wanted
	some edge, by_name in env.properties
	some p in by_name[name]
	p.switch.known
	p.switch.value != want.value
}

unsure contains {"subject": edge, "reason": reason} if {
	some name, _ in wanted
	some edge, by_name in env.untold
	some reason in by_name[name]
}

unsure contains u if some u in env.unread
