# METADATA
# title: Forwarding server is not mapped
# description: |-
#   The server exposes an endpoint that the nodes do not know as theirs, so nothing translates its answers and
#   nobody reviews it together with the map. Often it is left over from a test.
# custom:
#   severity: medium
#   fix: Add the endpoint to the proxy map, or remove the server or its listen directive.
#   controls: [XC-02, CIS-NGX-2.4.1]
#   bad: "server { listen 9443 ssl; server_name desk-a.agents.example; }   # no map line ends in :9443"
#   good: "ld-a.corp.example:9443=desk-a.agents.example:9443"
package policies.xc.server_without_map_entry

import data.policies.lib.nginx
import data.policies.lib.proxymap

subjects contains subject if {
	some subject in nginx.exposed_servers
	nginx.servers[subject].proxies
}

mapped contains [server.subject, listen.port] if {
	some record in input.nginxrules
	some server in record.servers
	some listen in server.listens
	some name in server.names
	name.kind == "exact"
	proxymap.by_external[proxymap.endpoint_id(name.name, listen.port, true)]
}

# A wildcard is mapped as soon as one host below it is.
mapped contains [server, pair.external_port] if {
	some pair in proxymap.pairs
	some s in nginx.suffixes[pair.external_port]
	nginx.suffix_covers(s.suffix, lower(pair.external.host))
	server := s.server
}

by_pattern contains server.subject if {
	some record in input.nginxrules
	some server in record.servers
	some name in server.names
	name.kind in {"regex", "trailing_wildcard"}
}

unmapped[[server.subject, listen.port]] contains listen.source if {
	some record in input.nginxrules
	some server in record.servers
	server.subject in subjects
	some listen in server.listens
	not nginx.is_local(listen.loopback, listen.address)
	not [server.subject, listen.port] in mapped
}

findings contains {
	"subject": id[0],
	"key": sprintf("%d", [id[1]]),
	"message": sprintf("no map entry leads to port %d of this server", [id[1]]),
	"sources": array.concat([s | some s in sources], [s | some s in proxymap.record_sources]),
} if {
	count(proxymap.record_sources) > 0
	some id, sources in unmapped
	not id[0] in by_pattern
}

unsure contains {"subject": id[0], "reason": sprintf("whether a map entry leads to port %d depends on a pattern in server_name", [id[1]])} if {
	some id, _ in unmapped
	id[0] in by_pattern
}
