# METADATA
# title: Cloud Connect is forwarded to without a list of addresses
# description: |-
#   Requests to Cloud Connect are not authenticated at the gate. Without a list of the platform's addresses anybody
#   creates tasks for agents, and reads what is answered.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_access_module.html
# custom:
#   severity: high
#   fix: Allow the platform's addresses in the location, and deny all others.
#   controls: [AUTH-10, CIS-NGX-5.1.1]
#   bad: location /drapi/ { proxy_pass https://cloudconnect; }
#   good: location /drapi/ { allow 198.51.100.20; deny all; proxy_pass https://cloudconnect; }
package policies.auth.digital_channel_unlisted

import data.policies.lib.forwarding

channels contains r if {
	some r in forwarding.routes
	some t in forwarding.targets[r.at]
	"cloudconnect" in t.roles
}

# A server that forwards nothing there passes.
subjects contains server if some server in forwarding.servers

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s forwards to Cloud Connect for every address", [r.place]),
	"sources": [r.source],
} if {
	some r in channels
	not r.at in forwarding.listed
	not r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("Lua may refuse addresses in %s", [r.place])} if {
	some r in channels
	not r.at in forwarding.listed
	r.at in forwarding.scripted
}
