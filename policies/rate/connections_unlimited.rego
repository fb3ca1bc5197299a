# METADATA
# title: Connections of one client are not limited
# description: |-
#   Each connection holds memory of the gate and of a node. Without a limit by client address one of them can hold
#   all that there are.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_limit_conn_module.html
# custom:
#   severity: medium
#   fix: Set limit_conn in the location or its server, with a zone whose key is $binary_remote_addr.
#   controls: [RATE-03, CIS-NGX-5.2.4]
#   bad: location /desktop/ { proxy_pass https://finesse_a; }
#   good: |-
#     limit_conn_zone $binary_remote_addr zone=perclient:10m;
#     limit_conn perclient 12;
package policies.rate.connections_unlimited

import data.policies.lib.forwarding
import data.policies.lib.limits

subjects contains r.server if some r in forwarding.routes

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s is under no limit_conn that counts by the client's address", [r.place]),
	"sources": [r.source],
} if {
	some r in forwarding.routes
	not r.internal
	not r.at in limits.bounded
}

# generous: the limits that nobody reaches.
generous[[l.server, l.place, l.zone, limits.most_of[l.at].connections]] contains {"number": l.amount.value, "source": l.source} if {
	some l in limits.connections
	l.amount.known
	l.amount.value > limits.most_of[l.at].connections
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%s allows one client %d connections; at most %d are wanted", [id[1], max([u.number | some u in uses]), id[3]]),
	"sources": sort([u.source | some u in uses]),
} if {
	some id, uses in generous
}
