# METADATA
# title: Load balancer hides the client address
# description: |-
#   Without a relay of the client address every request comes from the load balancer. The first guesser who is blocked
#   takes all agents along (CVE-2023-20088), and logs and WebSocket admission are worth nothing.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_realip_module.html
# custom:
#   severity: high
#   fix: Let the load balancer write the client's address into a header, and set set_real_ip_from and real_ip_header.
#   controls: [IP-08]
#   bad: no set_real_ip_from although the site declares a load balancer
#   good: set_real_ip_from 203.0.113.20; real_ip_header X-Client-Address;
package policies.client.address_hidden

import data.policies.lib.balancers
import data.policies.lib.forwarding
import data.policies.lib.nginx

subjects contains server if {
	balancers.declared
	some server in forwarding.fronts
}

findings contains {
	"subject": server,
	"key": "no relay",
	"message": sprintf("clients come through %s, but the server takes the client's address from nowhere", [concat(", ", input.site.load_balancers)]),
	"sources": [nginx.servers[server].source],
} if {
	some server in subjects
	not nginx.settings[server].set_real_ip_from
}
