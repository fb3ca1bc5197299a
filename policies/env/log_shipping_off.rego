# METADATA
# title: Logs stay on the gate, or leave it to anybody
# description: |-
#   Who takes over the gate deletes its logs first. They have to be on another host as they are written, and that
#   host has to prove who it is.
# custom:
#   severity: medium
#   fix: Set NGX_LIVE_LOG_SHIPPING_ENABLED=true and NGX_LIVE_LOG_SERVER_CRT_AUTH=1.
#   controls: [LOG-02]
#   optional: [env]
#   bad: NGX_LIVE_LOG_SHIPPING_ENABLED=false
#   good: NGX_LIVE_LOG_SHIPPING_ENABLED=true
package policies.env.log_shipping_off

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# wanted: what each switch has to be, and what follows where it is not.
wanted := {
	"NGX_LIVE_LOG_SHIPPING_ENABLED": {"value": true, "else": "logs are kept on the gate alone"},
	"NGX_LIVE_LOG_SERVER_CRT_AUTH": {"value": true, "else": "the log server is not authenticated"},
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
