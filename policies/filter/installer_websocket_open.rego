# METADATA
# title: Installer lets WebSockets through without credentials
# description: |-
#   The desktop's events, calls and customers among them, come over this connection. Without its own authentication
#   anybody behind an agent's address may open one.
# custom:
#   severity: high
#   fix: Set NGX_AUTHENTICATE_WEBSOCKET=true.
#   controls: [HTTP-24]
#   optional: [env]
#   bad: NGX_AUTHENTICATE_WEBSOCKET=false
#   good: NGX_AUTHENTICATE_WEBSOCKET=true
package policies.filter.installer_websocket_open

import data.policies.lib.env

subjects contains edge if some edge in env.declared

# wanted: what each switch has to be, and what follows where it is not.
wanted := {"NGX_AUTHENTICATE_WEBSOCKET": {"value": true, "else": "WebSockets are opened without credentials"}}

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
