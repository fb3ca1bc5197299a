# METADATA
# title: Upstream does not get the client's true address
# description: |-
#   Nodes block, log and admit WebSockets by the address in X-Client-IP. When the gate lets the client's own header
#   through, anybody can be somebody else, or lock them out.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header
# custom:
#   severity: high
#   fix: Set proxy_set_header X-Client-IP $remote_addr; (and X-Real-IP for Cloud Connect) in the location, or leave the server's in force.
#   controls: [UP-02, CIS-NGX-3.7]
#   bad: proxy_set_header X-Client-IP $http_x_client_ip;
#   good: proxy_set_header X-Client-IP $remote_addr;
package policies.upstream.client_address

import data.policies.lib.forwarding

subjects contains server if some server in forwarding.vendor_servers

# wanted: the headers that a route has to set, in lower case and as written.
wanted contains {"server": r.server, "at": r.at, "place": r.place, "header": "x-client-ip", "text": "X-Client-IP"} if some r in forwarding.direct

wanted contains {"server": r.server, "at": r.at, "place": r.place, "header": "x-real-ip", "text": "X-Real-IP"} if {
	some r in forwarding.direct
	some t in forwarding.targets[r.at]
	"cloudconnect" in t.roles
}

right("$remote_addr")

# wrong: what a client can write, or what is no client's address at all.
wrong(value) if contains(value, "$http_")

wrong(value) if contains(value, "$proxy_add_x_forwarded_for")

wrong(value) if contains(value, "$realip_remote_addr")

wrong(value) if not contains(value, "$")

findings contains {
	"subject": w.server,
	"key": sprintf("%s %s", [w.place, w.text]),
	"message": sprintf("%s sets %s to %q, which is not the client's address", [w.place, w.text, texts]),
	"fix": sprintf("proxy_set_header %s $remote_addr;", [w.text]),
	"sources": sort([h.source | some h in wrongs]),
} if {
	some w in wanted
	wrongs := {h | some h in forwarding.headers[w.at][w.header]; wrong(h.value)}
	count(wrongs) > 0
	texts := concat(" and ", sort([h.value | some h in wrongs]))
}

findings contains {
	"subject": w.server,
	"key": sprintf("%s %s", [w.place, w.text]),
	"message": sprintf("%s does not set %s, so that a client's own one reaches the node", [w.place, w.text]),
	"fix": sprintf("proxy_set_header %s $remote_addr;", [w.text]),
	"sources": [forwarding.first_place[w.at]],
} if {
	some w in wanted
	not forwarding.headers[w.at][w.header]
	not w.at in forwarding.scripted
}

unsure contains {"subject": w.server, "reason": sprintf("%s takes %s from %s", [w.place, w.text, h.value])} if {
	some w in wanted
	some h in forwarding.headers[w.at][w.header]
	not right(h.value)
	not wrong(h.value)
}

unsure contains {"subject": w.server, "reason": sprintf("Lua may set %s in %s", [w.text, w.place])} if {
	some w in wanted
	not forwarding.headers[w.at][w.header]
	w.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("requests come to %s through another server of the gate; what both make of the headers is not followed", [r.place])} if {
	some r in forwarding.relayed
}
