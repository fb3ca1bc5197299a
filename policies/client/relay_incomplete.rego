# METADATA
# title: Relay of the client address is half configured
# description: |-
#   The list of load balancers and the header that they write belong together: one without the other leaves the load
#   balancer as the client. X-Forwarded-For grows at every hop, so that its last entry counts only with recursion.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_realip_module.html
# custom:
#   severity: medium
#   fix: Set set_real_ip_from for each load balancer, and real_ip_header to the header that it alone writes.
#   controls: [IP-02, IP-04]
#   bad: set_real_ip_from 203.0.113.20;
#   good: set_real_ip_from 203.0.113.20; real_ip_header X-Client-Address;
package policies.client.relay_incomplete

import data.policies.lib.forwarding
import data.policies.lib.nginx

subjects contains server if some server in forwarding.fronts

written(server, name) := s if {
	some s in nginx.settings[server][name]
	s.origin in {"explicit", "inherited"}
}

trusts(server) if nginx.settings[server].set_real_ip_from

findings contains {
	"subject": server,
	"key": "no header",
	"message": "set_real_ip_from names load balancers, but real_ip_header does not say which header they write",
	"sources": [s.source],
} if {
	some server in subjects
	some s in nginx.settings[server].set_real_ip_from
	not written(server, "real_ip_header")
}

findings contains {
	"subject": server,
	"key": "no load balancer",
	"message": sprintf("real_ip_header is %s, but set_real_ip_from names nobody who may write it", [s.args[0]]),
	"sources": [s.source],
} if {
	some server in subjects
	s := written(server, "real_ip_header")
	not trusts(server)
}

findings contains {
	"subject": server,
	"key": "no recursion",
	"message": "real_ip_header is X-Forwarded-For without real_ip_recursive: the last hop counts as the client",
	"fix": "real_ip_header X-Client-Address; with a load balancer that overwrites it, or real_ip_recursive on;",
	"sources": [s.source],
} if {
	some server in subjects
	trusts(server)
	s := written(server, "real_ip_header")
	lower(s.args[0]) == "x-forwarded-for"
	not recursive(server)
}

recursive(server) if {
	s := written(server, "real_ip_recursive")
	s.args == ["on"]
}

findings contains {
	"subject": server,
	"key": "no proxy protocol",
	"message": "real_ip_header is proxy_protocol, but no listen of the server takes it",
	"sources": [s.source],
} if {
	some server in subjects
	s := written(server, "real_ip_header")
	s.args == ["proxy_protocol"]
	count([l | some l in nginx.servers[server].listens; l.proxy_protocol]) == 0
}
