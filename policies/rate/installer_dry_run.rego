# METADATA
# title: Installer only counts what exceeds its limits
# description: |-
#   In a dry run requests above a limit are logged and let through. The installer writes this into the gate at every
#   start, whatever an operator changed there.
# custom:
#   severity: high
#   fix: Set NGX_LIMIT_REQ_DRY_RUN and NGX_LIMIT_CONN_DRY_RUN to off.
#   controls: [RATE-05]
#   optional: [env]
#   bad: NGX_LIMIT_REQ_DRY_RUN=true
#   good: NGX_LIMIT_REQ_DRY_RUN=false
package policies.rate.installer_dry_run

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# wanted: what each switch has to be, and what follows where it is not.
wanted := {
	"NGX_LIMIT_REQ_DRY_RUN": {"value": false, "else": "requests above their rate are let through"},
	"NGX_LIMIT_CONN_DRY_RUN": {"value": false, "else": "connections above their number are let through"},
}

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
