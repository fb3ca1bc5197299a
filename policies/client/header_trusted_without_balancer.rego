# METADATA
# title: Client address is taken from a header although nobody stands before the gate
# description: |-
#   Where clients connect directly, an address that is believed about others is one that an attacker may come to have.
#   From there every limit and every block can be put on somebody else.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_realip_module.html
# custom:
#   severity: high
#   fix: Remove set_real_ip_from, or declare the load balancers in the site file.
#   controls: [IP-01]
#   bad: set_real_ip_from 10.0.0.0/8;
#   good: load_balancers [203.0.113.20] in the site file, and set_real_ip_from 203.0.113.20;
package policies.client.header_trusted_without_balancer

import data.policies.lib.balancers

subjects contains record.target if some record in input.nginxrules

findings contains {
	"subject": edge,
	"key": item,
	"message": sprintf("%s is believed about the client's address, but the site declares no load balancer", [item]),
	"sources": [s | some s in sources],
} if {
	not balancers.declared
	some edge, items in balancers.trusted
	some item, sources in items
}
