# METADATA
# title: Installer exempts strangers from limits
# description: |-
#   Who is exempt can flood the nodes, which do not limit the gate themselves. Only the gates and the load balancers
#   before them need that.
# custom:
#   severity: high
#   fix: Leave only addresses of the gates and of declared load balancers in NGX_RATELIMIT_DISABLE_IPS.
#   controls: [RATE-06]
#   optional: [env]
#   bad: NGX_RATELIMIT_DISABLE_IPS="10.0.0.0/8"
#   good: NGX_RATELIMIT_DISABLE_IPS="203.0.113.10|10.9.0.10|127.0.0.1"
package policies.rate.installer_exempt_address

import data.policies.lib.balancers
import data.policies.lib.env

subjects contains edge if some edge in env.declared

findings contains {
	"subject": edge,
	"key": sprintf("%s %s", [env.words(p.file), item]),
	"message": sprintf("NGX_RATELIMIT_DISABLE_IPS in %s exempts %s, which is neither a gate's nor a load balancer's address", [env.words(p.file), item]),
	"sources": [p.source],
} if {
	some edge, by_name in env.properties
	some p in by_name.NGX_RATELIMIT_DISABLE_IPS
	some item in p.list
	not balancers.may_be_exempt(item)
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_RATELIMIT_DISABLE_IPS
}

unsure contains u if some u in env.unread
