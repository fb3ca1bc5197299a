# METADATA
# title: Gate is reached around its load balancer
# description: |-
#   What the load balancer or the application firewall before the gate refuses must not find another way in. With the
#   switch on, the packet rules of the container let its addresses in alone.
# custom:
#   severity: medium
#   fix: Set NGX_TRAFFIC_RESTRICTED=true, unless agents of the site reach the gate directly.
#   controls: [IP-09]
#   optional: [env]
#   bad: NGX_TRAFFIC_RESTRICTED=false
#   good: NGX_TRAFFIC_RESTRICTED=true
package policies.client.installer_traffic_open

import data.policies.lib.balancers
import data.policies.lib.env

subjects contains edge if {
	balancers.declared
	some edge in env.declared
}

findings contains {
	"subject": edge,
	"key": sprintf("%s NGX_TRAFFIC_RESTRICTED", [env.words(p.file)]),
	"message": sprintf("NGX_TRAFFIC_RESTRICTED is off in %s, though clients come through %s", [env.words(p.file), concat(", ", input.site.load_balancers)]),
	"fix": "NGX_TRAFFIC_RESTRICTED=true",
	"sources": [p.source],
} if {
	some edge in subjects
	some p in env.properties[edge].NGX_TRAFFIC_RESTRICTED
	p.switch.known
	not p.switch.value
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge in subjects
	some reason in env.untold[edge].NGX_TRAFFIC_RESTRICTED
}

unsure contains u if {
	some u in env.unread
	u.subject in subjects
}
