# METADATA
# title: Installer believes far more than load balancers
# description: |-
#   Whoever is in the list can claim any address, and with it walk around limits and blocks or turn them on others. It
#   has to hold the addresses of load balancers, with "|" between them.
# custom:
#   severity: high
#   fix: Name each load balancer's own address in NGX_LOAD_BALANCER_IPS.
#   controls: [IP-03]
#   optional: [env]
#   bad: NGX_LOAD_BALANCER_IPS="10.0.0.0/8"
#   good: NGX_LOAD_BALANCER_IPS="203.0.113.20|203.0.113.21"
package policies.client.installer_trusted_wide

import data.policies.lib.balancers
import data.policies.lib.env
import data.policies.lib.networks

subjects contains edge if some edge in env.declared

defect(item) := "a network that no load balancer fills" if balancers.wide(item)

defect(item) := `several addresses without "|" between them` if regex.match(`[,; ]`, item)

defect(item) := "no address" if {
	not networks.cidr(item)
	not regex.match(`[,; ]`, item)
}

findings contains {
	"subject": edge,
	"key": item,
	"message": sprintf("NGX_LOAD_BALANCER_IPS names %s: %s", [item, defect(item)]),
	"sources": [s | some s in sources],
} if {
	some edge, items in balancers.installed
	some item, sources in items
	defect(item)
}

unsure contains {"subject": edge, "reason": reason} if {
	some edge, by_name in env.untold
	some reason in by_name.NGX_LOAD_BALANCER_IPS
}

unsure contains u if some u in env.unread
