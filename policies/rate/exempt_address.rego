# METADATA
# title: Strangers are exempt from limits
# description: |-
#   Who is exempt can flood the nodes, which do not limit the gate themselves. Only the gates and the load balancers
#   before them need that; a whole network that is exempt takes in every machine that somebody takes over there.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_geo_module.html
# custom:
#   severity: high
#   fix: Leave only addresses of the gates and of declared load balancers in the block.
#   controls: [RATE-06]
#   bad: geo $unlimited { default 0; 10.0.0.0/8 1; }
#   good: geo $unlimited { default 0; 203.0.113.10 1; }
package policies.rate.exempt_address

import data.policies.lib.balancers

subjects contains record.target if some record in input.nginxrules

findings contains {
	"subject": edge,
	"key": item,
	"message": sprintf("%s is exempt from limits, and neither a gate's nor a load balancer's address", [item]),
	"sources": [s | some s in sources],
} if {
	some edge, items in balancers.exempt
	some item, sources in items
	not balancers.may_be_exempt(item)
}
