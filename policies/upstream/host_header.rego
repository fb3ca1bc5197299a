# METADATA
# title: Upstream does not get the external host and port
# description: |-
#   Finesse compares the Host header with the names of the map and answers 400 to any other. A client's own text in
#   its place lets the client choose the name under which links in the answer are written.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header
# custom:
#   severity: medium
#   fix: Set proxy_set_header Host $host:$server_port; in the location, or leave the server's in force.
#   controls: [UP-01]
#   bad: proxy_set_header Host $proxy_host;
#   good: proxy_set_header Host $host:$server_port;
package policies.upstream.host_header

import data.policies.lib.forwarding

subjects contains server if some server in forwarding.vendor_servers

right(value) if value in {"$host:$server_port", "$server_name:$server_port", "$http_host"}

right(value) if regex.match(`^[A-Za-z0-9.-]+:([0-9]{1,5}|\$server_port)$`, value)

# wrong: what is surely not the external host and port. Another variable may be.
wrong(value) if value in {"$host", "$server_name", "$proxy_host", "$proxy_host:$proxy_port", "$server_addr", ""}

wrong(value) if {
	not contains(value, "$")
	not right(value)
}

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s sends the Host header %q upstream, not the external host and port", [r.place, texts]),
	"sources": sort([h.source | some h in wrongs]),
} if {
	some r in forwarding.direct
	wrongs := {h | some h in forwarding.headers[r.at].host; wrong(h.value)}
	count(wrongs) > 0
	texts := concat(" and ", sort([h.value | some h in wrongs]))
}

findings contains {
	"subject": r.server,
	"key": r.place,
	"message": sprintf("%s sets no Host header, so that upstream gets its internal name", [r.place]),
	"sources": [forwarding.first_place[r.at]],
} if {
	some r in forwarding.direct
	not forwarding.headers[r.at].host
	not r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("%s takes the Host header from %s", [r.place, h.value])} if {
	some r in forwarding.direct
	some h in forwarding.headers[r.at].host
	not right(h.value)
	not wrong(h.value)
}

unsure contains {"subject": r.server, "reason": sprintf("Lua may set the Host header in %s", [r.place])} if {
	some r in forwarding.direct
	not forwarding.headers[r.at].host
	r.at in forwarding.scripted
}

unsure contains {"subject": r.server, "reason": sprintf("requests come to %s through another server of the gate; what both make of the headers is not followed", [r.place])} if {
	some r in forwarding.relayed
}
