# METADATA
# title: Connections to an upstream are not bounded
# description: |-
#   Nodes exempt the gate from their own limits, so that a flood which the gate passes on takes the node down for the
#   agents in the office too. A bound on the gate's connections keeps room for them.
# related_resources:
# - ref: https://nginx.org/en/docs/http/ngx_http_upstream_module.html#server
# custom:
#   severity: low
#   fix: Add max_conns to the server lines of the upstream block.
#   controls: [RATE-10]
#   bad: upstream finesse_a { server fin-a.corp.example:8445; }
#   good: upstream finesse_a { server fin-a.corp.example:8445 max_conns=2000; }
package policies.rate.upstream_unbounded

import data.policies.lib.forwarding
import data.policies.lib.hops

# used[edge]: the upstream blocks that a server of the edge forwards to.
used[record.target] contains f.upstream if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in forwarding.servers
	some location in server.locations
	some f in location.forwards
	f.upstream != ""
}

blocks := used

# direct: the hosts that are forwarded to without an upstream block.
direct[[record.target, lower(f.host), f.port]] contains f.source if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in forwarding.servers
	some location in server.locations
	some f in location.forwards
	f.upstream == ""
	not f.computed
	not hops.stays(record.target, lower(f.host), f.port)
}

subjects contains r.edge if some r in forwarding.routes

unbounded[[record.target, upstream.name, server.host, server.port]] contains server.source if {
	some record in input.nginxrules
	some upstream in record.upstreams
	upstream.name in blocks[record.target]
	some server in upstream.servers
	count([p | some p in server.params; regex.match(`^max_conns=[1-9][0-9]*$`, p)]) == 0
	not "down" in server.params
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s:%d", [id[1], id[2], id[3]]),
	"message": sprintf("connections to %s:%d of upstream %s have no max_conns", [id[2], id[3], id[1]]),
	"fix": sprintf("server %s:%d max_conns=2000;", [id[2], id[3]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in unbounded
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s:%d", [id[1], id[2]]),
	"message": sprintf("requests are passed to %s:%d without an upstream block, which alone can bound them", [id[1], id[2]]),
	"sources": [s | some s in sources],
} if {
	some id, sources in direct
}
