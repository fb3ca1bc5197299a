# METADATA
# title: Mapped endpoint is served by two servers
# description: |-
#   Of two server blocks with the same name on the same port nginx takes the first and leaves the other without a request. An
#   edit of the second then changes nothing, and a new file that sorts earlier changes everything.
# related_resources:
# - ref: https://nginx.org/en/docs/http/server_names.html
# custom:
#   severity: medium
#   fix: Keep one server block for each name and port.
#   controls: [XC-01]
#   bad: "two servers with listen 8445 ssl; server_name desk-a.agents.example;"
#   good: "server { listen 8445 ssl; server_name desk-a.agents.example; }"
package policies.xc.endpoint_served_twice

import data.policies.lib.nginx
import data.policies.lib.proxymap

subjects contains pair.subject if some pair in proxymap.pairs

# on[entry][edge]: the servers of one edge that claim the endpoint by its name.
claims[[pair.subject, pair.external_id, edge_of(server)]] contains server if {
	some pair in proxymap.pairs
	some server in nginx.named[pair.external_port][lower(pair.external.host)]
}

edge_of(server) := concat("/", array.slice(split(server, "/"), 0, 2))

entry_sources[pair.subject] contains source if {
	some pair in proxymap.pairs
	some source in pair.sources
}

places := entry_sources

# Servers on different addresses of one port do not compete.
competing(servers) if {
	some socket in nginx.sockets
	count([s | some s in socket.servers; s in servers]) > 1
}

findings contains {
	"subject": id[0],
	"key": sprintf("%s %s", [id[1], id[2]]),
	"message": sprintf("%d servers of %s claim %s; only the first gets requests", [count(servers), id[2], id[1]]),
	"sources": array.concat([nginx.servers[s].source | some s in servers], [p | some p in places[id[0]]]),
	"fix": sprintf("Remove server_name %s from all but one of the servers on port %s.", [split(id[1], ":")[0], split(id[1], ":")[1]]),
} if {
	some id, servers in claims
	count(servers) > 1
	competing(servers)
}
