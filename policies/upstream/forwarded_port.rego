# METADATA
# title: Upstream does not get the external port
# description: |-
#   Nodes write the port of X-Forwarded-Port into the links of their answers. Without it agents are sent to a port
#   that is closed, or to one of another product.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_core_module.html#var_server_port
# custom:
#   severity: low
#   fix: Set proxy_set_header X-Forwarded-Port $server_port; in the location, or leave the server's in force.
#   controls: [UP-04]
#   bad: proxy_set_header X-Forwarded-Port $http_x_forwarded_port;
#   good: proxy_set_header X-Forwarded-Port $server_port;
package policies.upstream.forwarded_port

import data.policies.lib.forwarding
import data.policies.lib.nginx

subjects contains server if some server in forwarding.vendor_servers

# ports[server]: the ports that the server listens on, as text.
ports[server] contains sprintf("%d", [listen.port]) if {
	some server in forwarding.vendor_servers
	some listen in nginx.servers[server].listens
}

right("$server_port", _)

right(value, server) if {
	ports[server] == {value}
}

wrong(value, _) if contains(value, "$http_")

wrong(value, server) if {
	not contains(value, "$")
	not right(value, server)
}

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s sets X-Forwarded-Port to %q, not to the port that the client came to", [r.place, texts]),
	"sources": sort([h.source | some h in wrongs]),
} if {
	some r in forwarding.direct
	wrongs := {h | some h in forwarding.headers[r.at]["x-forwarded-port"]; wrong(h.value, r.server)}
	count(wrongs) > 0
	texts := concat(" and ", sort([h.value | some h in wrongs]))
}

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s does not set X-Forwarded-Port", [r.place]),
	"sources": [forwarding.first_place[r.at]],
} if {
	some r in forwarding.direct
	not forwarding.headers[r.at]["x-forwarded-port"]
	not r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("%s takes X-Forwarded-Port from %s", [r.place, h.value])} if {
	some r in forwarding.direct
	some h in forwarding.headers[r.at]["x-forwarded-port"]
	not right(h.value, r.server)
	not wrong(h.value, r.server)
}

unsure contains {"subject": r.server, "reason": sprintf("Lua may set X-Forwarded-Port in %s", [r.place])} if {
	some r in forwarding.direct
	not forwarding.headers[r.at]["x-forwarded-port"]
	r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("requests come to %s through another server of the gate; what both make of the headers is not followed", [r.place])} if {
	some r in forwarding.relayed
}
