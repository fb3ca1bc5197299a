# METADATA
# title: Far more than a load balancer is believed about the client address
# description: |-
#   Whoever is in the list can claim any address, and with it walk around limits and blocks or turn them on others. It
#   has to hold the addresses of load balancers: no names, which DNS decides about, and no whole networks.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_realip_module.html#set_real_ip_from
# custom:
#   severity: high
#   fix: Name each load balancer's own address in set_real_ip_from.
#   controls: [IP-03]
#   bad: set_real_ip_from 0.0.0.0/0;
#   good: set_real_ip_from 203.0.113.20;
package policies.client.trusted_wide

import data.policies.lib.balancers
import data.policies.lib.networks

subjects contains record.target if some record in input.nginxrules

defect(item) := "a network that no load balancer fills" if balancers.wide(item)

defect(item) := "a name, whose address DNS decides about" if {
	not networks.cidr(item)
	not startswith(item, "unix:")
}

findings contains {
	"subject": edge,
	"key": item,
	"message": sprintf("set_real_ip_from names %s: %s", [item, defect(item)]),
	"sources": [s | some s in sources],
} if {
	some edge, items in balancers.trusted
	some item, sources in items
	defect(item)
}
