# METADATA
# title: Requests of one client are not limited
# description: |-
#   Nodes exempt the gate from their own limits, so that whatever the gate lets through reaches them. One client, or
#   one guesser, can then take the desktop away from all agents.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_limit_req_module.html
# custom:
#   severity: high
#   fix: Set limit_req in the location or its server, with a zone whose key is $binary_remote_addr.
#   controls: [RATE-02, CIS-NGX-5.2.5]
#   bad: limit_req_zone $server_name zone=finesse:10m rate=90r/s;
#   good: |-
#     limit_req_zone $binary_remote_addr zone=finesse:10m rate=90r/s;
#     limit_req zone=finesse burst=50 nodelay;
package policies.rate.requests_unlimited

import data.policies.lib.forwarding
import data.policies.lib.limits

subjects contains r.server if some r in forwarding.routes

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s is under no limit_req", [r.place]),
	"sources": [r.source],
} if {
	some r in forwarding.routes
	not r.internal
	not r.at in limits.limited
	not limits.requests_on[r.at]
}

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s is limited by zone %s, which does not count by the client's address", [r.place, concat(" and ", zones)]),
	"sources": sort([l.source | some l in limits.requests_on[r.at]]),
} if {
	some r in forwarding.routes
	not r.internal
	not r.at in limits.limited
	limits.requests_on[r.at]
	zones := sort([l.zone | some l in limits.requests_on[r.at]])
}
