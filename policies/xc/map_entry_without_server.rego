# METADATA
# title: Mapped endpoint has no server
# description: |-
#   Nodes hand this external endpoint to browsers, but no server block of any edge listens there under that name.
#   Agents then meet the default server, or nothing.
# custom:
#   severity: high
#   fix: Add a server with this name and listen port to the edge, or correct the external side of the entry.
#   controls: [XC-01]
#   bad: "fin-b.corp.example:8445=desk-b.agents.example:8445   # no server_name desk-b.agents.example"
#   good: "server { listen 8445 ssl; server_name desk-b.agents.example; }"
package policies.xc.map_entry_without_server

import data.policies.lib.nginx
import data.policies.lib.proxymap

subjects contains pair.subject if some pair in proxymap.pairs

unserved contains pair if {
	some pair in proxymap.pairs
	not nginx.serving(pair.external.host, pair.external_port)
}

# What an edge without a record, or a regular expression, would serve is not known.
open_question(port) if port in nginx.regex_ports

open_question(_) if count(nginx.unread_edges) > 0

findings contains {
	"subject": pair.subject,
	"key": pair.key,
	"message": sprintf("no server listens on port %d under the name %s", [pair.external_port, pair.external.host]),
	"sources": array.concat(pair.sources, [s | some s in nginx.record_sources]),
} if {
	count(nginx.record_sources) > 0
	some pair in unserved
	not open_question(pair.external_port)
}

unsure contains {"subject": pair.subject, "reason": sprintf("no exact name serves %s; a regular expression or an edge that was not read may", [pair.external_id])} if {
	some pair in unserved
	open_question(pair.external_port)
}
