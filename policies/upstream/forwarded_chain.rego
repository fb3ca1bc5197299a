# METADATA
# title: Chain of forwarding addresses is broken
# description: |-
#   Nodes read X-Forwarded-For from its right end, where the gate has to stand. Without it they take the gate for the
#   client, or believe a list that the client wrote.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#var_proxy_add_x_forwarded_for
# custom:
#   severity: medium
#   fix: Set proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; in the location, or leave the server's in force.
#   controls: [UP-03]
#   bad: proxy_set_header X-Forwarded-For $http_x_forwarded_for;
#   good: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
package policies.upstream.forwarded_chain

import data.policies.lib.forwarding

subjects contains server if some server in forwarding.vendor_servers

# A chain that the gate begins anew holds the client's true address too.
right(value) if regex.match(`^(.*, ?)?\$(remote_addr|proxy_add_x_forwarded_for)(, ?\$server_addr)?$`, value)

wrong("$http_x_forwarded_for")

wrong(value) if not contains(value, "$")

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s sets X-Forwarded-For to %q, which does not end in the address that the gate saw", [r.place, texts]),
	"sources": sort([h.source | some h in wrongs]),
} if {
	some r in forwarding.direct
	wrongs := {h | some h in forwarding.headers[r.at]["x-forwarded-for"]; wrong(h.value); not right(h.value)}
	count(wrongs) > 0
	texts := concat(" and ", sort([h.value | some h in wrongs]))
}

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s does not set X-Forwarded-For, so that a client's own list reaches the node", [r.place]),
	"sources": [forwarding.first_place[r.at]],
} if {
	some r in forwarding.direct
	not forwarding.headers[r.at]["x-forwarded-for"]
	not r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("%s takes X-Forwarded-For from %s", [r.place, h.value])} if {
	some r in forwarding.direct
	some h in forwarding.headers[r.at]["x-forwarded-for"]
	not right(h.value)
	not wrong(h.value)
}

unsure contains {"subject": r.server, "reason": sprintf("Lua may set X-Forwarded-For in %s", [r.place])} if {
	some r in forwarding.direct
	not forwarding.headers[r.at]["x-forwarded-for"]
	r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("requests come to %s through another server of the gate; what both make of the headers is not followed", [r.place])} if {
	some r in forwarding.relayed
}
