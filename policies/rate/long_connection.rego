# METADATA
# title: One connection may carry too many streams or requests
# description: |-
#   Streams that are opened and reset at once cost the gate far more than the client (CVE-2023-44487). Bounds on each
#   connection bound that cost, and make a flood open new ones, which the packet filter counts.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_v2_module.html#http2_max_concurrent_streams
# custom:
#   severity: medium
#   fix: Set http2_max_concurrent_streams 128 and keepalive_requests 500.
#   controls: [RATE-09]
#   bad: keepalive_requests 100000;
#   good: keepalive_requests 500;
package policies.rate.long_connection

import data.policies.lib.forwarding
import data.policies.lib.nginx

subjects contains server if some server in forwarding.fronts

bounds := {"http2_max_concurrent_streams": input.profile.parameters.gate.streams, "keepalive_requests": input.profile.parameters.gate.connection_requests}

findings contains {
	"subject": server,
	"key": name,
	"message": sprintf("%s is %d; at most %d are wanted", [name, s.amount.value, most]),
	"fix": sprintf("%s %d;", [name, most]),
	"sources": [s.source],
} if {
	some server in subjects
	some name, most in bounds
	some s in nginx.settings[server][name]
	s.amount.known
	s.amount.value > most
}

unsure contains {"subject": server, "reason": sprintf("%s is not known", [name])} if {
	some server in subjects
	some name, _ in bounds
	not tells(server, name)
}

tells(server, name) if {
	some s in nginx.settings[server][name]
	s.amount.known
}
